imagine-ordering = Haciendo el pedido… { $price }{ $knows ->
    [yes] , después te quedarán { $left }.
   *[no] .
}
imagine-in-line = En cola, puesto { $place }. { $price }{ $knows ->
    [yes] , después te quedarán { $left }.
   *[no] .
}
imagine-painting = Pintando… { $elapsed } s
imagine-painting-expected = Pintando… { $elapsed } s de unos { $expected } s
imagine-stuck = El bot no puede guardar nada en este momento. Tu imagen llegará en cuanto pueda y solo la pagarás una vez.
imagine-left = El bot sigue sin poder guardar nada. Tu imagen llegará en otra visita, en cuanto pueda, y solo la pagarás una vez.
imagine-unknown-money = { $refunded ->
    [yes] No se te ha cobrado.
   *[no] Se te ha cobrado; el operador puede reembolsarlo.
}
imagine-from-earlier = { $count ->
    [one] Una imagen es de antes; entonces no se pudo entregar.
   *[other] { $count } imágenes son de antes; entonces no se pudieron entregar.
}
imagine-no-pictures = Aquí no se pueden publicar imágenes. Envíame /usage en nuestro chat privado y te doy la tuya.
imagine-no-pictures-adult = Aquí no se pueden publicar imágenes. Envíame /usage en un chat con restricción de edad que admita imágenes y te doy la tuya.
imagine-no-files = Aquí no se pueden publicar archivos.
imagine-cancelled = Cancelado. No se te ha cobrado.
imagine-too-late = Es demasiado tarde para cancelar: la imagen ya se está pintando y ya está pagada.
imagine-pick-shape = ¿Qué formato? Cuesta { $price }.
imagine-detail-model = Modelo
imagine-detail-size = Tamaño
imagine-detail-steps = Pasos
imagine-detail-cfg = Fidelidad al texto
imagine-detail-scheduler = Método
imagine-detail-price = Precio
imagine-detail-negative = Sin
shape-square = Cuadrado
shape-portrait = Vertical
shape-landscape = Horizontal
shape-wide = Ancho
shape-tall = Alto
shape-small = Pequeño
action-again = Otra vez ({ $price })
action-vary = Variar
action-shape = Formato
action-details = Detalles
action-file = Como archivo
action-cancel = Cancelar
action-delete = Eliminar
easel-note = ¿Cómo debo pintarla? No se paga nada hasta que pulses “Pintar”.
imagine-words-alone = Pinto solo a partir de palabras. Envía la descripción sin imagen.
easel-words-alone = Pinto solo a partir de palabras: la imagen no se usa.
easel-paint = Pintar · { $price }
easel-shape = ¿Qué formato?
easel-model = ¿Qué modelo?
easel-steps = ¿Cuántos pasos? Más pasos, más detalle.
easel-steps-now = { $steps ->
    [one] Un paso
   *[other] { $steps } pasos
}
easel-style = ¿Con cuánta fidelidad debo seguir tus palabras?
easel-style-free = Estilo libre
easel-style-loose = Estilo suelto
easel-style-close = Cerca de mis palabras
easel-style-strict = Al pie de la letra
easel-count = ¿Cuántas imágenes?
easel-count-now = { $count ->
    [one] Una imagen
   *[other] { $count } imágenes
}
easel-back = « Volver
easel-over = Esto ya se pidió, o es demasiado antiguo. Pídelo de nuevo.
imagine-some = Imágenes listas: { $made } de { $count }.
