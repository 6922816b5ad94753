# O que `minitool-bots doctor` diz: como as coisas estão e, onde não estão bem, o que fazer.
doctor-part-versions = Versões
doctor-part-settings = Configuração
doctor-part-disk = Disco
doctor-part-web = Web
doctor-part-store = Armazenamento
doctor-part-api = MiniToolAI
doctor-part-discord = Discord
doctor-part-telegram = Telegram
doctor-part-clock = Relógio
doctor-sum = { $failed ->
    [0] { $warned ->
        [0] Está tudo bem.
        [one] Nada está quebrado; um ponto merece atenção.
       *[other] Nada está quebrado; { $warned } pontos merecem atenção.
    }
    [one] Um ponto precisa de conserto.
   *[other] { $failed } pontos precisam de conserto.
}
doctor-rest-not-checked = Todo o resto é verificado assim que a configuração puder ser lida.
doctor-unreachable = Não dá para acessar { $who } ({ $problem }). Verifique a rede, um firewall ou proxy, e { $setting }.
doctor-refused = { $who } recusou a consulta (HTTP { $status }). Tente de novo em alguns minutos.
doctor-odd-answer = A resposta não é a que esta versão espera ({ $problem }). Verifique o endereço; se estiver certo, procure uma versão mais nova.
doctor-no-token = Sem token; { $guide } explica como conseguir um para { $setting }.

doctor-python = Python { $python }
doctor-python-other = O Python { $python } não foi testado com este programa; use 3.11, 3.12 ou 3.13.
doctor-packages = { $name } { $version }, todos os pacotes como devem ser
doctor-package-missing = Falta o pacote { $name }. Rode `make run` uma vez ou instale requirements/runtime.lock.
doctor-package-other = { $name } está na versão { $found }, mas precisa ser { $wanted }. Instale requirements/runtime.lock.

doctor-settings-read = Legível e coerente
doctor-setting-wrong = { $problem } (.env.example explica cada configuração.)
doctor-setting-unknown = O .env define { $name }, que não é uma configuração. Remova ou procure o nome em .env.example.
doctor-setting-meant = O .env define { $name }, que não é uma configuração. Você quis dizer { $meant }?
doctor-env-none = Não há .env em { $folder }: só valem o ambiente e os valores padrão.
doctor-env-readable = Outras contas desta máquina podem ler o .env e os tokens dele. Rode `chmod { $mode } .env`.
doctor-file = { $problem }. Corrija o arquivo ou deixe a configuração vazia.
doctor-models = Modelos: { $chat } para responder, { $image } para desenhar
doctor-model-unknown = { $name } é “{ $model }”, que não está no catálogo. Opções: { $known }.
doctor-model-blind = VISION_MODEL { $model } não vê imagens. Escolha um modelo que tenha “vision” no catálogo.
doctor-no-admins = ADMINS está vazio: ninguém pode usar /admin. Coloque lá seu próprio id, como em discord:1234.
doctor-no-global-cap = GLOBAL_DAILY_USD e GLOBAL_MONTHLY_USD estão desligados: nada limita o que todo mundo gasta junto. Defina um dos dois.
doctor-key-no-https = MINITOOLAI_BASE_URL não é https: a chave e todas as perguntas trafegam sem criptografia. Use um endereço https.
doctor-link-no-web = IMAGE_TRANSPORT=link precisa do servidor web, mas WEB_PORT é 0. Defina uma porta ou IMAGE_TRANSPORT=inline.
doctor-link-no-https = PUBLIC_URL não é https: as imagens trafegariam sem criptografia, e talvez nem sejam buscadas. Use um endereço https.

doctor-disk = { $free } MB livres para DATA_DIR
doctor-disk-low = Só há { $free } MB livres para DATA_DIR, que contém { $kept } MB e precisa de outro tanto quando o arquivo é reescrito. Libere espaço.
doctor-disk-full = Só há { $free } MB livres para DATA_DIR: em breve o armazenamento não vai mais gravar. Libere espaço agora.
doctor-data-dir = Não dá para gravar em DATA_DIR { $path }. Corrija as permissões ou defina outra pasta em DATA_DIR.

doctor-web-off = Desligado (WEB_PORT=0)
doctor-web-free = { $where } está livre
doctor-web-run = Um `run` atende em { $where } e informa que está tudo bem
doctor-web-run-degraded = O `run` em { $where } informa um problema: { $sick }. O log dele diz por quê.
doctor-web-taken = Não dá para atender em { $where }: { $problem }. Pare o outro programa ou mude WEB_PORT ou WEB_HOST.
doctor-web-shut = Não dá para atender em { $where }: { $problem }. Mude WEB_PORT ou WEB_HOST.

doctor-store = { $version } responde em { $ms } ms
doctor-store-slow = { $version } leva { $ms } ms para responder, e cada pergunta o consulta várias vezes. Coloque-o mais perto do bot.
doctor-store-durable = Tudo é gravado em disco, e nada é descartado
doctor-store-untold = Ele não diz se guarda seus dados. Confira se tem appendonly yes e maxmemory-policy noeviction.
doctor-store-forgets = Ele tem appendonly no: depois de uma queda, gastos e pedidos pagos são esquecidos. Defina `appendonly yes`.
doctor-store-evicts = Quando está cheio, ele descarta dados ({ $policy }), inclusive dinheiro e pedidos. Defina `maxmemory-policy noeviction`.
doctor-store-full = Ele já usou { $percent }% do maxmemory; quando encher, não vai mais gravar. Aumente o limite.
doctor-store-is-full = Ele está cheio ({ $percent }% do maxmemory) e não grava mais, por isso nada é respondido. Aumente o limite.
doctor-store-cannot-write = Da última vez ele não conseguiu gravar o arquivo: o disco pode estar cheio. O próprio log dele diz por quê.
doctor-store-away = Ele não responde ({ $problem }). Verifique { $setting }{ $setting ->
    [REDIS_URL] {" "}e se o servidor está rodando
   *[DATA_DIR] {""}
}.
doctor-store-queue = A fila de imagens não pode ser usada ({ $problem }). Permita que o usuário do bot assine canais: `&*` na ACL dele, e a senha certa.
doctor-store-sealed = Parte do que foi escrito antes não pode ser lida: nenhuma chave de CONTENT_KEY abre { $unreadable } dos { $looked } textos verificados. Acrescente a chave que falta depois de uma vírgula.
doctor-store-setting = { $problem }

doctor-api-simulated = MINITOOLAI_API_KEY está vazia: todas as respostas são inventadas. Defina a chave para ter respostas de verdade.
doctor-api-simulated-though = MINITOOLAI_SIMULATED=1: todas as respostas são inventadas, embora haja uma chave. Defina 0 para ter respostas de verdade.
doctor-api-reached = Acessada em { $ms } ms
doctor-api-not-tried = A chave não foi testada; `doctor --spend` faz isso, com a chamada mais barata possível.
doctor-api-answers = A chave funciona: { $model } respondeu por { $cost }
doctor-api-key = A chave foi recusada ({ $cause }). Copie-a de novo de minitoolai.com para MINITOOLAI_API_KEY.
doctor-api-balance = A chave funciona, mas o saldo acabou ({ $cause }). Recarregue em minitoolai.com.
doctor-api-refused = A MiniToolAI recusa até a chamada mais barata ({ $cause }). Veja em minitoolai.com o que esta chave permite.
doctor-api-no-model = { $model } não foi encontrado lá ({ $cause }). Verifique MINITOOLAI_BASE_URL; se estiver certa, a MiniToolAI não tem mais esse modelo.
doctor-api-failed = { $sentence } ({ $cause })
doctor-api-no-start = O bot não consegue iniciar, então a chave não foi testada: { $problem }

doctor-discord-me = Conectado como { $name }
doctor-discord-token = O token foi recusado. Crie um novo no portal do desenvolvedor (Bot → Reset Token) e coloque-o em DISCORD_TOKEN.
doctor-discord-intents = Todos os intents de que ele precisa foram concedidos{ $content ->
    [yes] , inclusive Message Content
   *[no] {""}; Message Content não é necessário
}
doctor-discord-intent = DISCORD_MESSAGE_CONTENT=1, mas o intent não foi concedido. Ative Bot → Message Content Intent no portal do desenvolvedor ou defina 0.
doctor-discord-endpoint = Há uma “Interactions Endpoint URL” definida no portal do desenvolvedor, então os comandos vão para lá e nunca chegam a este bot. Remova-a.
doctor-discord-code-grant = “Requires OAuth2 Code Grant” está ativado, então ninguém consegue adicionar o bot pelo link. Desative em Bot, no portal do desenvolvedor.
doctor-discord-private = Só você pode adicionar este bot a servidores. Ative Bot → Public Bot no portal do desenvolvedor se quiser que outras pessoas também possam.
doctor-discord-no-user-install = Ninguém pode adicioná-lo à própria conta, só a servidores. Marque Installation → User Install no portal do desenvolvedor para permitir.
doctor-discord-invite = Convide-o com exatamente as permissões de que ele precisa: { $url }
doctor-discord-commands = Comandos no menu dele: { $count }
doctor-discord-commands-differ = O menu dele não é o desta versão; `run` o atualiza ao iniciar.
doctor-discord-starts = Inícios que restam hoje: { $left }; cada um usa { $shards }
doctor-discord-few-starts = Restam poucos inícios hoje ({ $left }; cada um usa { $shards }): algo fica reiniciando o bot. Descubra o quê antes que acabem.
doctor-discord-no-starts = Não resta nenhum início hoje; o Discord libera novos em { $hours } h. Descubra o que fica reiniciando o bot.
doctor-discord-shards = DISCORD_SHARDS conta { $chosen } shards, mas o Discord quer { $wanted } para tantos servidores. Aumente o número depois da barra em cada processo.
doctor-discord-servers = { $count ->
    [one] Ele tem todas as permissões de que precisa em seu único servidor
   *[other] Ele tem todas as permissões de que precisa em seus { $count } servidores
}
doctor-discord-server = Em “{ $server }” falta ao bot: { $names }. Conceda isso ao cargo dele lá, ou convide-o de novo com o link acima.
doctor-discord-servers-more = Outros servidores em que falta alguma permissão: { $count }.
doctor-discord-no-servers = Ele ainda não está em nenhum servidor. Abra o link acima.

doctor-telegram-me = Conectado como @{ $name }
doctor-telegram-token = O token foi recusado. Peça um novo ao @BotFather (/token) e coloque-o em TELEGRAM_TOKEN.
doctor-telegram-privacy = O Privacy Mode está ligado: em grupos ele recebe comandos, menções e respostas, e de um álbum só a imagem com a pergunta. Para ele ver álbuns: /setprivacy → Disable no @BotFather.
doctor-telegram-reads-all = O Privacy Mode está desligado: ele recebe tudo o que se diz nos grupos, e responde a comandos, menções e respostas
doctor-telegram-no-groups = Ele não pode ser adicionado a grupos. Para permitir, diga ao @BotFather /setjoingroups → Enable.
doctor-telegram-inline = O modo inline está ligado
doctor-telegram-no-inline = O modo inline está desligado. Diga ao @BotFather /setinline se quiser que as pessoas possam perguntar de qualquer chat.
doctor-telegram-polling = Nenhum webhook definido, como deve ser para polling
doctor-telegram-webhook = O webhook está definido corretamente, e nada deu errado ultimamente
doctor-telegram-webhook-set = Há um webhook definido para { $host }, mas TELEGRAM_WEBHOOK_URL está vazia. `run` o remove ao iniciar; se outra coisa usa este token, dê a cada um o seu próprio bot.
doctor-telegram-webhook-unset = O webhook ainda não está definido; `run` faz isso ao iniciar.
doctor-telegram-webhook-other = O webhook leva a { $host } e não ao endereço de TELEGRAM_WEBHOOK_URL. `run` o muda ao iniciar; se outra coisa usa este token, dê a cada um o seu próprio bot.
doctor-telegram-webhook-error = O Telegram não conseguiu entregar ao webhook: { $error }. Verifique o proxy reverso, o certificado dele e se `run` está rodando.
doctor-telegram-webhook-https = TELEGRAM_WEBHOOK_URL não é https, e o Telegram recusa isso. Coloque um proxy reverso com TLS na frente de WEB_PORT.
doctor-telegram-webhook-port = TELEGRAM_WEBHOOK_URL tem uma porta que o Telegram não chama. As portas possíveis: { $ports }.
doctor-telegram-webhook-path = TELEGRAM_WEBHOOK_URL não termina em { $path }, onde as atualizações são recebidas. Corrija, a não ser que um proxy reverso encaminhe para lá.
doctor-telegram-waiting = Atualizações em espera: { $count }. Inicie `run`, ou veja no log por que ele não dá conta.
doctor-telegram-served = Um `run` seu busca as atualizações
doctor-telegram-not-listened = Não foi testado se mais alguém busca atualizações com este token: sem o armazenamento não dá para saber se é um `run` seu.
doctor-telegram-alone = Ninguém mais busca atualizações com este token
doctor-telegram-polled-elsewhere = Mais alguém busca atualizações com este token, e fica com metade delas. Pare o outro programa ou peça um novo token ao @BotFather (/revoke).

doctor-clock = Mesma hora que: { $names }
doctor-clock-unknown = Não foi possível contatar nenhum servidor para comparar a hora
doctor-clock-ahead = O relógio desta máquina está { $seconds } s adiantado (comparado com: { $names }). Ative a sincronização de horário (`timedatectl set-ntp true`).
doctor-clock-behind = O relógio desta máquina está { $seconds } s atrasado (comparado com: { $names }). Ative a sincronização de horário (`timedatectl set-ntp true`).
