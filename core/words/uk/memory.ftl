# Розмови, персонажі, що запам’ятовується і що стирається.
persona-default = Помічник
persona-default-detail = Допомагає й говорить по суті
persona-brief = Коротко
persona-brief-detail = Від одного до трьох речень, не більше
persona-tutor = Репетитор
persona-tutor-detail = Пояснює крок за кроком і дає дійти до відповіді самостійно
persona-coder = Програміст
persona-coder-detail = Перевіряє і пише код
persona-own = Мої власні інструкції
persona-own-detail = Твої слова про те, як має говорити бот
persona-of-chat = Зроблено для цього чату
prompt-too-long = Ці інструкції задовгі (символів: { $length }, а можна до { $most }). Скороти їх.
too-many-personas = Цей чат уже має найбільшу кількість власних персонажів: { $most }. Спершу прибери когось із них.
memory-new = Нова розмова. Те, що було сказано раніше, до неї не входить.
memory-forgotten = Стерто: { $turns ->
    [one] { $turns } запитання з відповіддю
    [few] { $turns } запитання з відповідями
    [many] { $turns } запитань із відповідями
   *[other] { $turns } запитання з відповідями
}, { $pictures ->
    [one] { $pictures } картинку
    [few] { $pictures } картинки
    [many] { $pictures } картинок
   *[other] { $pictures } картинки
}, { $settings ->
    [one] { $settings } налаштування
    [few] { $settings } налаштування
    [many] { $settings } налаштувань
   *[other] { $settings } налаштування
}{ $orders ->
    [0] {""}
    [one] , { $orders } замовлення
    [few] , { $orders } замовлення
    [many] , { $orders } замовлень
   *[other] , { $orders } замовлення
}. Із твоїх витрат зберігаються лише суми.
memory-nothing = Про тебе не було чого стирати. Із твоїх витрат зберігаються лише суми.
