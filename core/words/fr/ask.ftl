ask-default-picture = Qu’y a-t-il sur cette image ?
ask-default-text = Que dit ce texte ? Résume-le.
answer-cap-near = Tu as utilisé plus de { $percent } % de ton budget pour { $period ->
    [day] aujourd’hui
   *[month] ce mois-ci
}.
answer-tokens = { $tokens ->
    [one] { $tokens } token
    [many] { $tokens } de tokens
   *[other] { $tokens } tokens
}
money-left = il reste { $left }
