# Деньги: ошибки при вводе в /admin, связывание аккаунтов и диаграмма.
cap-change = Напиши так: user:ID daily 0.50 monthly 5. Вместо суммы можно «off» или «default»; ИМЯ reset отменяет всё.
cap-change-whole = Напиши так: discord:ID daily 0.50 monthly 5. Вместо суммы можно «off» или «default»; ИМЯ reset отменяет всё.
credit-change = Напиши так: user:ID 5. Сумма — в долларах США.{ $platform ->
    [telegram] {" "}Или отправь команду ответом на сообщение этого человека.
   *[other] {""}
}
cap-amount = «{ $value }» — не сумма в долларах вроде 0.50.
cap-amount-unclear = «{ $value }» можно понять двояко. Напиши { $decimals } или { $thousands }.
cap-name = «{ $name }» — не имя вроде user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID или all
   *[no] {" "}или chat:ID
}.
cap-name-whole = «{ $name }» — не имя вроде discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID или all
   *[no] {" "}или telegram:chat:ID
}.
cap-person = «{ $name }» — не имя человека вроде user:ID.
cap-person-whole = «{ $name }» — не имя человека вроде discord:ID, telegram:ID, web:SESSION или terminal:LOGIN.
cap-channel = Деньги считаются не по каналам, а по людям и по серверам. Напиши user:ID, role:ID или guild:ID.
name-missing = Напиши после команды, о ком речь: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} или chat:ID.{ $platform ->
    [telegram] {" "}Или отправь команду ответом на сообщение этого человека.
   *[other] {""}
}
link-unknown = Такого кода нет. Код действует один раз в течение десяти минут; новый даст /link.
link-self = Это твой собственный код. Введи его с другого аккаунта.
link-already = У обоих аккаунтов уже общий кошелёк.
link-many = У этого кошелька уже максимум аккаунтов.
link-tries = Слишком много неверных кодов. Подожди десять минут и возьми новый командой /link.
refund-which = Напиши после команды номер запроса из журнала операций.
refund-unknown = Такого запроса нет, или он слишком давний для возврата.
refund-open = Этот запрос ещё не завершён.
refund-nothing = Этот запрос ничего не стоил, или деньги за него уже возвращены.
audit-trimmed = Журнал операций сократился, пока его читали. Попробуй ещё раз.
chart-title = { $days ->
    [1] Потрачено сегодня
    [one] Потрачено за последний { $days } день
    [few] Потрачено за последние { $days } дня
    [many] Потрачено за последние { $days } дней
   *[other] Потрачено за последние { $days } дня
}
chart-total = всего { $total }
chart-day = { $day } { $month ->
    [1] янв.
    [2] февр.
    [3] марта
    [4] апр.
    [5] мая
    [6] июня
    [7] июля
    [8] авг.
    [9] сент.
    [10] окт.
    [11] нояб.
   *[12] дек.
}
chart-words = Потрачено за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}: { $total }, больше всего { $day }: { $most }.
chart-nothing = За { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
} ничего не потрачено.
