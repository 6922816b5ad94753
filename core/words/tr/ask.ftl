ask-default-picture = Bu resimde ne var?
ask-default-text = Burada ne yazıyor? Özetle.
answer-cap-near = Bütçenin %{ $percent } kadarından fazlasını kullandın.
answer-tokens = { $tokens } token
money-left = { $left } kaldı
