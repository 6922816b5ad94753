ask-default-picture = Bu resimde ne var?
ask-default-text = Burada ne yazıyor? Özetle.
answer-cap-near = Bütçende %{ $percent } eşiğini aştın.
answer-tokens = { $tokens } token
money-left = { $left } kaldı
