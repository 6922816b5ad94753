# Ce que dit `minitool-bots doctor` : comment ça va et, quand ça ne va pas, que faire.
doctor-part-versions = Versions
doctor-part-settings = Configuration
doctor-part-disk = Disque
doctor-part-web = Web
doctor-part-store = Stockage
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Horloge
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Tout va bien.
        [one] Rien n’est cassé ; un point mérite un coup d’œil.
       *[other] Rien n’est cassé ; { $warned } points méritent un coup d’œil.
    }
    [one] Un point est à réparer.
   *[other] { $failed } points sont à réparer.
}
doctor-rest-not-checked = Tout le reste sera vérifié dès que la configuration sera lisible.
doctor-unreachable = { $who } est injoignable ({ $problem }). Vérifie le réseau, un pare-feu ou un proxy, et { $setting }.
doctor-refused = { $who } a refusé de répondre (HTTP { $status }). Réessaie dans quelques minutes.
doctor-odd-answer = La réponse n’est pas celle qu’attend cette version ({ $problem }). Vérifie l’adresse ; si elle est juste, cherche une version plus récente.
doctor-no-token = Pas de token ; { $guide } explique comment en obtenir un pour { $setting }.

doctor-python = Python { $python }
doctor-python-other = Python { $python } n’a pas été testé avec ce programme ; utilise 3.11, 3.12 ou 3.13.
doctor-packages = { $name } { $version }, tous les paquets sont comme il faut
doctor-package-missing = Il manque le paquet { $name }. Lance une fois `make run`, ou installe requirements/runtime.lock.
doctor-package-other = { $name } est en version { $found }, mais il faut { $wanted }. Installe requirements/runtime.lock.

doctor-settings-read = Lisible et cohérente
doctor-setting-wrong = { $problem } (.env.example explique chaque paramètre.)
doctor-setting-unknown = .env définit { $name }, qui n’est pas un paramètre. Retire-le, ou cherche son nom dans .env.example.
doctor-setting-meant = .env définit { $name }, qui n’est pas un paramètre. Voulais-tu dire { $meant } ?
doctor-env-none = Il n’y a pas de .env dans { $folder } : seuls s’appliquent l’environnement et les valeurs par défaut.
doctor-env-readable = Les autres comptes de cette machine peuvent lire .env et ses tokens. Lance `chmod { $mode } .env`.
doctor-file = { $problem }. Corrige le fichier, ou laisse le paramètre vide.
doctor-models = Modèles : { $chat } pour répondre, { $image } pour dessiner
doctor-model-unknown = { $name } vaut « { $model } », qui n’est pas dans le catalogue. Choix possibles : { $known }.
doctor-model-blind = VISION_MODEL { $model } ne voit pas les images. Choisis un modèle qui a « vision » dans le catalogue.
doctor-no-admins = ADMINS est vide : personne ne peut utiliser /admin. Mets-y ton propre identifiant, par exemple discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD et GLOBAL_MONTHLY_USD sont désactivés : rien ne limite ce que tout le monde dépense ensemble. Définis l’un des deux.
doctor-key-no-https = MINITOOLAI_BASE_URL n’est pas en https : la clé et toutes les questions circulent en clair. Utilise une adresse https.
doctor-link-no-web = IMAGE_TRANSPORT=link a besoin du serveur web, mais WEB_PORT vaut 0. Définis un port, ou IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL n’est pas en https : les images circuleraient en clair, et risquent de ne pas être récupérées. Utilise une adresse https.

doctor-disk = { $free } Mo libres pour DATA_DIR
doctor-disk-low = Il ne reste que { $free } Mo libres pour DATA_DIR, qui contient { $kept } Mo et en demande encore autant quand son fichier est réécrit. Fais de la place.
doctor-disk-full = Il ne reste que { $free } Mo libres pour DATA_DIR : le stockage refusera bientôt d’écrire. Fais de la place maintenant.
doctor-data-dir = Impossible d’écrire dans DATA_DIR { $path }. Corrige ses droits, ou choisis un autre dossier pour DATA_DIR.

doctor-web-off = Désactivé (WEB_PORT=0)
doctor-web-free = { $where } est libre
doctor-web-run = Un `run` sert { $where } et signale que tout va bien
doctor-web-run-degraded = Le `run` sur { $where } signale un problème : { $sick }. Son journal dit pourquoi.
doctor-web-taken = Impossible de servir { $where } : { $problem }. Arrête l’autre programme, ou change WEB_PORT ou WEB_HOST.
doctor-web-shut = Impossible de servir { $where } : { $problem }. Change WEB_PORT ou WEB_HOST.

doctor-store = { $version } répond en { $ms } ms
doctor-store-slow = { $version } met { $ms } ms à répondre, et chaque question l’interroge plusieurs fois. Rapproche-le du bot.
doctor-store-durable = Tout est écrit sur le disque, et rien n’est jeté
doctor-store-untold = Il ne dit pas s’il conserve ses données. Vérifie qu’il a bien appendonly yes et maxmemory-policy noeviction.
doctor-store-forgets = Il a appendonly no : après un plantage, l’argent dépensé et les commandes payées sont oubliés. Mets `appendonly yes`.
doctor-store-evicts = Quand il est plein, il jette des données ({ $policy }), y compris l’argent et les commandes. Mets `maxmemory-policy noeviction`.
doctor-store-full = Il a utilisé { $percent } % de son maxmemory ; une fois plein, il refusera d’écrire. Augmente la limite.
doctor-store-is-full = Il est plein ({ $percent } % de son maxmemory) et refuse d’écrire : rien n’obtient de réponse. Augmente la limite.
doctor-store-cannot-write = Il n’a pas pu écrire son fichier la dernière fois : le disque est peut-être plein. Son propre journal dit pourquoi.
doctor-store-away = Il ne répond pas ({ $problem }). Vérifie { $setting }{ $setting ->
    [REDIS_URL] , et que le serveur tourne
   *[DATA_DIR] {""}
}.
doctor-store-queue = La file d’attente des images est inutilisable ({ $problem }). Permets à l’utilisateur du bot de s’abonner : `&*` dans son ACL, et le bon mot de passe.
doctor-store-sealed = Une partie de ce qui a été écrit avant est illisible : aucune clé de CONTENT_KEY n’ouvre { $unreadable } des { $looked } textes examinés. Ajoute la clé manquante après une virgule.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY est vide : toutes les réponses sont inventées. Renseigne la clé pour en avoir de vraies.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1 : toutes les réponses sont inventées, bien qu’il y ait une clé. Mets 0 pour en avoir de vraies.
doctor-api-reached = Joint en { $ms } ms
doctor-api-not-tried = La clé n’a pas été essayée ; `doctor --spend` le fait, avec l’appel le moins cher possible.
doctor-api-answers = La clé est bonne : { $model } a répondu pour { $cost }
doctor-api-key = La clé est refusée ({ $cause }). Copie-la de nouveau depuis minitoolai.com dans MINITOOLAI_API_KEY.
doctor-api-balance = La clé est bonne, mais le solde est épuisé ({ $cause }). Recharge-le sur minitoolai.com.
doctor-api-refused = MiniToolAI refuse même l’appel le moins cher ({ $cause }). Regarde sur minitoolai.com ce que cette clé permet.
doctor-api-no-model = { $model } y est introuvable ({ $cause }). Vérifie MINITOOLAI_BASE_URL ; si elle est juste, MiniToolAI n’a plus ce modèle.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = Le bot ne peut pas démarrer, donc la clé n’a pas été essayée : { $problem }

doctor-discord-me = Connecté en tant que { $name }
doctor-discord-token = Le token est refusé. Crée-en un nouveau dans le portail des développeurs (Bot → Reset Token) et mets-le dans DISCORD_TOKEN.
doctor-discord-intents = Tous les intents dont il a besoin sont accordés{ $content ->
    [yes] , y compris Message Content
   *[no] {""} ; Message Content n’est pas nécessaire
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, mais l’intent n’est pas accordé. Active Bot → Message Content Intent dans le portail des développeurs, ou mets 0.
doctor-discord-endpoint = Une « Interactions Endpoint URL » est définie dans le portail des développeurs : les commandes partent là-bas et n’arrivent jamais à ce bot. Retire-la.
doctor-discord-code-grant = « Requires OAuth2 Code Grant » est activé, donc personne ne peut ajouter le bot par son lien. Désactive-le sous Bot dans le portail des développeurs.
doctor-discord-private = Personne d’autre que toi ne peut ajouter ce bot à des serveurs. Active Bot → Public Bot dans le portail des développeurs si d’autres doivent pouvoir le faire.
doctor-discord-no-user-install = On ne peut pas l’ajouter à son compte, seulement à des serveurs. Coche Installation → User Install dans le portail des développeurs pour le permettre.
doctor-discord-invite = Invite-le avec exactement les permissions dont il a besoin : { $url }
doctor-discord-commands = Commandes dans son menu : { $count }
doctor-discord-commands-differ = Son menu n’est pas celui de cette version ; `run` le met à jour au démarrage.
doctor-discord-starts = Démarrages encore possibles aujourd’hui : { $left }, chacun en demande { $shards }
doctor-discord-few-starts = Peu de démarrages sont encore possibles aujourd’hui ({ $left }, chacun en demande { $shards }) : quelque chose redémarre sans cesse le bot. Trouve quoi avant qu’il n’en reste plus.
doctor-discord-no-starts = Plus aucun démarrage possible aujourd’hui ; Discord en permettra de nouveaux dans { $hours } h. Trouve ce qui redémarre sans cesse le bot.
doctor-discord-shards = DISCORD_SHARDS compte { $chosen } shards, mais Discord en veut { $wanted } pour autant de serveurs. Augmente le nombre après la barre oblique dans chaque processus.
doctor-discord-servers = { $count ->
    [one] Il a toutes les permissions nécessaires sur son unique serveur
   *[other] Il a toutes les permissions nécessaires sur ses { $count } serveurs
}
doctor-discord-server = Sur « { $server } », il lui manque : { $names }. Donne-les au rôle du bot sur ce serveur, ou invite-le de nouveau avec le lien ci-dessus.
doctor-discord-servers-more = Autres serveurs où il lui manque une permission : { $count }.
doctor-discord-no-servers = Il n’est encore sur aucun serveur. Ouvre le lien ci-dessus.

doctor-telegram-me = Connecté en tant que @{ $name }
doctor-telegram-token = Le token est refusé. Demandes-en un nouveau à @BotFather (/token) et mets-le dans TELEGRAM_TOKEN.
doctor-telegram-privacy = Le Privacy Mode est activé : dans les groupes, il reçoit les commandes, les mentions et les réponses, et d’un album seulement l’image qui porte la question. S’il doit voir les albums : /setprivacy → Disable chez @BotFather.
doctor-telegram-reads-all = Le Privacy Mode est désactivé : il reçoit tout ce qui se dit dans ses groupes, et répond aux commandes, aux mentions et aux réponses
doctor-telegram-no-groups = Il ne peut pas être ajouté à des groupes. Pour le permettre, dis à @BotFather /setjoingroups → Enable.
doctor-telegram-inline = Le mode inline est activé
doctor-telegram-no-inline = Le mode inline est désactivé. Pour qu’on puisse poser des questions depuis n’importe quelle discussion, dis à @BotFather /setinline.
doctor-telegram-polling = Aucun webhook n’est défini, comme il se doit pour le polling
doctor-telegram-webhook = Le webhook est défini comme il faut, et rien n’a échoué récemment
doctor-telegram-webhook-set = Un webhook vers { $host } est défini, mais TELEGRAM_WEBHOOK_URL est vide. `run` le retire au démarrage ; si autre chose utilise ce token, donne à chacun son propre bot.
doctor-telegram-webhook-unset = Le webhook n’est pas encore défini ; `run` le définit au démarrage.
doctor-telegram-webhook-other = Le webhook mène à { $host } et non à l’adresse de TELEGRAM_WEBHOOK_URL. `run` le change au démarrage ; si autre chose utilise ce token, donne à chacun son propre bot.
doctor-telegram-webhook-error = Telegram n’a rien pu livrer au webhook : { $error }. Vérifie le proxy inverse, son certificat, et que `run` tourne.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL n’est pas en https, ce que Telegram refuse. Place un proxy inverse avec TLS devant WEB_PORT.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL a un port que Telegram n’appelle pas. Ports possibles : { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL ne se termine pas par { $path }, là où les mises à jour sont reçues. Corrige-la, sauf si un proxy inverse y mène.
doctor-telegram-waiting = Mises à jour en attente : { $count }. Lance `run`, ou regarde dans son journal pourquoi il ne suit pas.
doctor-telegram-served = Un de tes `run` récupère les mises à jour
doctor-telegram-not-listened = On n’a pas essayé de savoir si quelqu’un d’autre interroge Telegram avec ce token : sans le stockage, on ne peut pas savoir si c’est l’un de tes `run`.
doctor-telegram-alone = Personne d’autre n’interroge Telegram avec ce token
doctor-telegram-polled-elsewhere = Quelqu’un d’autre interroge Telegram avec ce token, et récupère la moitié des mises à jour. Arrête l’autre programme, ou demande un nouveau token à @BotFather (/revoke).

doctor-clock = Même heure que : { $names }
doctor-clock-unknown = Aucun serveur n’a pu être joint pour comparer l’heure
doctor-clock-ahead = L’horloge de cette machine avance de { $seconds } s (comparée à : { $names }). Active la synchronisation de l’heure (`timedatectl set-ntp true`).
doctor-clock-behind = L’horloge de cette machine retarde de { $seconds } s (comparée à : { $names }). Active la synchronisation de l’heure (`timedatectl set-ntp true`).
