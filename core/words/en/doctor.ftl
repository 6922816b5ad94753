# What `minitool-bots doctor` says: how it is and, where it is not well, what to do.
doctor-part-versions = Versions
doctor-part-settings = Settings
doctor-part-disk = Disk
doctor-part-web = Web
doctor-part-store = Store
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Clock
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] All is well.
        [one] Nothing is broken; one thing deserves a look.
       *[other] Nothing is broken; { $warned } things deserve a look.
    }
    [one] One thing is broken.
   *[other] { $failed } things are broken.
}
doctor-rest-not-checked = Everything else is checked once the settings can be read.
doctor-unreachable = { $who } cannot be reached ({ $problem }). Check the network, a firewall or proxy, and { $setting }.
doctor-refused = { $who } refused the check (HTTP { $status }). Try again in a few minutes.
doctor-odd-answer = The answer is not what this version expects ({ $problem }). Check the address; if it is right, look for a newer version.
doctor-no-token = No token; { $guide } says how to get one for { $setting }.

doctor-python = Python { $python }
doctor-python-other = Python { $python } was not tested with this; use 3.11, 3.12 or 3.13.
doctor-packages = { $name } { $version }, every package as it should be
doctor-package-missing = The package { $name } is missing. Run `make run` once, or install requirements/runtime.lock.
doctor-package-other = { $name } is { $found }, but { $wanted } is needed. Install requirements/runtime.lock.

doctor-settings-read = Readable and consistent
doctor-setting-wrong = { $problem } (.env.example explains each setting.)
doctor-setting-unknown = .env sets { $name }, which is not a setting. Remove it, or find the right name in .env.example.
doctor-setting-meant = .env sets { $name }, which is not a setting. Did you mean { $meant }?
doctor-env-none = There is no .env in { $folder }: only the environment and the defaults apply.
doctor-env-readable = Other users of this machine can read .env with its tokens. Run `chmod { $mode } .env`.
doctor-file = { $problem }. Correct it, or leave the setting empty.
doctor-models = { $chat } models that answer, { $image } that paint
doctor-model-unknown = { $name } is “{ $model }”, which is not in the catalogue. Available: { $known }.
doctor-model-blind = VISION_MODEL { $model } cannot see pictures. Choose one whose catalogue entry has “vision”.
doctor-no-admins = ADMINS is empty: nobody can use /admin. Put your own id there, as in discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD and GLOBAL_MONTHLY_USD are off: nothing limits what everybody spends together. Set one of them.
doctor-key-no-https = MINITOOLAI_BASE_URL is not https: the key and every question are sent unencrypted. Use an https address.
doctor-link-no-web = IMAGE_TRANSPORT=link needs the web server, but WEB_PORT is 0. Set a port, or IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL is not https: pictures would be sent unencrypted, or not be fetched at all. Use an https address.

doctor-disk = { $free } MB free for DATA_DIR
doctor-disk-low = Only { $free } MB are free for DATA_DIR, which holds { $kept } MB and needs as much again when its file is rewritten. Make room.
doctor-disk-full = Only { $free } MB are free for DATA_DIR: the store will soon refuse to write. Make room now.
doctor-data-dir = DATA_DIR { $path } cannot be written to. Fix its permissions, or set DATA_DIR to another folder.

doctor-web-off = Switched off (WEB_PORT=0)
doctor-web-free = { $where } is free
doctor-web-run = A `run` serves { $where } and reports that all is well
doctor-web-run-degraded = The `run` at { $where } reports a problem: { $sick }. Its log says why.
doctor-web-taken = Cannot listen on { $where }: { $problem }. Stop the other program, or set WEB_PORT or WEB_HOST to something else.
doctor-web-shut = Cannot listen on { $where }: { $problem }. Set WEB_PORT or WEB_HOST to something else.

doctor-store = { $version } answers in { $ms } ms
doctor-store-slow = { $version } takes { $ms } ms to answer, and each question asks it several times. Put it closer to the bot.
doctor-store-durable = Everything is written to disk, and nothing is evicted
doctor-store-untold = It does not say whether it keeps its data. Make sure that it has appendonly yes and maxmemory-policy noeviction.
doctor-store-forgets = It has appendonly no: after a crash, money spent and orders paid are forgotten. Set `appendonly yes`.
doctor-store-evicts = When it is full, it evicts data ({ $policy }), including money and orders. Set `maxmemory-policy noeviction`.
doctor-store-full = It has used { $percent }% of its maxmemory; once that is full, it refuses to write. Raise the limit.
doctor-store-is-full = It is full ({ $percent }% of its maxmemory) and refuses to write, so nothing is answered. Raise the limit.
doctor-store-cannot-write = It failed to write its file the last time: the disk may be full. Its own log says why.
doctor-store-away = It does not answer ({ $problem }). Check { $setting }{ $setting ->
    [REDIS_URL] , and that the server runs
   *[DATA_DIR] {""}
}.
doctor-store-queue = The picture queue cannot be used ({ $problem }). Let the bot's user subscribe: `&*` in its ACL, and the right password.
doctor-store-sealed = Some of what people wrote cannot be read: no key in CONTENT_KEY opens { $unreadable } of the { $looked } texts checked. Add the missing key after a comma.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY is empty: every answer is made up. Set the key for real ones.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: every answer is made up although there is a key. Set it to 0 for real ones.
doctor-api-reached = Reached in { $ms } ms
doctor-api-not-tried = The key was not tried; `doctor --spend` tries it, with the cheapest possible call.
doctor-api-answers = The key is good: { $model } answered for { $cost }
doctor-api-key = The key is refused ({ $cause }). Copy it again from minitoolai.com into MINITOOLAI_API_KEY.
doctor-api-balance = The key is good, but the balance is gone ({ $cause }). Top it up at minitoolai.com.
doctor-api-refused = MiniToolAI refuses even the cheapest call ({ $cause }). Check at minitoolai.com what this key may do.
doctor-api-no-model = { $model } was not found there ({ $cause }). Check MINITOOLAI_BASE_URL; if it is right, MiniToolAI no longer has this model.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = The bot cannot start, so the key was not tried: { $problem }

doctor-discord-me = Logged in as { $name }
doctor-discord-token = The token is refused. Make a new one in the developer portal (Bot → Reset Token) and put it into DISCORD_TOKEN.
doctor-discord-intents = Every intent that it needs is granted{ $content ->
    [yes] , Message Content among them
   *[no] {""}; Message Content is not needed
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, but the intent is not granted. Switch on Bot → Message Content Intent in the developer portal, or set it to 0.
doctor-discord-endpoint = An “Interactions Endpoint URL” is set in the developer portal, so commands go there and never reach this bot. Remove it.
doctor-discord-code-grant = “Requires OAuth2 Code Grant” is on, so nobody can add the bot by its link. Switch it off under Bot in the developer portal.
doctor-discord-private = Only you can add this bot to servers. Switch on Bot → Public Bot in the developer portal if others should be able to.
doctor-discord-no-user-install = People cannot add it to their account, only to servers. Tick Installation → User Install in the developer portal if you want that.
doctor-discord-invite = Invite it with exactly the permissions that it needs: { $url }
doctor-discord-commands = Commands in its menu: { $count }
doctor-discord-commands-differ = Its menu is from another version; `run` updates it when it starts.
doctor-discord-starts = Starts left today: { $left }; the bot takes { $shards } each time
doctor-discord-few-starts = Few starts are left today ({ $left }, and each takes { $shards }): something starts the bot over and over. Find out what, before none are left.
doctor-discord-no-starts = No starts are left today; Discord allows new ones in { $hours } h. Find out what starts the bot over and over.
doctor-discord-shards = DISCORD_SHARDS counts { $chosen } shards, but Discord wants { $wanted } for this many servers. Raise the number after the slash in every process.
doctor-discord-servers = { $count ->
    [one] It has every permission that it needs in its one server
   *[other] It has every permission that it needs in its { $count } servers
}
doctor-discord-server = In “{ $server }” it lacks: { $names }. Give them to the bot's role there, or invite it again with the link above.
doctor-discord-servers-more = More servers where it lacks a permission: { $count }.
doctor-discord-no-servers = It is in no server yet. Open the link above.

doctor-telegram-me = Logged in as @{ $name }
doctor-telegram-token = The token is refused. Ask @BotFather for a new one (/token) and put it into TELEGRAM_TOKEN.
doctor-telegram-privacy = Privacy mode is on: in groups it hears commands, mentions and replies, and of an album only the picture with the question. Tell @BotFather /setprivacy → Disable if it should see whole albums.
doctor-telegram-reads-all = Privacy mode is off: it hears all that is said in its groups, and answers commands, mentions and replies
doctor-telegram-no-groups = It cannot be added to groups. Tell @BotFather /setjoingroups → Enable if you want that.
doctor-telegram-inline = Inline mode is on
doctor-telegram-no-inline = Inline mode is off. Tell @BotFather /setinline if people should be able to ask from any chat.
doctor-telegram-polling = No webhook is set, as it should be for polling
doctor-telegram-webhook = The webhook is set as it should be, and nothing went wrong lately
doctor-telegram-webhook-set = A webhook to { $host } is set, but TELEGRAM_WEBHOOK_URL is empty. `run` removes it when it starts; if something else uses this token, give each its own bot.
doctor-telegram-webhook-unset = The webhook is not set yet; `run` sets it when it starts.
doctor-telegram-webhook-other = The webhook points to { $host }, not to TELEGRAM_WEBHOOK_URL. `run` changes it when it starts; if something else uses this token, give each its own bot.
doctor-telegram-webhook-error = Telegram could not deliver to the webhook: { $error }. Check the reverse proxy, its certificate, and that the bot is running.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL is not https, which Telegram refuses. Put a reverse proxy with TLS in front of WEB_PORT.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL has a port that Telegram does not call. Use one of { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL does not end in { $path }, where the bot takes updates. Correct it, unless a reverse proxy forwards there.
doctor-telegram-waiting = Updates waiting: { $count }. Start `run`, or see in its log why it does not keep up.
doctor-telegram-served = A `run` of yours takes the updates
doctor-telegram-not-listened = Whether somebody else polls with this token was not tried: without the store it cannot be told whether a `run` of yours does.
doctor-telegram-alone = Nobody else polls with this token
doctor-telegram-polled-elsewhere = Somebody else polls with this token, and takes half of the updates. Stop the other program, or ask @BotFather for a new token (/revoke).

doctor-clock = Agrees with: { $names }
doctor-clock-unknown = Nothing could be reached to compare it with
doctor-clock-ahead = This machine's clock is { $seconds } s ahead (compared with: { $names }). Switch on time synchronisation (`timedatectl set-ntp true`).
doctor-clock-behind = This machine's clock is { $seconds } s behind (compared with: { $names }). Switch on time synchronisation (`timedatectl set-ntp true`).
