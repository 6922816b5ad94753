# Respostas da API simulada: ela repete o que recebeu, e que nada disso é de verdade.
simulated-notice = **Esta resposta é simulada.** Nenhum modelo foi consultado e nada foi cobrado; com uma chave da MiniToolAI na configuração, quem responde aqui é o modelo de verdade.
simulated-title-1 = Foi isto que chegou
simulated-title-2 = Sua pergunta, lida em voz alta
simulated-title-3 = Um ensaio da sua resposta
simulated-title-4 = Então é isto que você quer saber
simulated-asked = Você perguntou:
simulated-earlier = { $count ->
    [one] Uma pergunta anterior desta conversa veio junto: “{ $last }”.
   *[other] { $count } perguntas anteriores desta conversa vieram junto, a última delas: “{ $last }”.
}
simulated-sight = **Imagem { $number }**: { $format } de { $size } pixels; cores principais: { $colours }.
simulated-blind = **Imagem { $number }** não pôde ser lida aqui: não veio junto com a pergunta nem está nesta máquina.
simulated-filler-1 = Você pediu uma resposta longa, então este parágrafo enche a página. Ele mostra como o texto quebra, onde uma página termina e como a próxima começa, sem dizer nada que valha a pena conferir.
simulated-filler-2 = Modelos de verdade gostam de listar *vantagens*, *desvantagens* e uma conclusão equilibrada neste ponto. A simulação não tem opiniões, mas sabe quanto espaço elas costumam ocupar.
simulated-filler-3 = As palavras chegam uma depois da outra no ritmo de um modelo pequeno, uns trinta pedaços por segundo. Se for lento demais para esperar, o botão de parar funciona aqui exatamente como numa resposta de verdade.
simulated-filler-4 = Tabelas, listas e código também precisam sobreviver a uma troca de página, e por isso vale a pena testar respostas longas: o que está aberto no fim de uma página é fechado ali e aberto de novo na seguinte.
simulated-what = O que foi enviado
simulated-value = Valor
simulated-row-model = Modelo
simulated-row-words = Palavras da pergunta
simulated-row-turns = Perguntas anteriores
simulated-row-pictures = Imagens
simulated-row-instructions = Caracteres de instruções
simulated-row-temperature = Temperatura
simulated-code = E um pedaço de código, para ter algo que copiar:
simulated-closing-1 = Pergunte outra coisa, anexe uma imagem ou peça uma com `/imagine`.
simulated-closing-2 = Uma pergunta de continuação mostra que a conversa fica na memória.
simulated-closing-3 = Comece uma pergunta com `fault:500` ou `fault:cut` para ver como é um erro.
simulated-closing-4 = Ponha a palavra “longo” numa pergunta para uma resposta de várias páginas.
simulated-colour-unknown = desconhecidas
simulated-colour-black = preto
simulated-colour-white = branco
simulated-colour-grey = cinza
simulated-colour-red = vermelho
simulated-colour-orange = laranja
simulated-colour-yellow = amarelo
simulated-colour-green = verde
simulated-colour-turquoise = turquesa
simulated-colour-blue = azul
simulated-colour-lightblue = azul-claro
simulated-colour-purple = roxo
simulated-colour-pink = rosa
simulated-colour-brown = marrom
simulated-colour-beige = bege
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = e o a os as é que como eu não um uma por favor porque imagem mostra me você pode quem onde quando nós qual explique escreva com para sobre em do da olá obrigado obrigada
simulated-long = longo longa detalhado detalhada
simulated-very = muito
