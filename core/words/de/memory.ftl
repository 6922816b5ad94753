# Gespräche, Personas, was gemerkt und was gelöscht wird.
persona-default = Assistent
persona-default-detail = Hilfsbereit und auf den Punkt
persona-brief = Kurz
persona-brief-detail = Ein bis drei Sätze, mehr nicht
persona-tutor = Lehrer
persona-tutor-detail = Erklärt Schritt für Schritt und lässt dich selbst darauf kommen
persona-coder = Programmierer
persona-coder-detail = Prüft und schreibt Code
persona-own = Deine eigenen Anweisungen
persona-own-detail = Wie der Bot sprechen soll, in deinen Worten
persona-of-chat = Für diesen Chat gemacht
prompt-too-long = Diese Anweisungen sind zu lang ({ $length } Zeichen; höchstens { $most }). Bitte kürze sie.
too-many-personas = Dieser Chat hat schon { $most } eigene Personas. Entferne zuerst eine.
memory-new = Ein neues Gespräch. Was vorher gesagt wurde, gehört nicht dazu.
memory-forgotten = Gelöscht: { $what }. Was du ausgegeben hast, bleibt nur als Beträge gespeichert.
forgotten-exchanges = { $count ->
    [one] eine Frage mit ihrer Antwort
   *[other] { $count } Fragen mit ihren Antworten
}
forgotten-pictures = { $count ->
    [one] ein Bild
   *[other] { $count } Bilder
}
forgotten-settings = { $count ->
    [one] eine Einstellung
   *[other] { $count } Einstellungen
}
forgotten-orders = { $count ->
    [one] eine Bestellung
   *[other] { $count } Bestellungen
}
memory-nothing = Es gab nichts über dich zu löschen. Was du ausgegeben hast, bleibt nur als Beträge gespeichert.
