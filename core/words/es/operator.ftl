# Las páginas del operador.
operator-title = Operador
operator-skip = Saltar al contenido
operator-simulated = Nada de esto se ha cobrado.
operator-nav = Páginas
operator-nav-overview = Resumen
operator-nav-spend = Gasto
operator-nav-people = Personas
operator-nav-chats = Chats
operator-nav-caps = Límites
operator-nav-access = Acceso
operator-nav-personas = Personalidades
operator-nav-catalogue = Precios
operator-nav-settings = Configuración
operator-nav-trail = Historial de cambios
operator-login = Iniciar sesión
operator-login-about = Estas páginas muestran lo que gasta este bot y quién puede usarlo.
operator-login-go = Iniciar sesión
operator-login-wrong = Esa no es la contraseña.
operator-login-busy = Demasiados intentos. Espera { $seconds ->
    [one] un segundo
   *[other] { $seconds } segundos
} e inténtalo de nuevo.
operator-password = Contraseña
operator-logout = Cerrar sesión
operator-refused = Ese formulario ya no es válido
operator-refused-about = Venía de otra página, o estuvo abierto demasiado tiempo. No se cambió nada.
operator-away = El almacenamiento no está disponible
operator-away-about = No responde, así que no hay nada que mostrar y no se está gastando nada. Inténtalo de nuevo en un momento.
operator-again = Reintentar

operator-today = Hoy
operator-month = Este mes
operator-of = de { $cap }
operator-of-cap = { $percent } % de { $cap }
operator-no-cap = Sin límite
operator-nothing-allowed = No se permite nada
operator-held = { $amount } en reserva
operator-live-answer = Respuestas en curso
operator-live-picture = Imágenes en curso
operator-oldest = La más antigua: { $age }
operator-quiet = Todo tranquilo
operator-announced = Anunciado: { $text }
operator-live = En curso
operator-live-on = En vivo
operator-live-about = Mantiene al día los números de abajo mientras la página está abierta
operator-live-none = Ahora mismo no se está respondiendo ni pintando nada.
operator-doing-waiting = En cola
operator-doing-painting = Pintándose
operator-doing-delivering = Entregándose
operator-more = Y { $n } más.
operator-what = Qué
operator-who = Quién
operator-where = Dónde
operator-age = Tiempo
operator-age-seconds = { $n } s
operator-age-minutes = { $n } min
operator-age-hours = { $n } h
operator-age-days = { $n } d
operator-last = La última vez hace { $age }
operator-troubles = Errores de la última hora
operator-troubles-none = Ningún error en la última hora.
operator-trouble-unreachable = MiniToolAI no responde.
operator-trouble-throttled = MiniToolAI nos pide ir más despacio.
operator-trouble-rejected = MiniToolAI rechaza algunas solicitudes.
operator-trouble-no-model = MiniToolAI no tiene un modelo que se pidió.
operator-trouble-stream-cut = Las respuestas se cortan antes de terminar.
operator-trouble-job-failed = No se pueden pintar imágenes. No se ha cobrado a nadie.
operator-trouble-job-late = Las imágenes no llegan a tiempo.
operator-trouble-job-unknown = No se sabe si los pedidos de imágenes llegaron.
operator-trouble-bad-key = MiniToolAI rechaza la clave, o el saldo se agotó. Nadie recibe respuestas.
operator-trouble-delivery = Un chat no muestra lo que enviamos.
operator-trouble-slow-down = Un chat nos pide ir más despacio.
operator-trouble-too-big = Algo era demasiado grande para un chat.
operator-trouble-gone = Había mensajes o chats que ya no estaban cuando les escribimos.
operator-trouble-store = El almacenamiento no responde. Mientras tanto no se gasta nada.
operator-trouble-incident = Un error nuestro. La causa está en el registro, bajo el número indicado.
operator-trouble-upstream = MiniToolAI responde con errores propios.
operator-trouble-other = Otra cosa salió mal; el registro dice qué.

operator-spent = Gastado
operator-spent-days = { $days ->
    [one] Gastado en un día
   *[other] Gastado en { $days } días
}
operator-all = Ver todo
operator-total = Total
operator-rest = El resto
operator-nobody = Sin chat
operator-forgotten = Datos borrados
operator-requests = { $n ->
    [one] 1 solicitud
    [many] { NUMBER($n) } de solicitudes
   *[other] { NUMBER($n) } solicitudes
}
operator-top-person = Quién ha gastado más hoy
operator-top-chat = Dónde se ha gastado más hoy
operator-nothing-today = Hoy no se ha gastado nada.
operator-nothing-spent = En este periodo no se gastó nada.
operator-by = Agrupar por
operator-by-person = Persona
operator-by-chat = Chat
operator-by-model = Modelo
operator-by-kind = Tipo
operator-kind-ask = Respuestas
operator-kind-imagine = Imágenes
operator-by-day = Tabla por días
operator-day = Día
operator-period = Periodo
operator-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
operator-col-requests = Solicitudes
operator-col-in = Tokens de entrada
operator-col-out = Tokens de salida
operator-share = Proporción
operator-chart-hint = Arrastra para ampliar, doble clic para ver todo, teclas de flecha para leer
operator-chart-models = Gasto por modelo en los últimos { $days } días, { $total } en total
operator-chart-model = Gasto por modelo en los últimos { $days } días, { $total } en total
operator-chart-person = Gasto por persona en los últimos { $days } días, { $total } en total
operator-chart-chat = Gasto por chat en los últimos { $days } días, { $total } en total
operator-chart-kind = Gasto por tipo en los últimos { $days } días, { $total } en total
operator-chart-one = Lo que gastó { $name } en los últimos { $days } días
operator-pages = Páginas de la lista
operator-page = Página { $page } de { $pages }, { NUMBER($count) } en total
operator-page-before = Anterior
operator-page-after = Siguiente

operator-search = Buscar
operator-search-person = Busca a una persona por parte de su nombre, por ejemplo discord:123
operator-search-chat = Busca un chat por parte de su nombre, por ejemplo telegram:chat:-100
operator-search-end = Volver a la lista
operator-dearest-person = Quiénes gastaron en los últimos { $days } días, de más a menos.
operator-dearest-chat = Dónde se gastó en los últimos { $days } días, de más a menos.
operator-found = { $n ->
    [0] Sin resultados.
    [one] Un resultado.
   *[other] { NUMBER($n) } resultados.
}
operator-cut = Hay más: escribe más del nombre.
operator-found-none = Con ese nombre todavía no se ha pagado nada.
operator-open = Abrir { $name }
operator-denied = Sin acceso
operator-denied-settings = Aparece en DENY, en la configuración.
operator-unknown = Aún no ha gastado nada
operator-linked = Comparte monedero con
operator-allow = Dar acceso
operator-deny = Quitar acceso
operator-credit = Crédito extra
operator-credit-about = Se usa cuando sus propios límites ya no dan más.
operator-grant = Dar crédito extra
operator-grant-about = Dura hasta que se usa. Los límites del chat y el global se siguen aplicando.
operator-grant-go = Dar
operator-take-back = Retirar { $amount }
operator-dollars = Dólares
operator-save = Guardar
operator-add = Añadir
operator-remove = Quitar
operator-change = Cambiar
operator-reset = Restablecer
operator-default = Predeterminado
operator-models-month = Modelos de este mes
operator-newest-requests = Solicitudes más recientes
operator-request = Solicitud
operator-became = Resultado
operator-became-open = en curso
operator-became-settled = pagada
operator-became-released = gratis: no se envió, o volvió un error
operator-became-late = gratis: no llegó a tiempo
operator-became-unknown = gratis: no se sabe si llegó
operator-became-failed = gratis: no salió ninguna imagen
operator-became-lease = pagada por completo: no se sabe cómo terminó
operator-became-refunded = reembolsada
operator-refund = Reembolsar
operator-defaults = Valores predeterminados de este chat
operator-defaults-about = Para quienes aquí no han elegido por su cuenta.
operator-personas-chat = Personalidades de este chat
operator-persona-add = Añadir una personalidad
operator-prompt = Instrucciones

operator-cap-default = Predeterminado
operator-cap-off = Sin límite
operator-caps-how = Dólares, por ejemplo 0.50. “off” significa sin límite, 0 no deja pasar nada y un campo vacío es el valor predeterminado. Se aplican desde la próxima solicitud.
operator-caps-set = Poner límites
operator-caps-settings = Una persona o un chat sin límites propios tiene los predeterminados, que vienen de la configuración.
operator-everyone-person = Cada persona, por defecto
operator-everyone-chat = Cada chat, por defecto
operator-everyone-all = Todo el mundo en conjunto

operator-access-about = Nombres como en ALLOW y DENY. Una prohibición prevalece sobre todo, salvo para los administradores. Si ALLOW está vacío, se permite a todo el mundo.
operator-list-deny = Sin acceso
operator-list-allow = Con acceso
operator-list-deny-empty = Nadie.
operator-list-allow-empty = Todo el mundo, salvo quien no tiene acceso.
operator-blocked = Palabras bloqueadas
operator-blocked-about = Una descripción con cualquiera de estas palabras se rechaza antes de pagar nada.
operator-blocked-file = Hay más en { $file }.
operator-words = Palabras
operator-announce = Anuncio
operator-announce-about = Todo el mundo lo lee una vez, debajo de su próxima respuesta. Si lo dejas vacío, se retira; al cabo de una semana termina solo.
operator-announce-text = Texto

operator-personas-about = Formas de hablar que cualquiera puede elegir. Las de un chat concreto están en la página del chat.
operator-personas-file = Leídas del archivo incluido y de { $file }.
operator-catalogue-about = El catálogo incluido. CATALOGUE_FILE añade modelos y cambia precios.
operator-catalogue-file = El catálogo incluido, con los cambios de { $file }.
operator-price-in = Entrada
operator-price-cached = Entrada en caché
operator-price-out = Salida
operator-per-million = Precios por millón de tokens. Los cambios se aplican tras SIGHUP o un reinicio.
operator-context = Contexto
operator-most-out = Respuesta más larga
operator-sees = Ve imágenes
operator-yes = Sí
operator-image-model = Modelo de imagen
operator-price-picture = Por imagen
operator-adult = Restricción de edad

operator-settings-about = Con qué se ejecuta este proceso. El entorno prevalece sobre .env. Los cambios se aplican tras un reinicio y, en ALLOW y DENY, también tras SIGHUP.
operator-value = Valor
operator-source = Origen
operator-source-environment = Entorno
operator-source-file = .env
operator-source-default = Predeterminado
operator-secret-set = Definido, no se muestra
operator-empty = Vacío

operator-trail-about = Quién cambió qué, lo más reciente primero.
operator-trail-none = Nadie ha cambiado nada todavía.
operator-when = Cuándo
operator-by-whom = Quién
operator-whom = A quién
operator-newest = Más recientes
operator-older = Anteriores
operator-change-cap = Límites
operator-change-grant = Crédito
operator-change-refund = Reembolso
operator-change-link = Monederos vinculados
operator-change-unlink = Monederos separados
operator-change-allow = Acceso dado
operator-change-deny = Acceso quitado
operator-change-block = Palabras bloqueadas
operator-change-unblock = Palabras permitidas
operator-change-model = Modelo del chat
operator-change-persona = Personalidad del chat
operator-change-persona-defined = Personalidad creada
operator-change-persona-removed = Personalidad eliminada
operator-change-announce = Anuncio
operator-change-caps = Por día: { $day }, por mes: { $month }

operator-done-caps = Los límites de { $name } se aplican desde la próxima solicitud.
operator-done-blocked = Se cambiaron las palabras bloqueadas.
operator-done-defaults = Se cambiaron los valores predeterminados de { $name }.
