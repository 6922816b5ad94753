answer-working = Pensando…
answer-still-waiting = Sigo esperando al modelo. Tarda más de lo normal.
answer-stopped = Respuesta detenida.
answer-stopped-early = Respuesta detenida antes de la primera palabra.
answer-cut =
    La respuesta se cortó aquí. { $buttons ->
        [no] Pregunta de nuevo.
       *[yes] Pulsa “Continuar” o pregunta de nuevo.
    }
answer-cut-length =
    La respuesta llegó a su longitud máxima. { $buttons ->
        [no] Pide una más corta.
       *[yes] Pulsa “Continuar” para ver el resto.
    }
answer-cut-budget = El límite no daba para una respuesta más larga.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage dice cuándo se renueva.
}
answer-cut-restart =
    El bot se reinició antes de terminar la respuesta. { $buttons ->
        [no] Pregunta de nuevo.
       *[yes] Pulsa “Continuar” o pregunta de nuevo.
    }
answer-cut-left = La respuesta se cortó: la página se cerró o perdió la conexión.
answer-interrupted = El bot se reinició mientras trabajaba en esto. Inténtalo de nuevo.
answer-restarting = El bot se está reiniciando. Inténtalo de nuevo en un momento.
answer-empty = El modelo envió una respuesta vacía. Inténtalo de nuevo o pregunta de otra forma.
answer-filtered = El proveedor del modelo retuvo el resto de esta respuesta.
answer-without-pictures = Las imágenes son demasiado grandes para este chat.
answer-nothing-to-stop = No hay ninguna respuesta tuya en curso aquí.
answer-stop-not-yours = Esto solo puede detenerlo quien preguntó o alguien de la moderación.
answer-already-over = Esta respuesta ya está completa.
answer-stopping = { $count ->
    [one] Deteniendo la respuesta.
   *[other] Deteniendo { $count } respuestas.
}
answer-button-stop = Detener
answer-button-again = Reintentar
answer-button-regenerate = Nueva respuesta
answer-button-continue = Continuar
answer-button-model = Modelo
answer-button-delete = Eliminar
