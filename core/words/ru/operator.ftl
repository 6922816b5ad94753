# Страницы управления ботом.
operator-title = Управление
operator-skip = Перейти к содержанию
operator-simulated = Здесь ничего не оплачивалось.
operator-nav = Страницы
operator-nav-overview = Обзор
operator-nav-spend = Расходы
operator-nav-people = Пользователи
operator-nav-chats = Чаты
operator-nav-caps = Лимиты
operator-nav-access = Доступ
operator-nav-personas = Персонажи
operator-nav-catalogue = Цены
operator-nav-settings = Конфигурация
operator-nav-trail = История изменений
operator-login = Вход
operator-login-about = Эти страницы показывают, сколько тратит этот бот и кому можно им пользоваться.
operator-login-go = Войти
operator-login-wrong = Пароль неверный.
operator-login-busy = Слишком много попыток. Попробуй ещё раз { $wait }.
operator-password = Пароль
operator-logout = Выйти
operator-refused = Эта форма больше не действует
operator-refused-about = Она пришла с другой страницы или была открыта слишком долго. Ничего не изменилось.
operator-away = Хранилище недоступно
operator-away-about = Оно не отвечает, поэтому показать нечего и ничего не тратится. Попробуй ещё раз чуть позже.
operator-again = Попробовать ещё раз

operator-today = Сегодня
operator-month = В этом месяце
operator-of = / { $cap }
operator-of-cap = { $percent } % от { $cap }
operator-no-cap = Без лимита
operator-nothing-allowed = Ничего не разрешено
operator-held = в резерве { $amount }
operator-live-answer = Ответы в работе
operator-live-picture = Картинки в работе
operator-oldest = Дольше всего: { $age }
operator-quiet = Всё спокойно
operator-announced = Объявление: { $text }
operator-live = В работе
operator-live-on = Автообновление
operator-live-about = Обновляет числа ниже, пока страница открыта
operator-live-none = Сейчас ничего не пишется и не рисуется.
operator-doing-waiting = В очереди
operator-doing-painting = Рисуется
operator-doing-delivering = Доставляется
operator-more = И ещё { $n }.
operator-what = Что
operator-who = Кто
operator-where = Где
operator-age = Время
operator-age-seconds = { $n } с
operator-age-minutes = { $n } мин
operator-age-hours = { $n } ч
operator-age-days = { $n } дн.
operator-last = Последний раз: { $age } назад
operator-troubles = Ошибки за последний час
operator-troubles-none = За последний час ошибок не было.
operator-trouble-unreachable = MiniToolAI не отвечает.
operator-trouble-throttled = MiniToolAI просит нас сбавить темп.
operator-trouble-rejected = MiniToolAI отклоняет отдельные запросы.
operator-trouble-no-model = У MiniToolAI нет запрошенной модели.
operator-trouble-stream-cut = Ответы обрываются, не дойдя до конца.
operator-trouble-job-failed = Картинки не удаётся нарисовать. Деньги ни у кого не списаны.
operator-trouble-job-late = Картинки не приходят вовремя.
operator-trouble-job-unknown = Неизвестно, дошли ли заказы на картинки.
operator-trouble-bad-key = MiniToolAI не принимает ключ, или баланс исчерпан. Никто не получает ответов.
operator-trouble-delivery = Чат не показывает то, что мы отправляем.
operator-trouble-slow-down = Чат просит нас сбавить темп.
operator-trouble-too-big = Что-то оказалось слишком большим для чата.
operator-trouble-gone = Сообщений или чатов, куда мы писали, больше нет.
operator-trouble-store = Хранилище не отвечает. Пока это так, ничего не тратится.
operator-trouble-incident = Ошибка в нашей программе. Причина — в логе под указанным номером.
operator-trouble-upstream = MiniToolAI отвечает собственными ошибками.
operator-trouble-other = Не так пошло что-то ещё; что именно, сказано в логе.

operator-spent = Потрачено
operator-spent-days = { $days ->
    [one] Потрачено за { $days } день
    [few] Потрачено за { $days } дня
    [many] Потрачено за { $days } дней
   *[other] Потрачено за { $days } дня
}
operator-all = Показать всё
operator-total = Всего
operator-rest = Все остальные
operator-nobody = Без чата
operator-forgotten = Данные стёрты
operator-requests = { $n ->
    [one] { NUMBER($n) } запрос
    [few] { NUMBER($n) } запроса
    [many] { NUMBER($n) } запросов
   *[other] { NUMBER($n) } запроса
}
operator-top-person = Кто потратил больше всех сегодня
operator-top-chat = Где потратили больше всего сегодня
operator-nothing-today = Сегодня ничего не потрачено.
operator-nothing-spent = За это время ничего не потрачено.
operator-by = Группировка
operator-by-person = Пользователь
operator-by-chat = Чат
operator-by-model = Модель
operator-by-kind = Вид
operator-kind-ask = Ответы
operator-kind-imagine = Картинки
operator-by-day = Таблица по дням
operator-day = День
operator-period = Период
operator-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
    [many] { $n } дней
   *[other] { $n } дня
}
operator-col-requests = Запросы
operator-col-in = Токены на входе
operator-col-out = Токены на выходе
operator-share = Доля
operator-chart-hint = Выдели мышью — увеличить, двойной щелчок — показать всё, стрелки — читать
operator-chart-models = Расходы по моделям за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, всего { $total }
operator-chart-model = Расходы по моделям за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, всего { $total }
operator-chart-person = Расходы по пользователям за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, всего { $total }
operator-chart-chat = Расходы по чатам за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, всего { $total }
operator-chart-kind = Расходы по видам за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, всего { $total }
operator-chart-one = Расходы за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}: { $name }
operator-pages = Страницы списка
operator-page = Страница { $page } из { $pages }, всего { NUMBER($count) }
operator-page-before = Назад
operator-page-after = Далее

operator-search = Найти
operator-search-person = Найти пользователя по части имени, например discord:123
operator-search-chat = Найти чат по части имени, например telegram:chat:-100
operator-search-end = Назад к списку
operator-dearest-person = Кто тратил за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, начиная с самых больших сумм.
operator-dearest-chat = Где тратили за { $days ->
    [one] последний { $days } день
    [few] последние { $days } дня
    [many] последние { $days } дней
   *[other] последние { $days } дня
}, начиная с самых больших сумм.
operator-found = { $n ->
    [0] Ничего не найдено.
    [one] Найден { NUMBER($n) } результат.
    [few] Найдено { NUMBER($n) } результата.
    [many] Найдено { NUMBER($n) } результатов.
   *[other] Найдено { NUMBER($n) } результата.
}
operator-cut = Есть и другие: введи больше символов имени.
operator-found-none = Под таким именем ещё ничего не оплачено.
operator-open = Открыть { $name }
operator-denied = Доступ закрыт
operator-denied-settings = Указано в DENY в настройках.
operator-unknown = Трат ещё не было
operator-linked = Общий кошелёк с
operator-allow = Открыть доступ
operator-deny = Закрыть доступ
operator-credit = Доп. средства
operator-credit-about = Тратятся, когда собственные лимиты исчерпаны.
operator-grant = Начислить дополнительные средства
operator-grant-about = Действуют, пока не израсходованы. Лимит чата и общий лимит при этом сохраняются.
operator-grant-go = Начислить
operator-take-back = Забрать { $amount }
operator-dollars = Доллары
operator-save = Сохранить
operator-add = Добавить
operator-remove = Удалить
operator-change = Изменить
operator-reset = Сбросить
operator-default = По умолчанию
operator-models-month = Модели в этом месяце
operator-newest-requests = Последние запросы
operator-request = Запрос
operator-became = Чем закончился
operator-became-open = выполняется
operator-became-settled = оплачен
operator-became-released = бесплатно: не отправлено или в ответ пришла ошибка
operator-became-late = бесплатно: картинка не пришла вовремя
operator-became-unknown = бесплатно: неизвестно, дошёл ли он
operator-became-failed = бесплатно: картинки не вышло
operator-became-lease = оплачен полностью: чем закончился, неизвестно
operator-became-refunded = деньги возвращены
operator-refund = Вернуть деньги
operator-defaults = Значения по умолчанию для этого чата
operator-defaults-about = Для всех здесь, кто ничего не выбрал.
operator-personas-chat = Персонажи этого чата
operator-persona-add = Добавить персонажа
operator-prompt = Инструкции

operator-cap-default = По умолчанию
operator-cap-off = Без лимита
operator-caps-how = Доллары, например 0.50. «off» — без лимита, 0 не пропускает ничего, пустое поле — значение по умолчанию. Действует со следующего запроса.
operator-caps-set = Задать лимиты
operator-caps-settings = Если у пользователя или чата нет своих лимитов, действуют значения по умолчанию из конфигурации.
operator-everyone-person = Каждый пользователь, по умолчанию
operator-everyone-chat = Каждый чат, по умолчанию
operator-everyone-all = Все вместе

operator-access-about = Имена — как в ALLOW и DENY. Запрет сильнее всего, кроме прав администратора. Если ALLOW пуст, ботом могут пользоваться все.
operator-list-deny = Доступ закрыт
operator-list-allow = Доступ открыт
operator-list-deny-empty = Никому.
operator-list-allow-empty = Всем, кому доступ не закрыт.
operator-blocked = Запрещённые слова
operator-blocked-about = Описание с любым из этих слов отклоняется до всякой оплаты.
operator-blocked-file = Ещё слова — в { $file }.
operator-words = Слова
operator-announce = Объявление
operator-announce-about = Каждый увидит его один раз под своим следующим ответом. Пустое поле снимает его; через неделю оно закончится само.
operator-announce-text = Текст

operator-personas-about = Манеры разговора, которые может выбрать каждый. Персонажи отдельных чатов — на странице чата.
operator-personas-file = Прочитано из встроенного файла и { $file }.
operator-catalogue-about = Встроенный каталог. CATALOGUE_FILE добавляет модели и меняет цены.
operator-catalogue-file = Встроенный каталог с изменениями из { $file }.
operator-price-in = Вход
operator-price-cached = Вход из кэша
operator-price-out = Выход
operator-per-million = Цены за миллион токенов. Изменения вступают в силу после SIGHUP или перезапуска.
operator-context = Контекст
operator-most-out = Самый длинный ответ
operator-sees = Видит картинки
operator-yes = Да
operator-image-model = Модель для картинок
operator-price-picture = За картинку
operator-adult = Возрастное ограничение

operator-settings-about = Настройки этого процесса. Окружение важнее .env; изменения вступают в силу после перезапуска, а для ALLOW и DENY — и после SIGHUP.
operator-value = Значение
operator-source = Источник
operator-source-environment = Окружение
operator-source-file = .env
operator-source-default = По умолчанию
operator-secret-set = Задано, не показывается
operator-empty = Пусто

operator-trail-about = Кто что изменил, начиная с последнего.
operator-trail-none = Никто ещё ничего не менял.
operator-when = Когда
operator-by-whom = Кто
operator-whom = Для кого
operator-newest = Самые новые
operator-older = Более старые
operator-change-cap = Лимиты
operator-change-grant = Средства
operator-change-refund = Возврат
operator-change-link = Кошельки объединены
operator-change-unlink = Кошельки разделены
operator-change-allow = Доступ открыт
operator-change-deny = Доступ закрыт
operator-change-block = Слова запрещены
operator-change-unblock = Слова разрешены
operator-change-model = Модель чата
operator-change-persona = Персонаж чата
operator-change-persona-defined = Персонаж создан
operator-change-persona-removed = Персонаж удалён
operator-change-announce = Объявление
operator-change-caps = В день: { $day }, в месяц: { $month }

operator-done-caps = Лимиты { $name } действуют со следующего запроса.
operator-done-blocked = Запрещённые слова изменены.
operator-done-defaults = Значения по умолчанию для { $name } изменены.
