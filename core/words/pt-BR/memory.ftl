# Conversas, personas, o que fica guardado e o que é apagado.
persona-default = Assistente
persona-default-detail = Ajuda e vai direto ao ponto
persona-brief = Breve
persona-brief-detail = De uma a três frases, não mais
persona-tutor = Tutor
persona-tutor-detail = Explica passo a passo e deixa você descobrir
persona-coder = Dev
persona-coder-detail = Revisa e escreve código
persona-own = Suas próprias instruções
persona-own-detail = O jeito de falar que você pediu ao bot
persona-of-chat = Criada para este chat
prompt-too-long = Estas instruções são longas demais ({ $length } caracteres; no máximo { $most }). Encurte um pouco.
too-many-personas = Este chat já tem { $most } personas próprias. Remova uma antes.
memory-new = Nova conversa. O que foi dito antes não faz parte dela.
memory-forgotten = Apagado: { $what }. Do que você gastou, ficam só os valores.
forgotten-exchanges = { $count ->
    [one] uma pergunta com a resposta
   *[other] { $count } perguntas com as respostas
}
forgotten-pictures = { $count ->
    [one] uma imagem
   *[other] { $count } imagens
}
forgotten-settings = { $count ->
    [one] uma configuração
   *[other] { $count } configurações
}
forgotten-orders = { $count ->
    [one] um pedido
   *[other] { $count } pedidos
}
memory-nothing = Não havia nada sobre você para apagar. Do que você gastou, ficam só os valores.
