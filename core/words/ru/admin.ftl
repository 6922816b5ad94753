# Для тех, кто управляет ботом: что говорит /admin и личные предупреждения.
admin-granted = У { $who } теперь есть дополнительные средства: { $credit }.
admin-refunded = Возвращено: { $amount }.
admin-allowed = { $who } может пользоваться ботом.
admin-denied = { $who } больше не может пользоваться ботом.
deny-admin = { $who } — администратор, а администраторам доступ закрыть нельзя. Сначала убери его из ADMINS.
admin-in-settings = { $who } есть в DENY в настройках. Вернуть доступ можно только там.
admin-blocked = Чего нельзя писать в описании картинки:
admin-nothing-blocked = Командой /admin block не запрещено ни одного слова.
not-blocked = «{ $words }» нет в списке.
too-many-blocked = Записей может быть не больше { $most }. Сначала убери одну.
admin-none = Не задано
admin-persona-pick = Как мне разговаривать здесь со всеми, кто ничего не выбрал?
admin-persona-set = Персонаж здесь: { $name }.
admin-persona-none = Персонаж здесь больше не задан.
admin-persona-made = Теперь здесь есть персонаж { $name }.
admin-persona-gone = Персонажа { $name } здесь больше нет.
persona-name = «{ $name }» не подходит как имя персонажа: нужно одно короткое слово без двоеточия.
unknown-persona = Персонажа «{ $name }» здесь нет. Есть: { $known }.
admin-model-pick = Какая модель должна отвечать здесь всем, кто ничего не выбрал? Цены указаны за миллион токенов.
admin-model-set = Модель здесь: { $name }.
admin-model-none = Модель здесь больше не задана.
admin-announced = Каждый увидит это один раз под своим следующим ответом: { $text }
admin-unannounced = Объявлений нет.
announcement = От владельца бота: { $text }
admin-status = Ответы в работе: { $answers }. Картинки: рисуется { $painting }, в очереди { $waiting }. Хранилище отвечает за { $store } мс. Общие расходы: { $today } сегодня, { $month } в этом месяце.
alert-key-refused = MiniToolAI не принимает ключ ({ $cause }). Никто не получит ответов, пока не исправлен MINITOOLAI_API_KEY.
alert-balance-gone = Баланс MiniToolAI исчерпан ({ $cause }). Никто не получит ответов, пока он не пополнен.
alert-model-gone = У MiniToolAI нет модели { $model } ({ $cause }). Укажи в настройках другую; если не работает ни одна, проверь MINITOOLAI_BASE_URL.
alert-store-away = Хранилище не отвечает ({ $cause }). Пока это так, ничего не тратится и никто не получает ответов.
alert-store-not-durable = { $why ->
    [evicts] Хранилище может вытеснить оплаченные данные: задай maxmemory-policy noeviction.
    [write-failed] Хранилище не может записать данные на диск. Всё, что оно не смогло записать, например траты с этого момента, пропадёт, когда оно остановится.
    [full] Хранилище почти заполнено: дай ему больше памяти. Когда оно заполнится, ничего не будет тратиться и никто не получит ответов.
   *[no-appendonly] Хранилище ничего не сохранит, если остановится: задай appendonly yes.
}
alert-cap-near = Общий бюджет { $period ->
    [day] на сегодня
   *[month] на этот месяц
} ({ $cap }) израсходован на { $percent } %. Увеличь его командой /admin caps all { $period ->
    [day] daily
   *[month] monthly
} СУММА, иначе скоро начнутся отказы.
alert-cap-used = Общий бюджет { $period ->
    [day] на сегодня
   *[month] на этот месяц
} исчерпан: люди получают отказы. Увеличь его командой /admin caps all { $period ->
    [day] daily
   *[month] monthly
} СУММА.
alert-overrun = Запрос { $request } стоил { $spent } — больше, чем было в резерве ({ $held }). Учтено полностью. Сравни цены и пределы в каталоге с тем, что выставляет MiniToolAI; вернуть можно командой /admin refund.
alert-books-differ = { $count ->
    [one] { $count } итог не сходится
    [few] { $count } итога не сходятся
    [many] { $count } итогов не сходятся
   *[other] { $count } итога не сходятся
} с суммой журнала операций. Подробности покажет: minitool-bots audit
