# Lo que dice `minitool-bots doctor`: cómo está todo y, donde algo no está bien, qué hacer.
doctor-part-versions = Versiones
doctor-part-settings = Configuración
doctor-part-disk = Disco
doctor-part-web = Web
doctor-part-store = Almacenamiento
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Reloj
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Todo está bien.
        [one] Nada está roto; hay una cosa que merece un vistazo.
       *[other] Nada está roto; hay { $warned } cosas que merecen un vistazo.
    }
    [one] Hay una cosa rota.
   *[other] Hay { $failed } cosas rotas.
}
doctor-rest-not-checked = Todo lo demás se comprobará cuando la configuración se pueda leer.
doctor-unreachable = No se puede llegar a { $who } ({ $problem }). Comprueba la red, el cortafuegos o el proxy, y { $setting }.
doctor-refused = { $who } rechazó la consulta (HTTP { $status }). Inténtalo de nuevo en unos minutos.
doctor-odd-answer = La respuesta no es la que esta versión espera ({ $problem }). Comprueba la dirección; si es correcta, busca una versión más nueva.
doctor-no-token = Sin token; { $guide } explica cómo conseguir uno para { $setting }.

doctor-python = Python { $python }
doctor-python-other = Esto no se ha probado con Python { $python }; usa 3.11, 3.12 o 3.13.
doctor-packages = { $name } { $version }, todos los paquetes como deben estar
doctor-package-missing = Falta el paquete { $name }. Ejecuta `make run` una vez o instala requirements/runtime.lock.
doctor-package-other = { $name } es { $found }, pero se necesita { $wanted }. Instala requirements/runtime.lock.

doctor-settings-read = Se puede leer y es coherente
doctor-setting-wrong = { $problem } (.env.example explica cada ajuste.)
doctor-setting-unknown = .env define { $name }, que no es un ajuste. Quítalo o busca su nombre en .env.example.
doctor-setting-meant = .env define { $name }, que no es un ajuste. ¿Querías decir { $meant }?
doctor-env-none = No hay .env en { $folder }: solo se aplican el entorno y los valores por defecto.
doctor-env-readable = Otros usuarios de esta máquina pueden leer .env con sus tokens. Ejecuta `chmod { $mode } .env`.
doctor-file = { $problem }. Corrígelo o deja el ajuste vacío.
doctor-models = Modelos que responden: { $chat }; modelos que pintan: { $image }
doctor-model-unknown = { $name } es “{ $model }”, que no está en el catálogo. Disponibles: { $known }.
doctor-model-blind = VISION_MODEL { $model } no puede ver imágenes. Elige uno cuya entrada en el catálogo tenga “vision”.
doctor-no-admins = ADMINS está vacío: nadie puede usar /admin. Pon ahí tu propio ID, por ejemplo discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD y GLOBAL_MONTHLY_USD están desactivados: nada limita el gasto total. Define uno de los dos.
doctor-key-no-https = MINITOOLAI_BASE_URL no es https: la clave y todas las preguntas se envían sin cifrar. Usa una dirección https.
doctor-link-no-web = IMAGE_TRANSPORT=link necesita el servidor web, pero WEB_PORT es 0. Pon un puerto o IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL no es https: las imágenes se enviarían sin cifrar, y quizá ni siquiera se descarguen. Usa una dirección https.

doctor-disk = { $free } MB libres para DATA_DIR
doctor-disk-low = Solo hay { $free } MB libres para DATA_DIR, que ocupa { $kept } MB y necesita otro tanto cuando se reescribe su archivo. Haz sitio.
doctor-disk-full = Solo hay { $free } MB libres para DATA_DIR: el almacenamiento pronto se negará a escribir. Haz sitio ya.
doctor-data-dir = No se puede escribir en DATA_DIR { $path }. Corrige sus permisos o pon otra carpeta en DATA_DIR.

doctor-web-off = Desactivada (WEB_PORT=0)
doctor-web-free = { $where } está libre
doctor-web-run = Un `run` atiende en { $where } e informa de que todo va bien
doctor-web-run-degraded = El `run` de { $where } informa de un problema: { $sick }. Su registro dice por qué.
doctor-web-taken = No se puede atender en { $where }: { $problem }. Detén el otro programa o cambia WEB_PORT o WEB_HOST.
doctor-web-shut = No se puede atender en { $where }: { $problem }. Cambia WEB_PORT o WEB_HOST.

doctor-store = { $version } responde en { $ms } ms
doctor-store-slow = { $version } tarda { $ms } ms en responder, y cada pregunta lo consulta varias veces. Ponlo más cerca del bot.
doctor-store-durable = Todo se escribe en el disco y nada se desecha
doctor-store-untold = No dice si conserva sus datos. Asegúrate de que tenga appendonly yes y maxmemory-policy noeviction.
doctor-store-forgets = Tiene appendonly no: tras un fallo se olvidan el dinero gastado y los pedidos pagados. Pon `appendonly yes`.
doctor-store-evicts = Cuando se llena desecha datos ({ $policy }), incluidos dinero y pedidos. Pon `maxmemory-policy noeviction`.
doctor-store-full = Ha usado el { $percent } % de su maxmemory; al llenarse se negará a escribir. Aumenta el límite.
doctor-store-is-full = Está lleno ({ $percent } % de su maxmemory) y se niega a escribir, así que no se responde nada. Aumenta el límite.
doctor-store-cannot-write = La última vez no pudo escribir su archivo: quizá el disco está lleno. Su propio registro dice por qué.
doctor-store-away = No responde ({ $problem }). Comprueba { $setting }{ $setting ->
    [REDIS_URL] {" "}y que el servidor está en marcha
   *[DATA_DIR] {""}
}.
doctor-store-queue = La cola de imágenes no se puede usar ({ $problem }). Permite que el usuario del bot se suscriba: `&*` en su ACL, y la contraseña correcta.
doctor-store-sealed = Parte de lo escrito antes no se puede leer: ninguna clave de CONTENT_KEY abre { $unreadable } de los { $looked } textos revisados. Añade la clave que falta tras una coma.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY está vacía: todas las respuestas son inventadas. Pon la clave para tener respuestas reales.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: todas las respuestas son inventadas aunque hay una clave. Ponlo en 0 para tener respuestas reales.
doctor-api-reached = Respondió en { $ms } ms
doctor-api-not-tried = No se ha probado la clave; `doctor --spend` lo hace, con la llamada más barata posible.
doctor-api-answers = La clave es válida: { $model } respondió por { $cost }
doctor-api-key = MiniToolAI rechaza la clave ({ $cause }). Cópiala de nuevo de minitoolai.com en MINITOOLAI_API_KEY.
doctor-api-balance = La clave es válida, pero el saldo se agotó ({ $cause }). Recárgalo en minitoolai.com.
doctor-api-refused = MiniToolAI rechaza incluso la llamada más barata ({ $cause }). Mira en minitoolai.com qué puede hacer esta clave.
doctor-api-no-model = Allí no se encuentra { $model } ({ $cause }). Comprueba MINITOOLAI_BASE_URL; si es correcta, MiniToolAI ya no tiene este modelo.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = El bot no puede arrancar, así que no se probó la clave: { $problem }

doctor-discord-me = Sesión iniciada como { $name }
doctor-discord-token = Discord rechaza el token. Crea uno nuevo en el portal de desarrolladores (Bot → Reset Token) y ponlo en DISCORD_TOKEN.
doctor-discord-intents = Tiene todos los intents que necesita{ $content ->
    [yes] , también Message Content
   *[no] {""}; Message Content no hace falta
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, pero el intent no está concedido. Activa Bot → Message Content Intent en el portal de desarrolladores, o ponlo en 0.
doctor-discord-endpoint = Hay una “Interactions Endpoint URL” en el portal de desarrolladores, así que los comandos van allí y nunca llegan a este bot. Quítala.
doctor-discord-code-grant = “Requires OAuth2 Code Grant” está activado, así que nadie puede añadir el bot con su enlace. Desactívalo en Bot, en el portal de desarrolladores.
doctor-discord-private = Solo tú puedes añadir este bot a servidores. Activa Bot → Public Bot en el portal de desarrolladores si quieres que otras personas también puedan.
doctor-discord-no-user-install = Solo se puede añadir a servidores, no a la propia cuenta. Marca Installation → User Install en el portal de desarrolladores si quieres permitirlo.
doctor-discord-invite = Invítalo con exactamente los permisos que necesita: { $url }
doctor-discord-commands = { $count ->
    [one] Hay un comando en su menú
   *[other] Hay { $count } comandos en su menú
}
doctor-discord-commands-differ = Su menú no es el de esta versión; `run` lo actualiza al arrancar.
doctor-discord-starts = Arranques que quedan hoy: { $left }; cada uno necesita { $shards }
doctor-discord-few-starts = Hoy quedan pocos arranques ({ $left }; cada uno necesita { $shards }): algo arranca el bot una y otra vez. Averigua qué es antes de que se agoten.
doctor-discord-no-starts = Hoy no quedan arranques; Discord permitirá otros en { $hours } h. Averigua qué arranca el bot una y otra vez.
doctor-discord-shards = DISCORD_SHARDS cuenta { $chosen } shards, pero Discord quiere { $wanted } para tantos servidores. Aumenta el número tras la barra en cada proceso.
doctor-discord-servers = { $count ->
    [one] Tiene todos los permisos que necesita en su único servidor
   *[other] Tiene todos los permisos que necesita en sus { $count } servidores
}
doctor-discord-server = En “{ $server }” le falta: { $names }. Dáselo allí al rol del bot o invítalo de nuevo con el enlace de arriba.
doctor-discord-servers-more = Otros servidores en los que le falta algún permiso: { $count }.
doctor-discord-no-servers = Aún no está en ningún servidor. Abre el enlace de arriba.

doctor-telegram-me = Sesión iniciada como @{ $name }
doctor-telegram-token = Telegram rechaza el token. Pídele uno nuevo a @BotFather (/token) y ponlo en TELEGRAM_TOKEN.
doctor-telegram-privacy = El modo de privacidad está activado: en los grupos oye comandos, menciones y respuestas, y de un álbum solo ve la imagen con la pregunta. Si debe ver álbumes: /setprivacy → Disable en @BotFather.
doctor-telegram-reads-all = El modo de privacidad está desactivado: oye todo lo que se dice en sus grupos y responde a comandos, menciones y respuestas
doctor-telegram-no-groups = No se puede añadir a grupos. Envía a @BotFather /setjoingroups → Enable si quieres permitirlo.
doctor-telegram-inline = El modo inline está activado
doctor-telegram-no-inline = El modo inline está desactivado. Envía a @BotFather /setinline si quieres que se pueda preguntar desde cualquier chat.
doctor-telegram-polling = No hay ningún webhook, como debe ser para el polling
doctor-telegram-webhook = El webhook está bien puesto y últimamente nada ha fallado
doctor-telegram-webhook-set = Hay un webhook hacia { $host }, pero TELEGRAM_WEBHOOK_URL está vacío. `run` lo quita al arrancar; si otra cosa usa este token, dale a cada una su propio bot.
doctor-telegram-webhook-unset = El webhook aún no está puesto; `run` lo pone al arrancar.
doctor-telegram-webhook-other = El webhook lleva a { $host } y no adonde apunta TELEGRAM_WEBHOOK_URL. `run` lo cambia al arrancar; si otra cosa usa este token, dale a cada una su propio bot.
doctor-telegram-webhook-error = Telegram no pudo entregar nada al webhook: { $error }. Comprueba el proxy inverso, su certificado y que `run` está en marcha.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL no es https, y Telegram lo rechaza. Pon un proxy inverso con TLS delante de WEB_PORT.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL tiene un puerto al que Telegram no llama. Puede ser uno de estos: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL no termina en { $path }, donde se reciben las actualizaciones. Corrígelo, salvo que un proxy inverso redirija allí.
doctor-telegram-waiting = { $count ->
    [one] Hay una actualización esperando a que la recojan.
   *[other] Hay { $count } actualizaciones esperando a que las recojan.
} Inicia `run`, o mira en su registro por qué no da abasto.
doctor-telegram-served = Un `run` tuyo recoge las actualizaciones
doctor-telegram-not-listened = No se ha probado si alguien más hace polling con este token: sin el almacenamiento no se puede saber si es un `run` tuyo.
doctor-telegram-alone = Nadie más hace polling con este token
doctor-telegram-polled-elsewhere = Alguien más hace polling con este token y se lleva la mitad de las actualizaciones. Detén el otro programa o pídele a @BotFather un token nuevo (/revoke).

doctor-clock = Coincide con: { $names }
doctor-clock-unknown = No se pudo contactar con nadie para compararlo
doctor-clock-ahead = El reloj de esta máquina va { $seconds } s adelantado (comparado con: { $names }). Activa la sincronización de la hora (`timedatectl set-ntp true`).
doctor-clock-behind = El reloj de esta máquina va { $seconds } s atrasado (comparado con: { $names }). Activa la sincronización de la hora (`timedatectl set-ntp true`).
