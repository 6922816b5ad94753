# Що каже `minitool-bots doctor`: який стан і, де не все гаразд, що робити.
doctor-part-versions = Версії
doctor-part-settings = Параметри
doctor-part-disk = Диск
doctor-part-web = Веб
doctor-part-store = Сховище
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Годинник
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Усе гаразд.
        [one] Нічого не зламано; { $warned } річ варта уваги.
        [few] Нічого не зламано; { $warned } речі варті уваги.
        [many] Нічого не зламано; { $warned } речей варті уваги.
       *[other] Нічого не зламано; { $warned } речі варті уваги.
    }
    [one] Зламано { $failed } річ.
    [few] Зламано { $failed } речі.
    [many] Зламано { $failed } речей.
   *[other] Зламано { $failed } речі.
}
doctor-rest-not-checked = Решту буде перевірено, щойно параметри вдасться прочитати.
doctor-unreachable = { $who }: немає зв’язку ({ $problem }). Перевір мережу, брандмауер чи проксі, а також { $setting }.
doctor-refused = { $who } відхиляє перевірку (HTTP { $status }). Спробуй ще раз за кілька хвилин.
doctor-odd-answer = Ця версія чекала іншої відповіді ({ $problem }). Перевір адресу; якщо вона правильна, пошукай новішу версію.
doctor-no-token = Токена немає; як отримати його для { $setting }, написано в { $guide }.

doctor-python = Python { $python }
doctor-python-other = З Python { $python } це не перевіряли; візьми 3.11, 3.12 або 3.13.
doctor-packages = { $name } { $version }, усі пакунки такі, як треба
doctor-package-missing = Бракує пакунка { $name }. Виконай один раз `make run` або встанови requirements/runtime.lock.
doctor-package-other = { $name } має версію { $found }, а потрібна { $wanted }. Встанови requirements/runtime.lock.

doctor-settings-read = Читаються й узгоджені між собою
doctor-setting-wrong = { $problem } (Кожен параметр пояснено в .env.example.)
doctor-setting-unknown = У .env задано { $name }, а такого параметра немає. Прибери його або пошукай правильну назву в .env.example.
doctor-setting-meant = У .env задано { $name }, а такого параметра немає. Може, { $meant }?
doctor-env-none = У { $folder } немає .env: діють лише середовище та типові значення.
doctor-env-readable = Інші користувачі цього комп’ютера можуть прочитати .env із токенами. Виконай `chmod { $mode } .env`.
doctor-file = { $problem }. Виправ файл або залиш параметр порожнім.
doctor-models = Моделей, що відповідають: { $chat }; що малюють: { $image }
doctor-model-unknown = { $name } має значення «{ $model }», якого немає в каталозі. Є такі: { $known }.
doctor-model-blind = VISION_MODEL { $model } не бачить картинок. Обери модель, у записі якої в каталозі є «vision».
doctor-no-admins = ADMINS порожній: ніхто не може користуватися /admin. Впиши свій ID, наприклад discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD і GLOBAL_MONTHLY_USD вимкнено: ніщо не обмежує спільних витрат усіх. Задай щось одне.
doctor-key-no-https = MINITOOLAI_BASE_URL не https: ключ і всі запитання передаються без шифрування. Вкажи адресу з https.
doctor-link-no-web = IMAGE_TRANSPORT=link потребує вебсервера, але WEB_PORT дорівнює 0. Задай порт або IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL не https: картинки передавалися б без шифрування, а то й зовсім не завантажувалися б. Візьми адресу https.

doctor-disk = { $free } МБ вільно для DATA_DIR
doctor-disk-low = Вільно лише { $free } МБ для DATA_DIR, де вже { $kept } МБ і треба ще стільки ж, коли файл переписується. Звільни місце.
doctor-disk-full = Вільно лише { $free } МБ для DATA_DIR: сховище скоро не зможе записувати. Звільни місце зараз.
doctor-data-dir = У DATA_DIR { $path } не можна записувати. Виправ права доступу або вкажи в DATA_DIR іншу теку.

doctor-web-off = Вимкнено (WEB_PORT=0)
doctor-web-free = { $where } вільно
doctor-web-run = `run` працює на { $where } і повідомляє, що все гаразд
doctor-web-run-degraded = `run` на { $where } повідомляє про проблему: { $sick }. Причина — у його логах.
doctor-web-taken = Не вдається працювати на { $where }: { $problem }. Зупини іншу програму або зміни WEB_PORT чи WEB_HOST.
doctor-web-shut = Не вдається працювати на { $where }: { $problem }. Зміни WEB_PORT чи WEB_HOST.

doctor-store = { $version } відповідає за { $ms } мс
doctor-store-slow = { $version } відповідає аж за { $ms } мс, а кожне запитання звертається до нього кілька разів. Розмісти його ближче до бота.
doctor-store-durable = Усе записується на диск, нічого не викидається
doctor-store-untold = Не каже, чи зберігає дані. Переконайся, що там appendonly yes і maxmemory-policy noeviction.
doctor-store-forgets = Там appendonly no: після збою зникнуть дані про витрати й оплачені замовлення. Встанови `appendonly yes`.
doctor-store-evicts = Коли сховище повне, воно викидає дані ({ $policy }), зокрема про гроші й замовлення. Встанови `maxmemory-policy noeviction`.
doctor-store-full = Зайнято { $percent } % від maxmemory; коли місце скінчиться, сховище не зможе записувати. Підвищ межу.
doctor-store-is-full = Воно заповнене ({ $percent } % від maxmemory) і нічого не записує, тому відповідей немає. Підвищ межу.
doctor-store-cannot-write = Останнього разу сховище не змогло записати свій файл: можливо, диск повний. Причина — у його власних логах.
doctor-store-away = Не відповідає ({ $problem }). Перевір { $setting }{ $setting ->
    [REDIS_URL] {" "}і чи працює сервер
   *[DATA_DIR] {""}
}.
doctor-store-queue = Чергою картинок не можна користуватися ({ $problem }). Дозволь користувачеві бота підписку: `&*` у його ACL, і перевір пароль.
doctor-store-sealed = Частину написаного раніше не прочитати: перевірено текстів — { $looked }, не підійшов жоден ключ із CONTENT_KEY — { $unreadable }. Додай ключ, якого бракує, через кому.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY порожній: усі відповіді вигадані. Задай ключ, щоб отримувати справжні.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: усі відповіді вигадані, хоча ключ є. Постав 0, щоб отримувати справжні.
doctor-api-reached = Зв’язок є, { $ms } мс
doctor-api-not-tried = Ключ не перевірено; це робить `doctor --spend` найдешевшим із можливих викликів.
doctor-api-answers = Ключ дійсний: { $model } відповідає, ціна { $cost }
doctor-api-key = Ключ не прийнято ({ $cause }). Скопіюй його ще раз із minitoolai.com у MINITOOLAI_API_KEY.
doctor-api-balance = Ключ дійсний, але баланс вичерпано ({ $cause }). Поповни його на minitoolai.com.
doctor-api-refused = MiniToolAI відхиляє навіть найдешевший запит ({ $cause }). Подивись на minitoolai.com, що дозволено цьому ключу.
doctor-api-no-model = Модель { $model } там не знайдено ({ $cause }). Перевір MINITOOLAI_BASE_URL; якщо адреса правильна, цієї моделі в MiniToolAI більше немає.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = Бот не може запуститися, тому ключ не перевірено: { $problem }

doctor-discord-me = Вхід виконано як { $name }
doctor-discord-token = Токен не прийнято. Створи новий у порталі розробника (Bot → Reset Token) і запиши його в DISCORD_TOKEN.
doctor-discord-intents = Усі потрібні інтенти надано{ $content ->
    [yes] , зокрема Message Content
   *[no] {""}; Message Content не потрібен
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, але цей інтент не надано. Увімкни Bot → Message Content Intent у порталі розробника або постав 0.
doctor-discord-endpoint = У порталі розробника задано «Interactions Endpoint URL», тому команди йдуть туди й до цього бота не доходять. Прибери цю адресу.
doctor-discord-code-grant = Увімкнено «Requires OAuth2 Code Grant», тому ніхто не може додати бота за його посиланням. Вимкни це в порталі розробника, розділ Bot.
doctor-discord-private = Лише ти можеш додавати цього бота на сервери. Увімкни Bot → Public Bot у порталі розробника, якщо це мають робити й інші.
doctor-discord-no-user-install = Бота не можна додати до власного облікового запису, лише на сервер. Познач Installation → User Install у порталі розробника, якщо це потрібно.
doctor-discord-invite = Запроси бота саме з тими дозволами, які йому потрібні: { $url }
doctor-discord-commands = Команд у меню: { $count }
doctor-discord-commands-differ = Меню не відповідає цій версії; `run` оновить його під час запуску.
doctor-discord-starts = Запусків на сьогодні залишилося: { $left }; на кожен потрібно: { $shards }
doctor-discord-few-starts = На сьогодні залишилося мало запусків ({ $left }; на кожен потрібно: { $shards }): щось раз у раз запускає бота. З’ясуй, що саме, доки вони не скінчилися.
doctor-discord-no-starts = На сьогодні запусків не залишилося; Discord дозволить нові через { $hours } год. З’ясуй, що раз у раз запускає бота.
doctor-discord-shards = У DISCORD_SHARDS вказано шардів: { $chosen }, а Discord для стількох серверів потребує { $wanted }. Збільш число після скісної риски в кожному процесі.
doctor-discord-servers = { $count ->
    [1] Бот має всі потрібні дозволи на своєму єдиному сервері
    [one] Бот має всі потрібні дозволи на { $count } сервері
    [few] Бот має всі потрібні дозволи на { $count } серверах
    [many] Бот має всі потрібні дозволи на { $count } серверах
   *[other] Бот має всі потрібні дозволи на { $count } сервера
}
doctor-discord-server = На «{ $server }» бракує дозволів: { $names }. Надай їх ролі бота на тому сервері або запроси його ще раз за посиланням вище.
doctor-discord-servers-more = Інших серверів, на яких бракує дозволів: { $count }.
doctor-discord-no-servers = Бота ще немає на жодному сервері. Відкрий посилання вище.

doctor-telegram-me = Вхід виконано як @{ $name }
doctor-telegram-token = Токен не прийнято. Попроси в @BotFather новий (/token) і запиши його в TELEGRAM_TOKEN.
doctor-telegram-privacy = Режим приватності увімкнено: у групах бот чує команди, згадки й відповіді, а з альбому бачить лише картинку із запитанням. Якщо він має бачити альбоми: /setprivacy → Disable у @BotFather.
doctor-telegram-reads-all = Режим приватності вимкнено: бот чує все, що кажуть у його групах, і відповідає на команди, згадки й відповіді
doctor-telegram-no-groups = Бота не можна додавати до груп. Якщо треба, щоб можна було, надішли @BotFather /setjoingroups → Enable.
doctor-telegram-inline = Інлайн-режим увімкнено
doctor-telegram-no-inline = Інлайн-режим вимкнено. Надішли @BotFather /setinline, якщо люди мають питати з будь-якого чату.
doctor-telegram-polling = Вебхук не встановлено, як і має бути в режимі опитування
doctor-telegram-webhook = Вебхук встановлено правильно, останнім часом збоїв не було
doctor-telegram-webhook-set = Встановлено вебхук на { $host }, але TELEGRAM_WEBHOOK_URL порожній. `run` прибере його під час запуску; якщо цей токен використовує ще щось, дай кожному власного бота.
doctor-telegram-webhook-unset = Вебхук ще не встановлено; `run` встановить його під час запуску.
doctor-telegram-webhook-other = Вебхук веде на { $host }, а не туди, куди TELEGRAM_WEBHOOK_URL. `run` змінить його під час запуску; якщо цей токен використовує ще щось, дай кожному власного бота.
doctor-telegram-webhook-error = Telegram не зміг достукатися до вебхука: { $error }. Перевір зворотний проксі, його сертифікат і чи працює `run`.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL не https, а Telegram такого не приймає. Постав перед WEB_PORT зворотний проксі з TLS.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL має порт, на який Telegram не звертається. Дозволені: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL не закінчується на { $path }, де приймаються оновлення. Виправ це, якщо тільки туди не веде зворотний проксі.
doctor-telegram-waiting = Оновлень чекає: { $count }. Запусти `run` або подивися в його логах, чому він не встигає.
doctor-telegram-served = Оновлення забирає твій `run`
doctor-telegram-not-listened = Чи забирає хтось інший оновлення з цим токеном, не перевірено: без сховища не дізнатися, чи це не твій `run`.
doctor-telegram-alone = Більше ніхто не забирає оновлень із цим токеном
doctor-telegram-polled-elsewhere = Хтось інший теж забирає оновлення з цим токеном, і йому дістається половина. Зупини ту програму або попроси в @BotFather новий токен (/revoke).

doctor-clock = Збігається з: { $names }
doctor-clock-unknown = Не вдалося зв’язатися ні з ким, щоб звірити годинник
doctor-clock-ahead = Годинник цього комп’ютера поспішає на { $seconds } с (для порівняння: { $names }). Увімкни синхронізацію часу (`timedatectl set-ntp true`).
doctor-clock-behind = Годинник цього комп’ютера відстає на { $seconds } с (для порівняння: { $names }). Увімкни синхронізацію часу (`timedatectl set-ntp true`).
