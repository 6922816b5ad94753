# Una frase por cada forma en que una solicitud puede acabar mal: qué pasó y qué hacer.
error = Algo salió mal. Inténtalo de nuevo.
incident = Algo salió mal por nuestra parte. Si vuelve a pasar, dale este número al operador: { $id }.
refused = Eso no es posible.
bad-input = Eso no se puede usar así. Cámbialo e inténtalo de nuevo.
empty-question = ¿Qué quieres saber? Escríbelo después del comando{ $where ->
    [private] {""}
   *[group] {" "}o de mi nombre
}.
empty-prompt = La descripción está vacía. Escribe después del comando lo que quieres ver.
question-too-long = La pregunta es demasiado larga ({ $kib } KiB; máximo { $most } KiB). Acórtala o adjúntala como archivo de texto.
question-too-long-for-model = La pregunta es demasiado larga para { $model }. Acórtala o elige otro modelo con /model.
unknown-model = No hay ningún modelo “{ $model }”. Disponibles: { $known }.
unknown-choice = “{ $value }” no es una opción de { $option }. Disponibles: { $known }.
unknown-command = No hay ningún comando “{ $command }”. Escribe /help para ver los que hay.
not-a-number = El valor de { $option } debe ser un número, no “{ $value }”.
not-whole = El valor de { $option } debe ser un número entero, no “{ $value }”.
out-of-range = El valor de { $option } debe estar entre { $low } y { $high }.
size-out-of-range = “{ $value }” no es posible: cada lado debe tener de { $low } a { $high } píxeles.
too-long = { $option ->
    [prompt] La descripción es demasiado larga
    [words] Una entrada es demasiado larga
    [text] El texto es demasiado largo
   *[other] El valor de { $option } es demasiado largo
}; máximo { $most } caracteres.
busy = Has hecho muchas solicitudes en poco tiempo. Inténtalo de nuevo { $wait }.
busy-at-once = Ya tienes solicitudes en marcha. Hasta que termine alguna no acepto más: inténtalo de nuevo entonces.
seen = Esta solicitud ya se atendió.
not-allowed = No tienes permiso para hacer eso aquí.
not-yours = Eso solo puede hacerlo quien preguntó.
not-admin = Eso solo pueden hacerlo quienes administran el bot.
blocked-prompt = Esta descripción no se permite aquí.
adult-only = Este modelo es solo para chats con restricción de edad.
adult-prompt = Una imagen así es solo para chats con restricción de edad.
not-found = Eso ya no lo encuentro. Pídelo de nuevo.
over-budget = Esto costaría hasta { $cost_nanos }, pero { $period ->
    [day] hoy
   *[month] este mes
} solo quedan { $left_nanos } { $scope ->
    [person] de tu límite
    [chat] del límite compartido aquí
   *[all] del límite del bot
}. { $renews ->
    [yes] Se renueva el { $resets_at }. El operador puede aumentarlo.
    [soon] Una parte está reservada para lo que está en curso. Inténtalo de nuevo en un momento.
   *[no] El operador puede aumentarlo.
}
upstream = El servicio del modelo tuvo un problema. Inténtalo de nuevo en un momento.
unreachable = El servicio del modelo no responde. Inténtalo de nuevo en un momento.
throttled = El servicio del modelo está saturado. Inténtalo de nuevo { $retry_after ->
    [0] en un momento
   *[other] { $wait }
}.
rejected = El servicio del modelo rechaza esta solicitud. Quizá ayuden otras palabras u otra imagen.
no-model = Este modelo no está disponible. Elige otro; para las respuestas, con /model.
stream-cut = La respuesta se cortó; esto es lo que llegó.
job-failed = No se pudo pintar la imagen. No se te ha cobrado.
job-late = La imagen aún no está lista. { $refunded ->
    [yes] No se te ha cobrado; si la imagen llega a pesar de todo, es tuya gratis.
   *[no] Si llega a pesar de todo, la recibirás aquí.
}
job-unknown = No se sabe si el pedido llegó. No se enviará otra vez, para que no lo pagues dos veces.
bad-key = El bot no puede usar el servicio del modelo en este momento. El operador ya lo sabe.
delivery = No se pudo mostrar la respuesta.
slow-down = El chat nos pide ir más despacio.
too-big = Eso es demasiado grande para este chat.
no-pictures = Aquí no se pueden publicar imágenes.
gone = El mensaje ya no está.
store = La memoria del bot no está disponible, así que no se gasta nada. Inténtalo de nuevo en un momento.
