imagine-ordering = Fazendo o pedido… { $price }{ $knows ->
    [yes] , e depois restam { $left }.
   *[no] .
}
imagine-in-line = Na fila, posição { $place }. { $price }{ $knows ->
    [yes] , e depois restam { $left }.
   *[no] .
}
imagine-painting = Desenhando… { $elapsed } s
imagine-painting-expected = Desenhando… { $elapsed } s de cerca de { $expected } s
imagine-stuck = O bot não consegue salvar nada no momento. Sua imagem chega assim que ele conseguir, e você paga uma só vez.
imagine-left = O bot continua sem conseguir salvar nada. Sua imagem chega em outra visita, assim que ele conseguir, e você paga uma só vez.
imagine-unknown-money = { $refunded ->
    [yes] Você não pagou nada.
   *[no] O pedido foi cobrado; a equipe do bot pode reembolsar você.
}
imagine-from-earlier = { $count ->
    [one] Uma imagem é de antes; não deu para entregá-la na hora.
   *[other] { $count } imagens são de antes; não deu para entregá-las na hora.
}
imagine-no-pictures = Aqui não é permitido publicar imagens. Mande /usage para mim na nossa conversa privada e eu entrego a sua.
imagine-no-pictures-adult = Aqui não é permitido publicar imagens. Mande /usage para mim em um espaço com restrição de idade que aceite imagens e eu entrego a sua.
imagine-no-files = Aqui não é permitido publicar arquivos.
imagine-cancelled = Cancelado. Você não pagou nada.
imagine-too-late = Tarde demais para cancelar: a imagem já está sendo desenhada e já foi paga.
imagine-pick-shape = Qual formato? Custa { $price }.
imagine-detail-model = Modelo
imagine-detail-size = Tamanho
imagine-detail-steps = Etapas
imagine-detail-cfg = Fidelidade ao texto
imagine-detail-scheduler = Método
imagine-detail-price = Preço
imagine-detail-negative = Fora da imagem
shape-square = Quadrado
shape-portrait = Retrato
shape-landscape = Paisagem
shape-wide = Largo
shape-tall = Alto
shape-small = Pequeno
action-again = De novo ({ $price })
action-vary = Variar
action-shape = Formato
action-details = Detalhes
action-file = Como arquivo
action-cancel = Cancelar
action-delete = Apagar
easel-note = Como devo desenhar? Você só paga ao apertar “Desenhar”.
imagine-words-alone = Desenho só a partir de palavras. Envie a descrição sem imagem.
easel-words-alone = Desenho só a partir de palavras: a imagem não é usada.
easel-paint = Desenhar · { $price }
easel-shape = Qual formato?
easel-model = Qual modelo?
easel-steps = Quantas etapas? Mais etapas, mais detalhes.
easel-steps-now = { $steps ->
    [one] Uma etapa
   *[other] { $steps } etapas
}
easel-style = O quanto devo seguir o seu texto?
easel-style-free = Estilo livre
easel-style-loose = Estilo solto
easel-style-close = Perto do meu texto
easel-style-strict = Ao pé da letra
easel-count = Quantas imagens?
easel-count-now = { $count ->
    [one] Uma imagem
   *[other] { $count } imagens
}
easel-back = « Voltar
easel-over = Isto já foi pedido, ou é antigo demais. Peça de novo.
imagine-some = Imagens prontas: { $made } de { $count }.
