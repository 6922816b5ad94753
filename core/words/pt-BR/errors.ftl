# Uma frase para cada jeito de uma solicitação acabar mal: o que houve e o que fazer.
error = Algo deu errado. Tente de novo.
incident = Algo deu errado do nosso lado. Se acontecer de novo, passe este número à equipe do bot: { $id }.
refused = Isso não é possível.
bad-input = Assim não dá para usar. Mude e tente de novo.
empty-question = O que você quer saber? Escreva depois do comando{ $where ->
    [private] {""}
   *[group] {" "}ou depois do meu nome
}.
empty-prompt = A descrição está vazia. Depois do comando, escreva o que você quer ver.
question-too-long = A pergunta é longa demais ({ $kib } KiB; no máximo { $most } KiB). Encurte ou anexe como arquivo de texto.
question-too-long-for-model = A pergunta é longa demais para { $model }. Encurte ou escolha outro modelo com /model.
unknown-model = Não existe o modelo “{ $model }”. Modelos disponíveis: { $known }.
unknown-choice = “{ $value }” não é uma opção para { $option }. Opções: { $known }.
unknown-command = Não existe o comando “{ $command }”. Digite /help para ver o que há.
not-a-number = { $option } precisa ser um número, não “{ $value }”.
not-whole = { $option } precisa ser um número inteiro, não “{ $value }”.
out-of-range = { $option } precisa ficar entre { $low } e { $high }.
size-out-of-range = “{ $value }” não é possível: cada lado precisa ter de { $low } a { $high } pixels.
too-long = { $option ->
    [prompt] A descrição é longa demais
    [words] Uma entrada é longa demais
    [text] O texto é longo demais
   *[other] O texto de { $option } é longo demais
}; no máximo { $most } caracteres.
busy = Você fez muitas solicitações em pouco tempo. Tente de novo { $wait }.
busy-at-once = Você já tem solicitações em andamento. Até uma delas terminar, não aceito outras: tente de novo depois.
seen = Esta solicitação já foi atendida.
not-allowed = Você não pode fazer isso aqui.
not-yours = Só quem pediu pode fazer isso.
not-admin = Só os admins do bot podem fazer isso.
blocked-prompt = Esta descrição não é permitida aqui.
adult-only = Este modelo é só para espaços com restrição de idade.
adult-prompt = Uma imagem assim é só para espaços com restrição de idade.
not-found = Não tenho mais registro disso. Peça de novo.
over-budget = Isto custaria até { $cost_nanos }, mas só restam { $left_nanos } { $scope ->
    [person] do seu limite
    [chat] do limite compartilhado aqui
   *[all] do limite do bot
} para { $period ->
    [day] hoje
   *[month] este mês
}. { $renews ->
    [yes] Ele se renova em { $resets_at }. A equipe do bot pode aumentá-lo.
    [soon] Uma parte está reservada para o que está em andamento. Tente de novo daqui a pouco.
   *[no] A equipe do bot pode aumentá-lo.
}
upstream = O serviço do modelo teve um problema. Tente de novo daqui a pouco.
unreachable = O serviço do modelo não responde. Tente de novo daqui a pouco.
throttled = O serviço do modelo está sobrecarregado. Tente de novo { $retry_after ->
    [0] daqui a pouco
   *[other] { $wait }
}.
rejected = O serviço do modelo recusa esta solicitação. Outras palavras ou outra imagem podem ajudar.
no-model = Este modelo não está disponível. Escolha outro; para respostas, com /model.
stream-cut = A resposta parou no meio; isto foi o que chegou.
job-failed = Não deu para desenhar a imagem. Você não pagou nada.
job-late = A imagem ainda não está pronta. { $refunded ->
    [yes] Você não pagou nada; se ela ainda chegar, é sua de graça.
   *[no] Se ela ainda chegar, será entregue aqui.
}
job-unknown = Não dá para saber se o pedido chegou. Ele não será enviado de novo, para você não pagar duas vezes.
bad-key = O bot não consegue usar o serviço do modelo agora. A equipe do bot já foi avisada.
delivery = Não deu para mostrar a resposta.
slow-down = O aplicativo de mensagens pede que a gente vá mais devagar.
too-big = Isso é grande demais para este chat.
no-pictures = Aqui não é permitido publicar imagens.
gone = A mensagem não existe mais.
store = A memória do bot não responde, então nada é gasto. Tente de novo daqui a pouco.
