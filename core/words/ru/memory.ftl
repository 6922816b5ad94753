# Разговоры, персонажи, что запоминается и что стирается.
persona-default = Помощник
persona-default-detail = Помогает и говорит по делу
persona-brief = Кратко
persona-brief-detail = От одного до трёх предложений, не больше
persona-tutor = Наставник
persona-tutor-detail = Объясняет по шагам и даёт дойти до ответа самостоятельно
persona-coder = Программист
persona-coder-detail = Проверяет и пишет код
persona-own = Мои собственные инструкции
persona-own-detail = Твои указания боту о том, как разговаривать
persona-of-chat = Создан для этого чата
prompt-too-long = Эти инструкции слишком длинные (символов: { $length }, можно до { $most }). Сократи их.
too-many-personas = У этого чата уже столько своих персонажей, сколько можно: { $most }. Сначала удали одного.
memory-new = Новый разговор. Сказанное раньше в него не входит.
memory-forgotten = Стёрто: { $turns ->
    [one] { $turns } вопрос с ответом
    [few] { $turns } вопроса с ответами
    [many] { $turns } вопросов с ответами
   *[other] { $turns } вопроса с ответами
}, { $pictures ->
    [one] { $pictures } картинка
    [few] { $pictures } картинки
    [many] { $pictures } картинок
   *[other] { $pictures } картинки
}, { $settings ->
    [one] { $settings } настройка
    [few] { $settings } настройки
    [many] { $settings } настроек
   *[other] { $settings } настройки
}{ $orders ->
    [0] {""}
    [one] , { $orders } заказ
    [few] , { $orders } заказа
    [many] , { $orders } заказов
   *[other] , { $orders } заказа
}. От твоих трат остались только суммы.
memory-nothing = Стирать о тебе было нечего. От твоих трат остались только суммы.
