# Imagens e arquivos que não podem ser usados: qual, por quê e o que fazer.
# $number é 0 quando só há um.
attachment-too-big = O arquivo “{ $name }” é grande demais; no máximo { $mib } MB.
attachment-gone = Este arquivo não existe mais. Anexe-o de novo.
too-many-files = São arquivos demais de uma vez ({ $count }; no máximo { $most }). Mande menos.
files-too-big = Juntos, estes arquivos são grandes demais; no máximo { $most } MB. Mande menos.
file-empty = { $number ->
    [0] O arquivo
   *[other] O arquivo { $number }
} está vazio. Anexe-o de novo.
file-wrong-type = { $number ->
    [0] O arquivo
   *[other] O arquivo { $number }
} é de um tipo que não consigo ler ({ $name }). Leio imagens (PNG, JPEG, WEBP, GIF), texto, código e PDF.
no-recordings = Eu leio textos e olho imagens; não consigo ouvir áudios nem ver vídeos.
text-wrong-letters = { $number ->
    [0] O arquivo
   *[other] O arquivo { $number }
} é um texto em uma codificação que não reconheço ({ $name }). Salve-o como UTF-8 e envie de novo.
picture-wrong-type = { $number ->
    [0] A imagem
   *[other] A imagem { $number }
} não é PNG, JPEG, WEBP nem GIF ({ $kind }). Mande-a em um desses formatos.
picture-broken = { $number ->
    [0] A imagem
   *[other] A imagem { $number }
} está danificada ou incompleta. Mande-a de novo, ou salve-a outra vez antes.
picture-too-large = { $number ->
    [0] A imagem
   *[other] A imagem { $number }
} tem pixels demais; no máximo { $most } megapixels. Reduza o tamanho dela.
picture-too-long = { $number ->
    [0] A imagem
   *[other] A imagem { $number }
} é comprida demais; no máximo { $most } pixels por lado. Mande só a parte que importa.
picture-blind-model = { $model } não vê imagens. Escolha outro modelo com /model.
picture-left-out = { $count ->
    [one] O modelo já não vê uma imagem anterior.
   *[other] O modelo já não vê { $count } imagens anteriores.
}
pdf-broken = { $number ->
    [0] O PDF
   *[other] O arquivo { $number } (PDF)
} está danificado. Salve-o de novo ou cole o texto.
pdf-locked = { $number ->
    [0] O PDF
   *[other] O arquivo { $number } (PDF)
} está protegido por senha. Mande-o sem senha.
pdf-no-text = { $number ->
    [0] O PDF
   *[other] O arquivo { $number } (PDF)
} não tem texto, só imagens dele. Mande as páginas como imagens.
pdf-too-hard = { $number ->
    [0] O PDF
   *[other] O arquivo { $number } (PDF)
} é complicado demais para ler. Mande as páginas que importam ou cole o texto.
