ask-default-picture = Bu resimde ne var?
ask-default-text = Burada ne yazıyor? Özetle.
answer-cap-near = { $period ->
    [day] Bugünkü
   *[month] Bu ayki
} bütçende %{ $percent } eşiğini aştın.
answer-tokens = { $tokens } token
money-left = { $left } kaldı
