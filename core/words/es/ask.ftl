ask-default-picture = ¿Qué hay en esta imagen?
ask-default-text = ¿Qué dice aquí? Resúmelo.
answer-cap-near = Has usado más del { $percent } % de tu límite { $period ->
    [day] de hoy
   *[month] de este mes
}.
answer-tokens = { $tokens ->
    [one] { $tokens } token
    [many] { $tokens } de tokens
   *[other] { $tokens } tokens
}
money-left = quedan { $left }
