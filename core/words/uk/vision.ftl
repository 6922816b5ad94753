# Картинки й файли, які не підходять: який саме, чому і що робити.
# $number дорівнює 0, коли файл лише один.
attachment-too-big = Файл «{ $name }» завеликий; можна до { $mib } МБ.
attachment-gone = Цього файлу вже немає. Прикріпи його ще раз.
too-many-files = Забагато файлів одразу ({ $count }, а можна до { $most }). Надішли менше.
files-too-big = Разом ці файли завеликі; можна до { $most } МБ. Надішли менше.
file-empty = { $number ->
    [0] Файл порожній.
   *[other] Файл { $number } порожній.
} Прикріпи його ще раз.
file-wrong-type = { $number ->
    [0] Цей файл
   *[other] Файл { $number }
} не вдасться прочитати ({ $name }). Підходять картинки (PNG, JPEG, WEBP, GIF), текст, код і PDF.
text-wrong-letters = { $number ->
    [0] Цей файл
   *[other] Файл { $number }
} — текст у невідомому кодуванні ({ $name }). Збережи його в UTF-8 і надішли ще раз.
picture-wrong-type = { $number ->
    [0] Картинка
   *[other] Картинка { $number }
} — не PNG, JPEG, WEBP чи GIF ({ $kind }). Надішли її в одному з цих форматів.
picture-broken = { $number ->
    [0] Картинка
   *[other] Картинка { $number }
} пошкоджена або неповна. Надішли її ще раз або спершу збережи заново.
picture-too-large = { $number ->
    [0] У картинці
   *[other] У картинці { $number }
} забагато пікселів; можна до { $most ->
    [one] { $most } мегапікселя
    [few] { $most } мегапікселів
    [many] { $most } мегапікселів
   *[other] { $most } мегапікселя
}. Зменш її.
picture-too-long = { $number ->
    [0] Картинка
   *[other] Картинка { $number }
} задовга; сторона може мати до { $most ->
    [one] { $most } пікселя
    [few] { $most } пікселів
    [many] { $most } пікселів
   *[other] { $most } пікселя
}. Надішли ту частину, яка важлива.
picture-blind-model = { $model } не бачить картинок. Обери іншу модель командою /model.
picture-left-out = Модель більше не бачить { $count ->
    [one] { $count } попередньої картинки.
    [few] { $count } попередніх картинок.
    [many] { $count } попередніх картинок.
   *[other] { $count } попередньої картинки.
}
pdf-broken = { $number ->
    [0] Файл PDF
   *[other] Файл { $number } (PDF)
} пошкоджений. Збережи його заново або встав текст.
pdf-locked = { $number ->
    [0] Файл PDF
   *[other] Файл { $number } (PDF)
} захищений паролем. Надішли його без пароля.
pdf-no-text = { $number ->
    [0] У файлі PDF
   *[other] У файлі { $number } (PDF)
} немає тексту, лише його зображення. Надішли сторінки картинками.
pdf-too-hard = { $number ->
    [0] Файл PDF
   *[other] Файл { $number } (PDF)
} надто складний для читання. Надішли потрібні сторінки або встав текст.
