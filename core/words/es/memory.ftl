# Conversaciones, personalidades, lo que se recuerda y lo que se borra.
persona-default = Asistente
persona-default-detail = Servicial y al grano
persona-brief = Breve
persona-brief-detail = De una a tres frases, no más
persona-tutor = Tutor
persona-tutor-detail = Explica paso a paso y te deja descubrirlo
persona-coder = Programador
persona-coder-detail = Revisa y escribe código
persona-own = Tus propias instrucciones
persona-own-detail = Lo que le dijiste al bot sobre cómo hablar
persona-of-chat = Hecha para este chat
prompt-too-long = Estas instrucciones son demasiado largas ({ $length } caracteres; máximo { $most }). Acórtalas.
too-many-personas = Este chat ya tiene { $most } personalidades propias. Quita una primero.
memory-new = Esta es una conversación nueva. Lo dicho antes no forma parte de ella.
memory-forgotten = Borrado: { $what }. De lo que gastaste solo se conservan los importes.
forgotten-exchanges = { $count ->
    [one] una pregunta con su respuesta
   *[other] { $count } preguntas con sus respuestas
}
forgotten-pictures = { $count ->
    [one] una imagen
   *[other] { $count } imágenes
}
forgotten-settings = { $count ->
    [one] un ajuste
   *[other] { $count } ajustes
}
forgotten-orders = { $count ->
    [one] un pedido
   *[other] { $count } pedidos
}
memory-nothing = No había nada sobre ti que borrar. De lo que gastaste solo se conservan los importes.
