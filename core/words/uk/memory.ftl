# Розмови, персонажі, що запам’ятовується і що стирається.
persona-default = Помічник
persona-default-detail = Допомагає й говорить по суті
persona-brief = Коротко
persona-brief-detail = Від одного до трьох речень, не більше
persona-tutor = Репетитор
persona-tutor-detail = Пояснює крок за кроком і дає дійти до відповіді самостійно
persona-coder = Програміст
persona-coder-detail = Перевіряє і пише код
persona-own = Твої власні інструкції
persona-own-detail = Твої слова про те, як має говорити бот
persona-of-chat = Зроблено для цього чату
prompt-too-long = Ці інструкції задовгі (символів: { $length }, а можна до { $most }). Скороти їх.
too-many-personas = Цей чат уже має найбільшу кількість власних персонажів: { $most }. Спершу прибери когось із них.
memory-new = Нова розмова. Те, що було сказано раніше, до неї не входить.
memory-forgotten = Стерто: { $what }. Із твоїх витрат зберігаються лише суми.
forgotten-exchanges = { $count ->
    [one] { $count } запитання з відповіддю
    [few] { $count } запитання з відповідями
    [many] { $count } запитань із відповідями
   *[other] { $count } запитання з відповідями
}
forgotten-pictures = { $count ->
    [one] { $count } картинку
    [few] { $count } картинки
    [many] { $count } картинок
   *[other] { $count } картинки
}
forgotten-settings = { $count ->
    [one] { $count } налаштування
    [few] { $count } налаштування
    [many] { $count } налаштувань
   *[other] { $count } налаштування
}
forgotten-orders = { $count ->
    [one] { $count } замовлення
    [few] { $count } замовлення
    [many] { $count } замовлень
   *[other] { $count } замовлення
}
memory-nothing = Про тебе не було чого стирати. Із твоїх витрат зберігаються лише суми.
