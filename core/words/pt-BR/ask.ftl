ask-default-picture = O que tem nesta imagem?
ask-default-text = O que diz este texto? Faça um resumo.
answer-cap-near = Você usou mais de { $percent }% do seu limite { $period ->
    [day] de hoje
   *[month] deste mês
}.
answer-tokens = { $tokens ->
    [one] { $tokens } token
    [many] { $tokens } de tokens
   *[other] { $tokens } tokens
}
money-left = restam { $left }
