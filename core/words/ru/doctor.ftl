# Что говорит `minitool-bots doctor`: как обстоят дела и что делать там, где что-то не так.
doctor-part-versions = Версии
doctor-part-settings = Настройки
doctor-part-disk = Диск
doctor-part-web = Веб
doctor-part-store = Хранилище
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Часы
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Всё в порядке.
        [one] Ничего не сломано, но есть { $warned } предупреждение.
        [few] Ничего не сломано, но есть { $warned } предупреждения.
        [many] Ничего не сломано, но есть { $warned } предупреждений.
       *[other] Ничего не сломано, но есть { $warned } предупреждения.
    }
    [one] Найдена { $failed } неисправность.
    [few] Найдены { $failed } неисправности.
    [many] Найдено { $failed } неисправностей.
   *[other] Найдено { $failed } неисправности.
}
doctor-rest-not-checked = Остальное проверяется, когда настройки удаётся прочитать.
doctor-unreachable = Нет связи с { $who } ({ $problem }). Проверь сеть, файрвол или прокси и { $setting }.
doctor-refused = { $who } отклоняет проверку (HTTP { $status }). Попробуй ещё раз через несколько минут.
doctor-odd-answer = Эта версия ждала другого ответа ({ $problem }). Проверь адрес; если он верен, поищи версию поновее.
doctor-no-token = Нет токена; как получить его для { $setting }, написано в { $guide }.

doctor-python = Python { $python }
doctor-python-other = С Python { $python } это не проверялось; используй 3.11, 3.12 или 3.13.
doctor-packages = { $name } { $version }, все пакеты в порядке
doctor-package-missing = Нет пакета { $name }. Запусти один раз `make run` или установи requirements/runtime.lock.
doctor-package-other = Версия { $name } — { $found }, а нужна { $wanted }. Установи requirements/runtime.lock.

doctor-settings-read = Читаются и согласуются между собой
doctor-setting-wrong = { $problem } (Каждая настройка объяснена в .env.example.)
doctor-setting-unknown = В .env задано { $name }, но такой настройки нет. Убери её или найди верное имя в .env.example.
doctor-setting-meant = В .env задано { $name }, но такой настройки нет. Может быть, { $meant }?
doctor-env-none = В { $folder } нет .env: действуют только окружение и значения по умолчанию.
doctor-env-readable = Другие пользователи этой машины могут прочитать .env с токенами. Выполни `chmod { $mode } .env`.
doctor-file = { $problem }. Исправь файл или оставь настройку пустой.
doctor-models = Отвечающих моделей: { $chat }, рисующих: { $image }
doctor-model-unknown = { $name } — это «{ $model }», но такой модели нет в каталоге. Есть: { $known }.
doctor-model-blind = VISION_MODEL { $model } не видит картинок. Выбери модель, у которой в каталоге есть «vision».
doctor-no-admins = ADMINS пуст: никто не может пользоваться /admin. Впиши туда свой ID, например discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD и GLOBAL_MONTHLY_USD выключены: общие расходы ничем не ограничены. Задай хотя бы один лимит.
doctor-key-no-https = MINITOOLAI_BASE_URL не https: ключ и все вопросы передаются без шифрования. Укажи адрес с https.
doctor-link-no-web = Для IMAGE_TRANSPORT=link нужен веб-сервер, но WEB_PORT равен 0. Задай порт или IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL — не https: картинки передавались бы без шифрования, а то и вовсе не загрузились бы. Используй адрес с https.

doctor-disk = Для DATA_DIR свободно { $free } МБ
doctor-disk-low = Для DATA_DIR свободно всего { $free } МБ. Там уже { $kept } МБ, и столько же нужно, когда файл переписывается заново. Освободи место.
doctor-disk-full = Для DATA_DIR свободно всего { $free } МБ: скоро хранилище откажется писать. Освободи место сейчас.
doctor-data-dir = В DATA_DIR { $path } нельзя писать. Исправь права или укажи в DATA_DIR другую папку.

doctor-web-off = Выключен (WEB_PORT=0)
doctor-web-free = { $where } свободен
doctor-web-run = `run` работает на { $where } и сообщает, что всё хорошо
doctor-web-run-degraded = `run` на { $where } сообщает о неполадках: { $sick }. Почему, сказано в его логе.
doctor-web-taken = { $where } занять не удалось: { $problem }. Останови другую программу или измени WEB_PORT или WEB_HOST.
doctor-web-shut = { $where } занять не удалось: { $problem }. Измени WEB_PORT или WEB_HOST.

doctor-store = { $version } отвечает за { $ms } мс
doctor-store-slow = { $version } отвечает за { $ms } мс, а каждый вопрос обращается к нему несколько раз. Размести его ближе к боту.
doctor-store-durable = Всё пишется на диск, и ничего не вытесняется
doctor-store-untold = Неизвестно, сохраняет ли оно данные. Убедись, что заданы appendonly yes и maxmemory-policy noeviction.
doctor-store-forgets = Задано appendonly no: после сбоя забудутся потраченные деньги и оплаченные заказы. Задай `appendonly yes`.
doctor-store-evicts = Когда место кончается, оно вытесняет данные ({ $policy }), в том числе деньги и заказы. Задай `maxmemory-policy noeviction`.
doctor-store-full = Занято { $percent } % от maxmemory; когда место кончится, запись прекратится. Увеличь предел.
doctor-store-is-full = Оно заполнено ({ $percent } % от maxmemory) и ничего не записывает, поэтому ответов нет. Увеличь предел.
doctor-store-cannot-write = В последний раз не удалось записать файл: возможно, диск заполнен. Почему, сказано в логе хранилища.
doctor-store-away = Не отвечает ({ $problem }). Проверь { $setting }{ $setting ->
    [REDIS_URL] {" "}и работает ли сервер
   *[DATA_DIR] {""}
}.
doctor-store-queue = Очередью картинок нельзя пользоваться ({ $problem }). Разреши пользователю бота подписку: `&*` в его ACL, и проверь пароль.
doctor-store-sealed = Часть написанного раньше не прочитать: проверено текстов — { $looked }, не подошёл ни один ключ из CONTENT_KEY — { $unreadable }. Добавь недостающий ключ через запятую.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY пуст: все ответы выдуманы. Задай ключ, чтобы получать настоящие.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: все ответы выдуманы, хотя ключ есть. Установи 0, чтобы получать настоящие.
doctor-api-reached = Отвечает за { $ms } мс
doctor-api-not-tried = Ключ не проверялся; это сделает `doctor --spend` самым дешёвым запросом, какой бывает.
doctor-api-answers = Ключ годится: { $model } отвечает, цена ответа — { $cost }
doctor-api-key = Ключ не принят ({ $cause }). Скопируй его с minitoolai.com в MINITOOLAI_API_KEY заново.
doctor-api-balance = Ключ годится, но баланс исчерпан ({ $cause }). Пополни его на minitoolai.com.
doctor-api-refused = MiniToolAI отклоняет даже самый дешёвый запрос ({ $cause }). Посмотри на minitoolai.com, что разрешено этому ключу.
doctor-api-no-model = Модель { $model } там не найдена ({ $cause }). Проверь MINITOOLAI_BASE_URL; если адрес верный, этой модели у MiniToolAI больше нет.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = Бот не может запуститься, поэтому ключ не проверялся: { $problem }

doctor-discord-me = Вход выполнен: { $name }
doctor-discord-token = Токен не принят. Создай новый на портале разработчика (Bot → Reset Token) и впиши его в DISCORD_TOKEN.
doctor-discord-intents = Все нужные интенты есть{ $content ->
    [yes] , в том числе Message Content
   *[no] {""}; Message Content не нужен
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, но этот интент не выдан. Включи Bot → Message Content Intent на портале разработчика или установи 0.
doctor-discord-endpoint = На портале разработчика задан «Interactions Endpoint URL», поэтому команды уходят туда и не доходят до этого бота. Убери его.
doctor-discord-code-grant = Включено «Requires OAuth2 Code Grant», поэтому никто не может добавить бота по ссылке. Выключи это в разделе Bot на портале разработчика.
doctor-discord-private = Добавлять этого бота на серверы можешь только ты. Включи Bot → Public Bot на портале разработчика, если это нужно и другим.
doctor-discord-no-user-install = Бота можно добавить только на сервер, но не в свой аккаунт. Отметь Installation → User Install на портале разработчика, если это нужно.
doctor-discord-invite = Пригласи его ровно с теми правами, которые ему нужны: { $url }
doctor-discord-commands = { $count ->
    [one] В его меню { $count } команда
    [few] В его меню { $count } команды
    [many] В его меню { $count } команд
   *[other] В его меню { $count } команды
}
doctor-discord-commands-differ = Его меню — от другой версии; `run` обновит его при запуске.
doctor-discord-starts = Запусков на сегодня осталось: { $left }; на каждый нужно { $shards }
doctor-discord-few-starts = Запусков на сегодня осталось мало ({ $left }; на каждый нужно { $shards }): что-то запускает бота снова и снова. Выясни, что именно, пока они не кончились.
doctor-discord-no-starts = Запусков на сегодня не осталось; новые Discord разрешит через { $hours } ч. Выясни, что запускает бота снова и снова.
doctor-discord-shards = В DISCORD_SHARDS указано шардов: { $chosen }, а Discord для стольких серверов хочет { $wanted }. Увеличь число после косой черты в каждом процессе.
doctor-discord-servers = { $count ->
    [1] Все нужные права есть на его единственном сервере
    [one] Все нужные права есть на его { $count } сервере
   *[other] Все нужные права есть на его { $count } серверах
}
doctor-discord-server = На сервере «{ $server }» не хватает: { $names }. Дай эти права роли бота там или пригласи его заново по ссылке выше.
doctor-discord-servers-more = Других серверов, на которых не хватает какого-то права: { $count }.
doctor-discord-no-servers = Его пока нет ни на одном сервере. Открой ссылку выше.

doctor-telegram-me = Вход выполнен: @{ $name }
doctor-telegram-token = Токен не принят. Попроси у @BotFather новый (/token) и впиши его в TELEGRAM_TOKEN.
doctor-telegram-privacy = Режим приватности включён: в группах он слышит команды, упоминания и ответы, а из альбома видит только картинку с вопросом. Если ему нужны альбомы: /setprivacy → Disable у @BotFather.
doctor-telegram-reads-all = Режим приватности выключен: он слышит всё, что говорят в его группах, и отвечает на команды, упоминания и ответы
doctor-telegram-no-groups = Его нельзя добавлять в группы. Если нужно, отправь @BotFather /setjoingroups → Enable.
doctor-telegram-inline = Инлайн-режим включён
doctor-telegram-no-inline = Инлайн-режим выключен. Отправь @BotFather /setinline, если нужно спрашивать из любого чата.
doctor-telegram-polling = Вебхук не задан, как и должно быть при опросе
doctor-telegram-webhook = Вебхук задан правильно, и в последнее время сбоев не было
doctor-telegram-webhook-set = Задан вебхук на { $host }, но TELEGRAM_WEBHOOK_URL пуст. `run` уберёт его при запуске; если этим токеном пользуется что-то ещё, дай каждому своего бота.
doctor-telegram-webhook-unset = Вебхук ещё не задан; `run` задаст его при запуске.
doctor-telegram-webhook-other = Вебхук ведёт на { $host }, а не туда, куда указывает TELEGRAM_WEBHOOK_URL. `run` изменит его при запуске; если этим токеном пользуется что-то ещё, дай каждому своего бота.
doctor-telegram-webhook-error = Telegram не удалось доставить обновления на вебхук: { $error }. Проверь обратный прокси, его сертификат и работает ли `run`.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL — не https, и Telegram его не принимает. Поставь перед WEB_PORT обратный прокси с TLS.
doctor-telegram-webhook-port = В TELEGRAM_WEBHOOK_URL порт, к которому Telegram не обращается. Подойдёт один из этих: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL не кончается на { $path }, где принимаются обновления. Исправь его, если только туда не ведёт обратный прокси.
doctor-telegram-waiting = { $count ->
    [one] { $count } обновление ждёт получения.
    [few] { $count } обновления ждут получения.
    [many] { $count } обновлений ждут получения.
   *[other] { $count } обновления ждут получения.
} Запусти `run` или посмотри в его логе, почему он не успевает.
doctor-telegram-served = Твой `run` получает обновления
doctor-telegram-not-listened = Опрашивает ли кто-то ещё Telegram с этим токеном, не проверялось: без хранилища не узнать, не твой ли это `run`.
doctor-telegram-alone = Никто больше не опрашивает Telegram с этим токеном
doctor-telegram-polled-elsewhere = Кто-то ещё опрашивает Telegram с этим токеном и забирает половину обновлений. Останови другую программу или попроси у @BotFather новый токен (/revoke).

doctor-clock = Сходятся с часами: { $names }
doctor-clock-unknown = Сверить время не с кем: никто не ответил
doctor-clock-ahead = Часы этой машины спешат на { $seconds } с (для сравнения: { $names }). Включи синхронизацию времени (`timedatectl set-ntp true`).
doctor-clock-behind = Часы этой машины отстают на { $seconds } с (для сравнения: { $names }). Включи синхронизацию времени (`timedatectl set-ntp true`).
