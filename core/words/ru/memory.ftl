# Разговоры, персонажи, что запоминается и что стирается.
persona-default = Помощник
persona-default-detail = Помогает и говорит по делу
persona-brief = Кратко
persona-brief-detail = От одного до трёх предложений, не больше
persona-tutor = Наставник
persona-tutor-detail = Объясняет по шагам и даёт дойти до ответа самостоятельно
persona-coder = Программист
persona-coder-detail = Проверяет и пишет код
persona-own = Твои собственные инструкции
persona-own-detail = Твои указания боту о том, как разговаривать
persona-of-chat = Создан для этого чата
prompt-too-long = Эти инструкции слишком длинные (символов: { $length }, можно до { $most }). Сократи их.
too-many-personas = У этого чата уже столько своих персонажей, сколько можно: { $most }. Сначала удали одного.
memory-new = Новый разговор. Сказанное раньше в него не входит.
memory-forgotten = Стёрто: { $what }. От твоих трат остались только суммы.
forgotten-exchanges = { $count ->
    [one] { $count } вопрос с ответом
    [few] { $count } вопроса с ответами
    [many] { $count } вопросов с ответами
   *[other] { $count } вопроса с ответами
}
forgotten-pictures = { $count ->
    [one] { $count } картинка
    [few] { $count } картинки
    [many] { $count } картинок
   *[other] { $count } картинки
}
forgotten-settings = { $count ->
    [one] { $count } настройка
    [few] { $count } настройки
    [many] { $count } настроек
   *[other] { $count } настройки
}
forgotten-orders = { $count ->
    [one] { $count } заказ
    [few] { $count } заказа
    [many] { $count } заказов
   *[other] { $count } заказа
}
memory-nothing = Стирать о тебе было нечего. От твоих трат остались только суммы.
