# Для тих, хто керує ботом: що каже /admin, і сповіщення їм в особисті повідомлення.
admin-granted = { $who } тепер має { $credit } додаткових коштів.
admin-refunded = Повернено: { $amount }.
admin-allowed = { $who } може користуватися ботом.
admin-denied = { $who } більше не може користуватися ботом.
deny-admin = { $who } — адміністратор, а адміністраторам закрити доступ не можна. Спершу прибери його з ADMINS.
admin-in-settings = { $who } є в параметрі DENY. Повернути доступ можна, лише змінивши цей параметр.
admin-blocked = В описі картинки не може бути:
admin-nothing-blocked = Командою /admin block не заблоковано жодного слова.
not-blocked = «{ $words }» немає в списку.
too-many-blocked = Записів може бути щонайбільше { $most }. Спершу прибери якийсь із них.
admin-none = Не задано
admin-persona-pick = Як мені говорити тут з усіма, хто нічого не обрав?
admin-persona-set = Персонаж тут: { $name }.
admin-persona-none = Персонаж тут більше не заданий.
admin-persona-made = Тепер тут є персонаж { $name }.
admin-persona-gone = Персонажа { $name } тут більше немає.
persona-name = «{ $name }» не годиться для імені персонажа: потрібне одне коротке слово без двокрапки.
unknown-persona = Персонажа «{ $name }» тут немає. Є такі: { $known }.
admin-model-pick = Яка модель має тут відповідати всім, хто нічого не обрав? Ціни — за мільйон токенів.
admin-model-set = Модель тут: { $name }.
admin-model-none = Модель тут більше не задана.
admin-announced = Кожен прочитає це один раз, під наступною відповіддю бота: { $text }
admin-unannounced = Оголошень немає.
announcement = Від адміністратора бота: { $text }
admin-status = Відповідей у роботі: { $answers }. Картинки: малюється { $painting }, у черзі { $waiting }. Сховище відповідає за { $store } мс. Усі разом витратили: { $today } сьогодні, { $month } цього місяця.
alert-key-refused = MiniToolAI не приймає ключ ({ $cause }). Доки MINITOOLAI_API_KEY неправильний, ніхто не отримує відповідей.
alert-balance-gone = Баланс MiniToolAI вичерпано ({ $cause }). Доки його не поповнено, ніхто не отримує відповідей.
alert-model-gone = У MiniToolAI немає моделі { $model } ({ $cause }). Вкажи в параметрах іншу; якщо не працює жодна, перевір MINITOOLAI_BASE_URL.
alert-store-away = Сховище не відповідає ({ $cause }). Доки воно мовчить, нічого не витрачається, тож ніхто не отримує відповідей.
alert-store-not-durable = { $why ->
    [evicts] Сховище може викинути те, за що вже заплачено: встанови для maxmemory-policy значення noeviction.
    [write-failed] Сховище не може записувати на диск. Усе, чого воно не зможе записати, як-от подальші витрати, зникне, коли воно зупиниться.
    [full] Сховище майже заповнене: дай йому більше пам’яті. Коли воно заповниться, нічого не витрачатиметься, тож ніхто не отримає відповідей.
   *[no-appendonly] Сховище нічого не збереже, якщо зупиниться: встанови для appendonly значення yes.
}
alert-cap-near = Спільний бюджет { $period ->
    [day] на сьогодні
   *[month] на цей місяць
}: використано { $percent } % із { $cap }. Підвищ ліміт командою /admin caps all { $period ->
    [day] daily
   *[month] monthly
} СУМА, інакше бот скоро почне відмовляти людям.
alert-cap-used = Спільний бюджет { $period ->
    [day] на сьогодні
   *[month] на цей місяць
} вичерпано: бот відмовляє людям. Підвищ ліміт командою /admin caps all { $period ->
    [day] daily
   *[month] monthly
} СУМА.
alert-overrun = Запит { $request } коштував { $spent } — більше, ніж було зарезервовано ({ $held }). Враховано повністю. Порівняй ціни й межі в каталозі з тим, що виставляє MiniToolAI; повернути можна командою /admin refund.
alert-books-differ = { $count ->
    [one] { $count } підсумок не збігається
    [few] { $count } підсумки не збігаються
    [many] { $count } підсумків не збігаються
   *[other] { $count } підсумку не збігаються
} із сумою журналу витрат. Які саме, покаже: minitool-bots audit
