# Imágenes y archivos que no se pueden usar: cuál, por qué y qué hacer.
# $number es 0 cuando solo hay uno.
attachment-too-big = El archivo “{ $name }” es demasiado grande; máximo { $mib } MB.
attachment-gone = Este archivo ya no está. Adjúntalo de nuevo.
too-many-files = Son demasiados archivos a la vez ({ $count }; máximo { $most }). Envía menos.
files-too-big = Estos archivos juntos son demasiado grandes; máximo { $most } MB. Envía menos.
file-empty = { $number ->
    [0] El archivo
   *[other] El archivo { $number }
} está vacío. Adjúntalo de nuevo.
file-wrong-type = { $number ->
    [0] El archivo
   *[other] El archivo { $number }
} es de un tipo que no puedo leer ({ $name }). Sí puedo leer imágenes (PNG, JPEG, WEBP, GIF), texto, código y PDF.
no-recordings = Leo textos y miro imágenes; no puedo escuchar grabaciones ni ver videos.
text-wrong-letters = { $number ->
    [0] El archivo
   *[other] El archivo { $number }
} es un texto en una codificación que no reconozco ({ $name }). Guárdalo como UTF-8 y envíalo de nuevo.
picture-wrong-type = { $number ->
    [0] La imagen
   *[other] La imagen { $number }
} no es PNG, JPEG, WEBP ni GIF ({ $kind }). Envíala en uno de estos formatos.
picture-broken = { $number ->
    [0] La imagen
   *[other] La imagen { $number }
} está dañada o incompleta. Envíala de nuevo, o guárdala otra vez antes.
picture-too-large = { $number ->
    [0] La imagen
   *[other] La imagen { $number }
} tiene demasiados píxeles; máximo { $most } megapíxeles. Redúcela.
picture-too-long = { $number ->
    [0] La imagen
   *[other] La imagen { $number }
} es demasiado larga; cada lado puede tener como máximo { $most } píxeles. Envía la parte que importa.
picture-blind-model = { $model } no puede ver imágenes. Elige otro modelo con /model.
picture-left-out = { $count ->
    [one] El modelo ya no ve una imagen anterior.
   *[other] El modelo ya no ve { $count } imágenes anteriores.
}
pdf-broken = { $number ->
    [0] El PDF
   *[other] El archivo { $number } (PDF)
} está dañado. Guárdalo otra vez o pega el texto.
pdf-locked = { $number ->
    [0] El PDF
   *[other] El archivo { $number } (PDF)
} está protegido con contraseña. Envíalo sin ella.
pdf-no-text = { $number ->
    [0] El PDF
   *[other] El archivo { $number } (PDF)
} no tiene texto, solo imágenes de él. Envía las páginas como imágenes.
pdf-too-hard = { $number ->
    [0] El PDF
   *[other] El archivo { $number } (PDF)
} es demasiado complicado de leer. Envía las páginas que importan o pega el texto.
