# Was `minitool-bots doctor` sagt: wie es steht und, wo es nicht gut steht, was zu tun ist.
doctor-part-versions = Versionen
doctor-part-settings = Einstellungen
doctor-part-disk = Platte
doctor-part-web = Web
doctor-part-store = Speicher
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Uhr
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Alles in Ordnung.
        [one] Nichts ist kaputt; eines verdient einen Blick.
       *[other] Nichts ist kaputt; { $warned } Dinge verdienen einen Blick.
    }
    [one] Eines ist kaputt.
   *[other] { $failed } Dinge sind kaputt.
}
doctor-rest-not-checked = Alles Weitere wird geprüft, sobald die Einstellungen lesbar sind.
doctor-unreachable = { $who } ist nicht zu erreichen ({ $problem }). Prüf das Netz, eine Firewall oder einen Proxy und { $setting }.
doctor-refused = { $who } gibt keine Auskunft (HTTP { $status }). Versuch es in einigen Minuten noch einmal.
doctor-odd-answer = Eine Antwort sieht anders aus, als diese Version sie kennt ({ $problem }). Prüf die Adresse; stimmt sie, such nach einer neueren Version.
doctor-no-token = Kein Token; { $guide } sagt, wie du eines für { $setting } bekommst.

doctor-python = Python { $python }
doctor-python-other = Mit Python { $python } wurde dies nicht getestet; nimm 3.11, 3.12 oder 3.13.
doctor-packages = { $name } { $version }, alle Pakete sind, wie sie sein sollen
doctor-package-missing = Das Paket { $name } fehlt. Ruf einmal `make run` auf oder installiere requirements/runtime.lock.
doctor-package-other = { $name } ist { $found }, gebraucht wird { $wanted }. Installiere requirements/runtime.lock.

doctor-settings-read = Lesbar, und sie passen zusammen
doctor-setting-wrong = { $problem } (.env.example erklärt jede Einstellung.)
doctor-setting-unknown = .env setzt { $name }, das keine Einstellung ist. Entferne es oder such den richtigen Namen in .env.example.
doctor-setting-meant = .env setzt { $name }, das keine Einstellung ist. Ist { $meant } gemeint?
doctor-env-none = In { $folder } gibt es keine .env: Es gelten nur die Umgebung und die Voreinstellungen.
doctor-env-readable = Andere Benutzer dieses Rechners können .env mit den Tokens lesen. Ruf `chmod { $mode } .env` auf.
doctor-file = { $problem }. Korrigiere die Datei oder lass die Einstellung leer.
doctor-models = { $chat } Modelle, die antworten, { $image }, die malen
doctor-model-unknown = { $name } ist „{ $model }“, das nicht im Katalog steht. Es gibt: { $known }.
doctor-model-blind = VISION_MODEL { $model } kann keine Bilder sehen. Wähl eines, dessen Katalogeintrag „vision“ hat.
doctor-no-admins = ADMINS ist leer: Niemand kann /admin benutzen. Trag deine eigene Nummer ein, etwa discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD und GLOBAL_MONTHLY_USD sind aus: Nichts begrenzt, was alle zusammen ausgeben. Setz eines davon.
doctor-key-no-https = MINITOOLAI_BASE_URL ist nicht https: Der Schlüssel und alle Fragen werden unverschlüsselt übertragen. Nimm eine https-Adresse.
doctor-link-no-web = IMAGE_TRANSPORT=link braucht den Webserver, aber WEB_PORT ist 0. Setz einen Port oder IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL ist nicht https: Bilder werden unverschlüsselt übertragen oder gar nicht erst abgeholt. Nimm eine https-Adresse.

doctor-disk = { $free } MB frei für DATA_DIR
doctor-disk-low = Nur { $free } MB sind frei für DATA_DIR, das { $kept } MB enthält und noch einmal so viel braucht, wenn seine Datei neu geschrieben wird. Schaff Platz.
doctor-disk-full = Nur { $free } MB sind frei für DATA_DIR: Der Speicher wird bald nicht mehr schreiben. Schaff jetzt Platz.
doctor-data-dir = In DATA_DIR { $path } kann nicht geschrieben werden. Korrigiere die Rechte oder setz DATA_DIR auf einen anderen Ordner.

doctor-web-off = Abgeschaltet (WEB_PORT=0)
doctor-web-free = { $where } ist frei
doctor-web-run = Ein `run` bedient { $where } und meldet, dass alles in Ordnung ist
doctor-web-run-degraded = Der `run` auf { $where } meldet ein Problem: { $sick }. Sein Log sagt, warum.
doctor-web-taken = { $where } kann nicht bedient werden: { $problem }. Beende das andere Programm oder ändere WEB_PORT oder WEB_HOST.
doctor-web-shut = { $where } kann nicht bedient werden: { $problem }. Ändere WEB_PORT oder WEB_HOST.

doctor-store = { $version } antwortet in { $ms } ms
doctor-store-slow = { $version } braucht { $ms } ms für eine Antwort, und jede Frage braucht ihn mehrmals. Bring ihn näher an den Bot.
doctor-store-durable = Alles wird auf die Platte geschrieben, und nichts wird verworfen
doctor-store-untold = Er sagt nicht, ob er seine Daten behält. Sorg dafür, dass appendonly yes und maxmemory-policy noeviction gelten.
doctor-store-forgets = Er hat appendonly no: Nach einem Absturz sind Ausgaben und bezahlte Bestellungen vergessen. Setz `appendonly yes`.
doctor-store-evicts = Ist er voll, verwirft er Daten ({ $policy }), auch Geld und Bestellungen. Setz `maxmemory-policy noeviction`.
doctor-store-full = Er hat { $percent } % von maxmemory belegt; ist alles belegt, schreibt er nicht mehr. Erhöhe die Grenze.
doctor-store-is-full = Er ist voll ({ $percent } % von maxmemory) und schreibt nicht mehr, darum wird nichts beantwortet. Erhöhe die Grenze.
doctor-store-cannot-write = Er konnte seine Datei zuletzt nicht schreiben: Vielleicht ist die Platte voll. Sein eigenes Log sagt, warum.
doctor-store-away = Er antwortet nicht ({ $problem }). Prüf { $setting }{ $setting ->
    [REDIS_URL] , und ob der Server läuft
   *[DATA_DIR] {""}
}.
doctor-store-queue = Die Warteschlange der Bilder ist nicht benutzbar ({ $problem }). Erlaube dem Benutzer des Bots das Abonnieren: `&*` in seiner ACL, und das richtige Passwort.
doctor-store-sealed = Ein Teil des früher Geschriebenen ist nicht lesbar: Kein Schlüssel in CONTENT_KEY öffnet { $unreadable } der { $looked } geprüften Texte. Häng den fehlenden Schlüssel nach einem Komma an.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY ist leer: Jede Antwort ist erfunden. Setz den Schlüssel für echte.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: Jede Antwort ist erfunden, obwohl es einen Schlüssel gibt. Setz es auf 0 für echte.
doctor-api-reached = Erreicht in { $ms } ms
doctor-api-not-tried = Der Schlüssel wurde nicht probiert; `doctor --spend` tut das, mit dem billigsten Aufruf, den es gibt.
doctor-api-answers = Der Schlüssel ist gut: { $model } hat für { $cost } geantwortet
doctor-api-key = Der Schlüssel wird abgelehnt ({ $cause }). Kopiere ihn noch einmal von minitoolai.com nach MINITOOLAI_API_KEY.
doctor-api-balance = Der Schlüssel ist gut, aber das Guthaben ist aufgebraucht ({ $cause }). Lad es bei minitoolai.com auf.
doctor-api-refused = MiniToolAI lehnt selbst die billigste Anfrage ab ({ $cause }). Sieh auf minitoolai.com nach, was dieser Schlüssel darf.
doctor-api-no-model = { $model } ist dort nicht zu finden ({ $cause }). Prüf MINITOOLAI_BASE_URL; wenn sie stimmt, hat MiniToolAI dieses Modell nicht mehr.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = Der Bot kann nicht starten, also wurde der Schlüssel nicht probiert: { $problem }

doctor-discord-me = Angemeldet als { $name }
doctor-discord-token = Das Token wird abgelehnt. Mach im Entwicklerportal ein neues (Bot → Reset Token) und trag es in DISCORD_TOKEN ein.
doctor-discord-intents = Alle Intents, die er braucht, sind gewährt{ $content ->
    [yes] , auch Message Content
   *[no] {""}; Message Content wird nicht gebraucht
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, aber der Intent ist nicht gewährt. Schalte im Entwicklerportal Bot → Message Content Intent ein oder setz es auf 0.
doctor-discord-endpoint = Im Entwicklerportal steht eine „Interactions Endpoint URL“, also gehen Befehle dorthin und erreichen diesen Bot nie. Entferne sie.
doctor-discord-code-grant = „Requires OAuth2 Code Grant“ ist an, also kann niemand den Bot über seinen Link hinzufügen. Schalte es im Entwicklerportal unter Bot aus.
doctor-discord-private = Nur du kannst diesen Bot zu Servern hinzufügen. Schalte im Entwicklerportal Bot → Public Bot ein, wenn andere es auch sollen.
doctor-discord-no-user-install = Niemand kann ihn dem eigenen Konto hinzufügen, nur Servern. Aktiviere im Entwicklerportal Installation → User Install, wenn das gehen soll.
doctor-discord-invite = Lad ihn mit genau den Berechtigungen ein, die er braucht: { $url }
doctor-discord-commands = Befehle in seinem Menü: { $count }
doctor-discord-commands-differ = Sein Menü ist nicht das dieser Version; `run` aktualisiert es beim Start.
doctor-discord-starts = Heute sind noch { $left } Starts übrig; der Bot braucht jedes Mal { $shards }
doctor-discord-few-starts = Heute sind nur noch wenige Starts übrig ({ $left }, der Bot braucht jedes Mal { $shards }): Etwas startet den Bot immer wieder. Finde heraus, was, bevor keiner mehr übrig ist.
doctor-discord-no-starts = Heute sind keine Starts mehr übrig; Discord erlaubt in { $hours } h neue. Finde heraus, was den Bot immer wieder startet.
doctor-discord-shards = DISCORD_SHARDS zählt { $chosen } Shards, aber Discord will { $wanted } für so viele Server. Erhöhe die Zahl nach dem Schrägstrich in jedem Prozess.
doctor-discord-servers = { $count ->
    [one] Er hat alle Berechtigungen, die er braucht, auf seinem einzigen Server
   *[other] Er hat alle Berechtigungen, die er braucht, auf seinen { $count } Servern
}
doctor-discord-server = Auf „{ $server }“ fehlt ihm: { $names }. Gib sie dort der Rolle des Bots oder lad ihn mit dem Link oben noch einmal ein.
doctor-discord-servers-more = Weitere Server, auf denen ihm eine Berechtigung fehlt: { $count }.
doctor-discord-no-servers = Er ist noch auf keinem Server. Öffne den Link oben.

doctor-telegram-me = Angemeldet als @{ $name }
doctor-telegram-token = Das Token wird abgelehnt. Bitte @BotFather um ein neues (/token) und trag es in TELEGRAM_TOKEN ein.
doctor-telegram-privacy = Der Privacy Mode ist an: In Gruppen hört er Befehle, Erwähnungen und Antworten, und von einem Album sieht er nur das Bild mit der Frage. Sag @BotFather /setprivacy → Disable, wenn er Alben sehen soll.
doctor-telegram-reads-all = Der Privacy Mode ist aus: Er hört alles, was in seinen Gruppen gesagt wird, und antwortet auf Befehle, Erwähnungen und Antworten
doctor-telegram-no-groups = Er kann zu keiner Gruppe hinzugefügt werden. Sag @BotFather /setjoingroups → Enable, wenn das gehen soll.
doctor-telegram-inline = Der Inline-Modus ist an
doctor-telegram-no-inline = Der Inline-Modus ist aus. Sag @BotFather /setinline, wenn man aus jedem Chat fragen können soll.
doctor-telegram-polling = Es ist kein Webhook gesetzt, wie es beim Abholen sein soll
doctor-telegram-webhook = Der Webhook ist richtig gesetzt, und in letzter Zeit ging nichts schief
doctor-telegram-webhook-set = Ein Webhook auf { $host } ist gesetzt, aber TELEGRAM_WEBHOOK_URL ist leer. `run` nimmt ihn beim Start weg; benutzt noch etwas anderes dieses Token, gib jedem einen eigenen Bot.
doctor-telegram-webhook-unset = Der Webhook ist noch nicht gesetzt; `run` tut das beim Start.
doctor-telegram-webhook-other = Der Webhook führt zu { $host } und nicht dorthin, wohin TELEGRAM_WEBHOOK_URL zeigt. `run` ändert ihn beim Start; benutzt noch etwas anderes dieses Token, gib jedem einen eigenen Bot.
doctor-telegram-webhook-error = Telegram konnte dem Webhook nichts zustellen: { $error }. Prüf den Reverse Proxy, sein Zertifikat, und ob `run` läuft.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL ist nicht https, was Telegram ablehnt. Setz einen Reverse Proxy mit TLS vor WEB_PORT.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL hat einen Port, den Telegram nicht anspricht. Erlaubt sind: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL endet nicht auf { $path }, wo Updates angenommen werden. Korrigiere das, falls kein Reverse Proxy dorthin führt.
doctor-telegram-waiting = Wartende Updates: { $count }. Starte `run` oder sieh in seinem Log nach, warum er nicht nachkommt.
doctor-telegram-served = Ein `run` von dir holt die Updates
doctor-telegram-not-listened = Ob noch jemand Updates mit diesem Token holt, wurde nicht probiert: Ohne den Speicher ist nicht zu erkennen, ob es ein `run` von dir ist.
doctor-telegram-alone = Niemand sonst holt Updates mit diesem Token
doctor-telegram-polled-elsewhere = Jemand anders holt Updates mit diesem Token und bekommt die Hälfte davon. Beende das andere Programm oder bitte @BotFather um ein neues Token (/revoke).

doctor-clock = Stimmt überein mit: { $names }
doctor-clock-unknown = Nichts war erreichbar, womit sie sich vergleichen ließe
doctor-clock-ahead = Die Uhr dieses Rechners geht { $seconds } s vor (verglichen mit: { $names }). Schalte den Zeitabgleich ein (`timedatectl set-ntp true`).
doctor-clock-behind = Die Uhr dieses Rechners geht { $seconds } s nach (verglichen mit: { $names }). Schalte den Zeitabgleich ein (`timedatectl set-ntp true`).
