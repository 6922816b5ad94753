ask-default-picture = Was ist auf diesem Bild?
ask-default-text = Was steht hier? Fasse es zusammen.
answer-cap-near = Du hast über { $percent } % deines Budgets für { $period ->
    [day] heute
   *[month] diesen Monat
} verbraucht.
answer-tokens = { $tokens } Tokens
money-left = noch { $left }
