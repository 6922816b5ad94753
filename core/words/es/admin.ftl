# Para quienes operan el bot: lo que dice /admin y los avisos que reciben en privado.
admin-granted = { $who } tiene ahora { $credit } de crédito extra.
admin-refunded = Reembolsado: { $amount }.
admin-allowed = { $who } puede usar el bot.
admin-denied = { $who } ya no puede usar el bot.
deny-admin = { $who } es admin, y a los admins no se les puede bloquear. Primero quita su nombre de ADMINS.
admin-in-settings = { $who } está en DENY, en la configuración. Solo un cambio allí le devuelve el acceso.
admin-blocked = Ninguna descripción de imagen puede contener:
admin-nothing-blocked = Con /admin block no se ha bloqueado ninguna palabra.
not-blocked = “{ $words }” no está en la lista.
too-many-blocked = No caben más de { $most } entradas. Quita una primero.
admin-none = Nada fijado
admin-persona-pick = ¿Cómo debo hablar aquí con quienes no han elegido?
admin-persona-set = La personalidad aquí: { $name }.
admin-persona-none = Aquí ya no hay ninguna personalidad fijada.
admin-persona-made = Ahora existe aquí la personalidad { $name }.
admin-persona-gone = La personalidad { $name } ya no existe aquí.
persona-name = “{ $name }” no puede ser el nombre de una personalidad: usa una sola palabra corta, sin dos puntos.
unknown-persona = Aquí no hay ninguna personalidad “{ $name }”. Disponibles: { $known }.
admin-model-pick = ¿Qué modelo debe responder aquí a quienes no han elegido? Los precios son por millón de tokens.
admin-model-set = El modelo aquí: { $name }.
admin-model-none = Aquí ya no hay ningún modelo fijado.
admin-announced = Todo el mundo lo leerá una vez, debajo de su próxima respuesta: { $text }
admin-unannounced = No hay ningún anuncio.
announcement = Del operador: { $text }
admin-status = Respuestas en curso: { $answers }. Imágenes: en proceso { $painting }, en cola { $waiting }. El almacenamiento responde en { $store } ms. Gasto total: { $today } hoy, { $month } este mes.
alert-key-refused = MiniToolAI rechaza la clave ({ $cause }). Nadie recibirá respuestas hasta que MINITOOLAI_API_KEY sea correcta.
alert-balance-gone = El saldo de MiniToolAI se agotó ({ $cause }). Nadie recibirá respuestas hasta que se recargue.
alert-model-gone = MiniToolAI no tiene el modelo { $model } ({ $cause }). Pon otro en la configuración; si ninguno funciona, revisa MINITOOLAI_BASE_URL.
alert-store-away = El almacenamiento no responde ({ $cause }). Mientras tanto no se gasta nada y nadie recibe respuestas.
alert-store-not-durable = { $why ->
    [evicts] El almacenamiento puede desechar datos ya pagados: pon maxmemory-policy en noeviction.
    [write-failed] El almacenamiento no puede escribir en su disco. Lo que no pueda escribir, como lo que se gaste a partir de ahora, se perderá cuando se detenga.
    [full] El almacenamiento está casi lleno: dale más memoria. Cuando esté lleno no se gastará nada, así que nadie recibirá respuestas.
   *[no-appendonly] El almacenamiento no conserva nada si se detiene: pon appendonly en yes.
}
alert-cap-near = Se ha usado el { $percent } % del límite global { $period ->
    [day] de hoy
   *[month] de este mes
} ({ $cap }). Auméntalo con /admin caps all { $period ->
    [day] daily
   *[month] monthly
} IMPORTE, o pronto habrá solicitudes rechazadas.
alert-cap-used = El límite global { $period ->
    [day] de hoy
   *[month] de este mes
} se agotó: se están rechazando solicitudes. Auméntalo con /admin caps all { $period ->
    [day] daily
   *[month] monthly
} IMPORTE.
alert-overrun = La solicitud { $request } costó { $spent }, más que los { $held } reservados. Se cobró por completo. Compara los precios y límites del catálogo con lo que cobra MiniToolAI; /admin refund la reembolsa.
alert-books-differ = { $count ->
    [one] Un total no coincide
   *[other] { $count } totales no coinciden
} con la suma del libro de cuentas. Para ver los detalles: minitool-bots audit
