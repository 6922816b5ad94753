# Гроші: що адміністратори пишуть неправильно, спільний гаманець і діаграма.
cap-change = Напиши так: user:ID daily 0.50 monthly 5. Замість суми може бути «off» або «default»; НАЗВА reset скасовує все.
cap-change-whole = Напиши так: discord:ID daily 0.50 monthly 5. Замість суми може бути «off» або «default»; НАЗВА reset скасовує все.
credit-change = Напиши так: user:ID 5. Сума — у доларах США.{ $platform ->
    [telegram] {" "}Або надішли команду відповіддю на повідомлення цієї людини.
   *[other] {""}
}
cap-amount = «{ $value }» — не сума в доларах, як-от 0.50.
cap-amount-unclear = «{ $value }» можна зрозуміти двояко. Напиши { $decimals } або { $thousands }.
cap-name = «{ $name }» — не назва на зразок user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID чи all
   *[no] {" "}чи chat:ID
}.
cap-name-whole = «{ $name }» — не назва на зразок discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID чи all
   *[no] {" "}чи telegram:chat:ID
}.
cap-person = «{ $name }» — не ім’я людини на зразок user:ID.
cap-person-whole = «{ $name }» — не ім’я людини на зразок discord:ID, telegram:ID, web:SESSION чи terminal:LOGIN.
cap-channel = Гроші рахуються не за каналами, а за людьми та серверами. Напиши user:ID, role:ID або guild:ID.
name-missing = Напиши після команди, про кого йдеться: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} або chat:ID.{ $platform ->
    [telegram] {" "}Або надішли команду відповіддю на повідомлення цієї людини.
   *[other] {""}
}
link-unknown = Такого коду немає. Код діє один раз протягом десяти хвилин; візьми новий командою /link.
link-self = Це твій власний код. Введи його з іншого свого облікового запису.
link-already = В обох облікових записів уже один гаманець.
link-many = У цього гаманця вже максимум облікових записів.
link-tries = Забагато хибних кодів. Зачекай десять хвилин і візьми новий командою /link.
refund-which = Напиши після команди ID запиту з журналу витрат.
refund-unknown = Цей запит невідомий або надто давній, щоб повернути за нього гроші.
refund-open = Цей запит ще не завершено.
refund-nothing = Цей запит нічого не коштував, або гроші за нього вже повернено.
audit-trimmed = Журнал витрат скоротився, поки його читали. Спробуй ще раз.
chart-title = { $days ->
    [1] Витрачено сьогодні
    [one] Витрачено за останній { $days } день
    [few] Витрачено за останні { $days } дні
    [many] Витрачено за останні { $days } днів
   *[other] Витрачено за останні { $days } дня
}
chart-total = Усього { $total }
chart-day = { $day } { $month ->
    [1] січ.
    [2] лют.
    [3] бер.
    [4] квіт.
    [5] трав.
    [6] черв.
    [7] лип.
    [8] серп.
    [9] вер.
    [10] жовт.
    [11] лист.
   *[12] груд.
}
chart-words = Витрачено за { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
}: { $total }, найбільше { $day }: { $most }.
chart-nothing = За { $days ->
    [one] останній { $days } день
    [few] останні { $days } дні
    [many] останні { $days } днів
   *[other] останні { $days } дня
} нічого не витрачено.
