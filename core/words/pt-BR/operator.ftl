# As páginas de gestão.
operator-title = Gestão
operator-skip = Ir para o conteúdo
operator-simulated = Nada disto foi cobrado.
operator-nav = Páginas
operator-nav-overview = Visão geral
operator-nav-spend = Gastos
operator-nav-people = Pessoas
operator-nav-chats = Chats
operator-nav-caps = Limites
operator-nav-access = Acesso
operator-nav-personas = Personas
operator-nav-catalogue = Preços
operator-nav-settings = Configuração
operator-nav-trail = Histórico
operator-login = Entrar
operator-login-about = Estas páginas mostram o que este bot gasta e quem pode usá-lo.
operator-login-go = Entrar
operator-login-wrong = Esta não é a senha.
operator-login-busy = Tentativas demais. Espere { $seconds ->
    [one] um segundo
   *[other] { $seconds } segundos
} e tente de novo.
operator-password = Senha
operator-logout = Sair
operator-refused = Este formulário não é mais válido
operator-refused-about = Ele veio de outra página, ou ficou aberto por tempo demais. Nada foi mudado.
operator-away = O armazenamento está fora do ar
operator-away-about = Ele não responde, então não há nada para mostrar e nada está sendo gasto. Tente de novo daqui a pouco.
operator-again = Tentar de novo

operator-today = Hoje
operator-month = Este mês
operator-of = de { $cap }
operator-of-cap = { $percent }% de { $cap }
operator-no-cap = Sem limite
operator-nothing-allowed = Nada é permitido
operator-held = { $amount } em reserva
operator-live-answer = Respostas em andamento
operator-live-picture = Imagens em andamento
operator-oldest = A mais antiga: { $age }
operator-quiet = Tudo calmo
operator-announced = Aviso: { $text }
operator-live = Em andamento
operator-live-on = Ao vivo
operator-live-about = Mantém os números abaixo em dia enquanto a página está aberta
operator-live-none = Nada está sendo respondido ou desenhado agora.
operator-doing-waiting = Na fila
operator-doing-painting = Desenhando
operator-doing-delivering = Entregando
operator-more = E mais { $n }.
operator-what = O quê
operator-who = Quem
operator-where = Onde
operator-age = Idade
operator-age-seconds = { $n } s
operator-age-minutes = { $n } min
operator-age-hours = { $n } h
operator-age-days = { $n } d
operator-last = Última vez há { $age }
operator-troubles = Erros da última hora
operator-troubles-none = Nenhum erro na última hora.
operator-trouble-unreachable = Não dá para acessar a MiniToolAI, ou ela responde com erros próprios.
operator-trouble-throttled = A MiniToolAI pede que a gente vá mais devagar.
operator-trouble-rejected = A MiniToolAI recusa algumas solicitações.
operator-trouble-no-model = A MiniToolAI não tem um modelo que foi pedido.
operator-trouble-stream-cut = Respostas param antes do fim.
operator-trouble-job-failed = Não dá para fazer imagens. Ninguém pagou nada.
operator-trouble-job-unknown = Não é certo que pedidos de imagens tenham chegado.
operator-trouble-bad-key = A MiniToolAI recusa a chave, ou o saldo acabou. Ninguém recebe respostas.
operator-trouble-delivery = Um chat não mostra o que mandamos.
operator-trouble-slow-down = Um aplicativo de mensagens pede que a gente vá mais devagar.
operator-trouble-too-big = Um chat não aceita algo desse tamanho.
operator-trouble-gone = Mensagens ou chats não existiam mais quando escrevemos neles.
operator-trouble-store = O armazenamento não responde. Nada é gasto enquanto ele está fora do ar.
operator-trouble-incident = Um bug nosso. O log traz a causa sob o número mostrado.
operator-trouble-upstream = A MiniToolAI está com um problema.
operator-trouble-other = Outra coisa deu errado; o log diz o quê.

operator-spent = Gasto
operator-spent-days = Gasto em { $days } dias
operator-all = Ver tudo
operator-total = Total
operator-rest = Todo o resto
operator-nobody = Fora de chats
operator-forgotten = Dados apagados
operator-requests = { $n ->
    [one] { NUMBER($n) } solicitação
    [many] { NUMBER($n) } de solicitações
   *[other] { NUMBER($n) } solicitações
}
operator-top-person = Quem mais gastou hoje
operator-top-chat = Onde mais se gastou hoje
operator-nothing-today = Nada foi gasto hoje.
operator-nothing-spent = Nada foi gasto neste período.
operator-by = Por
operator-by-person = Pessoa
operator-by-chat = Chat
operator-by-model = Modelo
operator-by-kind = Tipo
operator-kind-ask = Respostas
operator-kind-imagine = Imagens
operator-by-day = Tabela por dia
operator-day = Dia
operator-period = Período
operator-days = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
operator-col-requests = Solicitações
operator-col-in = Tokens de entrada
operator-col-out = Tokens de saída
operator-share = Parcela
operator-chart-hint = Arraste para ampliar, clique duas vezes para ver tudo, use as setas para ler
operator-chart-models = Gasto por modelo nos últimos { $days } dias, { $total } no total
operator-chart-model = Gasto por modelo nos últimos { $days } dias, { $total } no total
operator-chart-person = Gasto por pessoa nos últimos { $days } dias, { $total } no total
operator-chart-chat = Gasto por chat nos últimos { $days } dias, { $total } no total
operator-chart-kind = Gasto por tipo nos últimos { $days } dias, { $total } no total
operator-chart-one = O que { $name } gastou nos últimos { $days } dias
operator-pages = Páginas da lista
operator-page = Página { $page } de { $pages }, { NUMBER($count) } no total
operator-page-before = Anterior
operator-page-after = Próxima

operator-search = Buscar
operator-search-person = Buscar uma pessoa por parte do nome, como em discord:123
operator-search-chat = Buscar um chat por parte do nome, como em telegram:chat:-100
operator-search-end = Voltar à lista
operator-dearest-person = Quem gastou nos últimos { $days } dias, do maior gasto para o menor.
operator-dearest-chat = Onde se gastou nos últimos { $days } dias, do maior gasto para o menor.
operator-found = { $n ->
    [0] Nenhum resultado.
    [one] Um resultado.
   *[other] { NUMBER($n) } resultados.
}
operator-cut = Há mais: digite uma parte mais longa.
operator-found-none = Com esse nome ainda não se pagou nada.
operator-open = Abrir { $name }
operator-denied = Acesso bloqueado
operator-denied-settings = Está em DENY, na configuração.
operator-unknown = Ainda não gastou nada
operator-linked = Usa a mesma carteira que
operator-allow = Permitir
operator-deny = Bloquear
operator-credit = Crédito extra
operator-credit-about = Usado quando os limites próprios já não bastam.
operator-grant = Dar crédito extra
operator-grant-about = Vale até ser usado. O limite do chat e o limite geral continuam valendo.
operator-grant-go = Dar
operator-take-back = Tirar { $amount }
operator-dollars = Dólares
operator-save = Salvar
operator-add = Adicionar
operator-remove = Remover
operator-change = Mudar
operator-reset = Redefinir
operator-default = Padrão
operator-models-month = Modelos neste mês
operator-newest-requests = Solicitações mais recentes
operator-request = Solicitação
operator-became = O que aconteceu com ela
operator-became-open = em andamento
operator-became-settled = paga
operator-became-released = grátis: nada foi enviado
operator-became-lease = paga por inteiro: não se sabe como terminou
operator-became-refunded = reembolsada
operator-refund = Reembolsar
operator-defaults = Padrões deste chat
operator-defaults-about = Para todas as pessoas daqui que não escolheram nada.
operator-personas-chat = Personas deste chat
operator-persona-add = Adicionar uma persona
operator-prompt = Instruções

operator-cap-default = Padrão
operator-cap-off = Sem limite
operator-caps-how = Dólares, como 0.50. “off” é sem limite, 0 não deixa passar nada, um campo vazio é o padrão. Valem a partir da próxima solicitação.
operator-caps-set = Definir limites
operator-caps-settings = Uma pessoa ou um chat sem limites próprios tem os limites padrão, que vêm da configuração.
operator-everyone-person = Cada pessoa, por padrão
operator-everyone-chat = Cada chat, por padrão
operator-everyone-all = Todo mundo junto

operator-access-about = Nomes como em ALLOW e DENY. Um bloqueio vale mais que tudo, menos que ser admin. Se ALLOW está vazio, todo mundo pode.
operator-list-deny = Acesso bloqueado
operator-list-allow = Acesso permitido
operator-list-deny-empty = Ninguém.
operator-list-allow-empty = Todo mundo, menos quem está com o acesso bloqueado.
operator-blocked = Palavras proibidas
operator-blocked-about = Uma descrição com alguma destas palavras é recusada antes de qualquer pagamento.
operator-blocked-file = Há mais em { $file }.
operator-words = Palavras
operator-announce = Aviso
operator-announce-about = Todo mundo lê uma vez, abaixo da próxima resposta. Vazio retira o aviso; depois de uma semana ele acaba sozinho.
operator-announce-text = Texto

operator-personas-about = Jeitos de falar que todo mundo pode escolher. Os de um único chat ficam na página desse chat.
operator-personas-file = Lidas do arquivo incluído e de { $file }.
operator-catalogue-about = O catálogo incluído. CATALOGUE_FILE adiciona modelos e muda preços.
operator-catalogue-file = O catálogo incluído, complementado por { $file }.
operator-price-in = Entrada
operator-price-cached = Entrada, em cache
operator-price-out = Saída
operator-per-million = Preços por milhão de tokens. Uma mudança vale depois de SIGHUP ou de um reinício.
operator-context = Contexto
operator-most-out = Maior resposta
operator-sees = Vê imagens
operator-yes = Sim
operator-image-model = Modelo de imagem
operator-price-picture = Uma imagem
operator-adult = Restrição de idade

operator-settings-about = Com o que este processo roda. O ambiente vale mais que o .env; uma mudança vale depois de um reinício e, em ALLOW e DENY, também depois de SIGHUP.
operator-value = Valor
operator-source = Origem
operator-source-environment = Ambiente
operator-source-file = .env
operator-source-default = Padrão
operator-secret-set = Definido, não mostrado
operator-empty = Vazio

operator-trail-about = Quem mudou o quê, do mais novo ao mais antigo.
operator-trail-none = Ninguém mudou nada ainda.
operator-when = Quando
operator-by-whom = Quem
operator-whom = Para quem
operator-newest = Mais novas
operator-older = Mais antigas
operator-change-cap = Limites
operator-change-grant = Crédito
operator-change-refund = Reembolso
operator-change-link = Carteiras unidas
operator-change-unlink = Carteiras separadas
operator-change-allow = Acesso permitido
operator-change-deny = Acesso bloqueado
operator-change-block = Palavras proibidas
operator-change-unblock = Palavras liberadas
operator-change-model = Modelo do chat
operator-change-persona = Persona do chat
operator-change-persona-defined = Persona criada
operator-change-persona-removed = Persona removida
operator-change-announce = Aviso
operator-change-caps = Por dia: { $day }, por mês: { $month }

operator-done-caps = Os limites de { $name } valem a partir da próxima solicitação.
operator-done-blocked = As palavras proibidas foram atualizadas.
operator-done-defaults = Os padrões de { $name } foram atualizados.
