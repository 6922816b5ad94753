ask-default-picture = Що на цій картинці?
ask-default-text = Що тут написано? Перекажи коротко.
answer-cap-near = Використано понад { $percent } % твого бюджету { $period ->
    [day] на сьогодні
   *[month] на цей місяць
}.
answer-tokens = { $tokens ->
    [one] { $tokens } токен
    [few] { $tokens } токени
    [many] { $tokens } токенів
   *[other] { $tokens } токена
}
money-left = залишилося { $left }
