ask-default-picture = Что на этой картинке?
ask-default-text = Что здесь написано? Перескажи кратко.
answer-cap-near = Израсходовано более { $percent } % твоего бюджета { $period ->
    [day] на сегодня
   *[month] на этот месяц
}.
answer-tokens = { $tokens ->
    [one] { $tokens } токен
    [few] { $tokens } токена
    [many] { $tokens } токенов
   *[other] { $tokens } токена
}
money-left = осталось { $left }
