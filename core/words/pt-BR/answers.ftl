answer-working = Pensando…
answer-still-waiting = Ainda esperando o modelo. Ele está mais lento que o normal.
answer-stopped = Parei.
answer-stopped-early = Parei antes da primeira palavra.
answer-cut =
    A resposta parou no meio. { $buttons ->
        [no] Pergunte de novo.
       *[yes] Aperte “Continuar” ou pergunte de novo.
    }
answer-cut-length =
    A resposta chegou ao tamanho máximo. { $buttons ->
        [no] Peça uma mais curta.
       *[yes] Aperte “Continuar” para ver o resto.
    }
answer-cut-budget = O limite não dava para uma resposta mais longa.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage diz quando ele se renova.
}
answer-cut-restart =
    O bot reiniciou antes de terminar a resposta. { $buttons ->
        [no] Pergunte de novo.
       *[yes] Aperte “Continuar” ou pergunte de novo.
    }
answer-cut-left = A resposta parou no meio porque a página foi fechada ou perdeu a conexão.
answer-interrupted = O bot reiniciou enquanto trabalhava nisto. Tente de novo.
answer-restarting = O bot está reiniciando. Tente de novo daqui a pouco.
answer-empty = O modelo mandou uma resposta vazia. Tente de novo ou pergunte de outro jeito.
answer-filtered = O provedor do modelo reteve o resto desta resposta.
answer-without-pictures = As imagens são grandes demais para este chat.
answer-nothing-to-stop = Nenhuma resposta sua está em andamento aqui.
answer-stop-not-yours = Só quem perguntou, ou a moderação, pode parar esta resposta.
answer-already-over = Esta resposta já terminou.
answer-stopping = { $count ->
    [one] Parando.
   *[other] Parando { $count } respostas.
}
answer-button-stop = Parar
answer-button-again = Tentar de novo
answer-button-regenerate = Nova resposta
answer-button-continue = Continuar
answer-button-model = Modelo
answer-button-delete = Apagar
