# Dinero: lo que se escribe mal en /admin, la vinculación y el gráfico.
cap-change = Escríbelo así: user:ID daily 0.50 monthly 5. Un importe puede ser “off” o “default”; NOMBRE reset lo deshace todo.
cap-change-whole = Escríbelo así: discord:ID daily 0.50 monthly 5. Un importe puede ser “off” o “default”; NOMBRE reset lo deshace todo.
credit-change = Escríbelo así: user:ID 5. El importe va en dólares estadounidenses.{ $platform ->
    [telegram] {" "}O envía el comando como respuesta a un mensaje de esa persona.
   *[other] {""}
}
cap-amount = “{ $value }” no es un importe en dólares como 0.50.
cap-amount-unclear = “{ $value }” puede entenderse de dos maneras. Escribe { $decimals } o { $thousands }.
cap-name = “{ $name }” no es un nombre como user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID o all
   *[no] {" "}o chat:ID
}.
cap-name-whole = “{ $name }” no es un nombre como discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID o all
   *[no] {" "}o telegram:chat:ID
}.
cap-person = “{ $name }” no es el nombre de una persona como user:ID.
cap-person-whole = “{ $name }” no es el nombre de una persona como discord:ID, telegram:ID, web:SESSION o terminal:LOGIN.
cap-channel = El dinero no se cuenta por canal, sino por persona y por servidor. Escribe user:ID, role:ID o guild:ID.
name-missing = Escribe a quién después del comando: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} o chat:ID.{ $platform ->
    [telegram] {" "}O envía el comando como respuesta a un mensaje de esa persona.
   *[other] {""}
}
link-unknown = Este código no es válido. Cada código sirve una vez, durante diez minutos; pide uno nuevo con /link.
link-self = Este código es tuyo. Escríbelo con tu otra cuenta.
link-already = Ambas cuentas ya comparten un monedero.
link-many = Este monedero ya tiene el número máximo de cuentas.
link-tries = Demasiados códigos incorrectos. Espera diez minutos y pide uno nuevo con /link.
refund-which = Escribe después del comando el identificador de la solicitud que está en el libro de cuentas.
refund-unknown = No conozco esta solicitud, o es demasiado antigua para reembolsarla.
refund-open = Esta solicitud aún no ha terminado.
refund-nothing = Esta solicitud no costó nada, o ya se reembolsó.
audit-trimmed = El libro de cuentas se recortó mientras se leía. Inténtalo de nuevo.
chart-title = { $days ->
    [one] Gastado hoy
   *[other] Gastado en los últimos { $days } días
}
chart-total = { $total } en total
chart-day = { $day } { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
chart-words = Gastado en los últimos { $days } días: { $total }; el día de más gasto fue el { $day }: { $most }.
chart-nothing = No se gastó nada en los últimos { $days } días.
