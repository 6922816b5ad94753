imagine-ordering = Замовляю… { $price }{ $knows ->
    [yes] , тоді в тебе залишиться { $left }.
   *[no] .
}
imagine-in-line = У черзі, місце { $place }. { $price }{ $knows ->
    [yes] , тоді в тебе залишиться { $left }.
   *[no] .
}
imagine-painting = Малюю… { $elapsed } с
imagine-painting-expected = Малюю… { $elapsed } с із приблизно { $expected } с
imagine-stuck = Бот зараз нічого не може зберегти. Картинка надійде, щойно це вдасться, і буде оплачена лише один раз.
imagine-left = Бот і досі нічого не може зберегти. Картинка надійде іншим разом, коли це вдасться, і буде оплачена лише один раз.
imagine-unknown-money = { $refunded ->
    [yes] Гроші з тебе не знято.
   *[no] Гроші з тебе знято; повернути їх може адміністратор бота.
}
imagine-from-earlier = { $count ->
    [one] { $count } картинка — з попередніх замовлень; тоді її не вдалося надіслати.
    [few] { $count } картинки — з попередніх замовлень; тоді їх не вдалося надіслати.
    [many] { $count } картинок — з попередніх замовлень; тоді їх не вдалося надіслати.
   *[other] { $count } картинки — з попередніх замовлень; тоді їх не вдалося надіслати.
}
imagine-no-pictures = Картинки тут надсилати не можна. Надішли мені /usage в особистому чаті, і я віддам твою.
imagine-no-pictures-adult = Картинки тут надсилати не можна. Надішли мені /usage там, де діє вікове обмеження й картинки дозволені, і я віддам твою.
imagine-no-files = Файли тут надсилати не можна.
imagine-cancelled = Скасовано. Гроші з тебе не знято.
imagine-too-late = Скасовувати вже пізно: картинка малюється, і її оплачено.
imagine-pick-shape = Який формат? Це коштує { $price }.
imagine-detail-model = Модель
imagine-detail-size = Розмір
imagine-detail-steps = Кроки
imagine-detail-cfg = Точність за описом
imagine-detail-scheduler = Метод
imagine-detail-price = Ціна
imagine-detail-negative = Без цього
shape-square = Квадрат
shape-portrait = Портретний
shape-landscape = Альбомний
shape-wide = Широкий
shape-tall = Високий
shape-small = Малий
action-again = Ще раз ({ $price })
action-vary = Інакше
action-shape = Формат
action-details = Подробиці
action-file = Файлом
action-cancel = Скасувати
action-delete = Видалити
easel-note = Як намалювати? Нічого не буде сплачено, доки не натиснеш «Намалювати».
imagine-words-alone = Я малюю лише за словами. Надішли опис без картинки.
easel-words-alone = Я малюю лише за словами: картинка не використовується.
easel-paint = Намалювати · { $price }
easel-shape = Який формат?
easel-model = Яка модель?
easel-steps = Скільки кроків? Більше кроків — більше деталей.
easel-steps-now = { $steps ->
    [one] { $steps } крок
    [few] { $steps } кроки
    [many] { $steps } кроків
   *[other] { $steps } кроку
}
easel-style = Наскільки точно дотримуватися твоїх слів?
easel-style-free = Вільний стиль
easel-style-loose = Гнучкий стиль
easel-style-close = Близько до моїх слів
easel-style-strict = Слово в слово
easel-count = Скільки картинок?
easel-count-now = { $count ->
    [one] { $count } картинка
    [few] { $count } картинки
    [many] { $count } картинок
   *[other] { $count } картинки
}
easel-back = « Назад
easel-over = Це вже замовлено, або воно застаріле. Почни заново.
imagine-some = Готово картинок: { $made } із { $count }.
