imagine-ordering = Оформляю заказ… { $price }{ $knows ->
    [yes] , потом останется { $left }.
   *[no] .
}
imagine-in-line = В очереди, место { $place }. { $price }{ $knows ->
    [yes] , потом останется { $left }.
   *[no] .
}
imagine-painting = Рисую… { $elapsed } с
imagine-painting-expected = Рисую… { $elapsed } с, обычно около { $expected } с
imagine-stuck = Бот сейчас ничего не может сохранить. Картинка придёт, как только это получится, и будет оплачена только один раз.
imagine-left = Бот по-прежнему ничего не может сохранить. Картинка придёт в другой раз, когда это получится, и будет оплачена только один раз.
imagine-unknown-money = { $refunded ->
    [yes] Деньги не списаны.
   *[no] Деньги списаны; владелец бота может их вернуть.
}
imagine-from-earlier = { $count ->
    [1] Одна картинка — из прошлого заказа; тогда её не удалось доставить.
    [one] { $count } картинка — из прошлых заказов; тогда её не удалось доставить.
    [few] { $count } картинки — из прошлых заказов; тогда их не удалось доставить.
    [many] { $count } картинок — из прошлых заказов; тогда их не удалось доставить.
   *[other] { $count } картинки — из прошлых заказов; тогда их не удалось доставить.
}
imagine-no-pictures = Картинки здесь отправлять нельзя. Пришли мне /usage в личном чате, и я отдам твою.
imagine-no-pictures-adult = Картинки здесь отправлять нельзя. Пришли мне /usage в чате с возрастным ограничением, где картинки разрешены, и я отдам твою.
imagine-no-files = Файлы здесь отправлять нельзя.
imagine-cancelled = Отменено. Деньги не списаны.
imagine-too-late = Отменять поздно: картинка уже рисуется и оплачена.
imagine-pick-shape = Какой формат? Это стоит { $price }.
imagine-detail-model = Модель
imagine-detail-size = Размер
imagine-detail-steps = Шаги
imagine-detail-cfg = Близость к описанию
imagine-detail-scheduler = Метод
imagine-detail-price = Цена
imagine-detail-negative = Без
shape-square = Квадрат
shape-portrait = Портретный
shape-landscape = Альбомный
shape-wide = Широкий
shape-tall = Высокий
shape-small = Малый
action-again = Ещё раз ({ $price })
action-vary = Изменить
action-shape = Формат
action-details = Детали
action-file = Файлом
action-cancel = Отмена
action-delete = Удалить
easel-note = Как нарисовать? Ничего не оплачивается, пока не нажмёшь «Нарисовать».
imagine-words-alone = Я рисую только по словам. Отправь описание без картинки.
easel-words-alone = Я рисую только по словам: картинка не используется.
easel-paint = Нарисовать · { $price }
easel-shape = Какой формат?
easel-model = Какая модель?
easel-steps = Сколько шагов? Больше шагов — больше деталей.
easel-steps-now = { $steps ->
    [one] { $steps } шаг
    [few] { $steps } шага
    [many] { $steps } шагов
   *[other] { $steps } шага
}
easel-style = Насколько точно следовать твоим словам?
easel-style-free = Свободный стиль
easel-style-loose = Нестрогий стиль
easel-style-close = Близко к моим словам
easel-style-strict = Слово в слово
easel-count = Сколько картинок?
easel-count-now = { $count ->
    [one] { $count } картинка
    [few] { $count } картинки
    [many] { $count } картинок
   *[other] { $count } картинки
}
easel-back = « Назад
easel-over = Это уже заказано или слишком старое. Спроси заново.
imagine-some = Готово картинок: { $made } из { $count }.
