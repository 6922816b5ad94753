# Für die, die den Bot betreiben: was /admin sagt, und Meldungen an sie persönlich.
admin-granted = { $who } hat jetzt { $credit } zusätzliches Guthaben.
admin-refunded = Erstattet: { $amount }.
admin-allowed = { $who } darf den Bot benutzen.
admin-denied = { $who } darf den Bot nicht mehr benutzen.
deny-admin = { $who } ist Admin, und Admins werden nicht ausgesperrt. Entferne den Eintrag zuerst aus ADMINS.
admin-in-settings = { $who } steht in den Einstellungen unter DENY. Nur eine Änderung dort hebt das auf.
admin-blocked = In keiner Bildbeschreibung darf stehen:
admin-nothing-blocked = Mit /admin block sind keine Wörter gesperrt.
not-blocked = „{ $words }“ steht nicht auf der Liste.
too-many-blocked = Mehr als { $most } Einträge gehen nicht. Nimm zuerst einen zurück.
admin-none = Keine Vorgabe
admin-persona-pick = Wie soll ich hier mit allen sprechen, die nichts gewählt haben?
admin-persona-set = Die Persona hier: { $name }.
admin-persona-none = Hier ist keine Persona mehr festgelegt.
admin-persona-made = Hier gibt es jetzt die Persona { $name }.
admin-persona-gone = Die Persona { $name } gibt es hier nicht mehr.
persona-name = „{ $name }“ kann keine Persona heißen: ein kurzes Wort ohne Doppelpunkt.
unknown-persona = Eine Persona „{ $name }“ gibt es hier nicht. Es gibt: { $known }.
admin-model-pick = Welches Modell soll hier allen antworten, die nichts gewählt haben? Die Preise gelten je 1 Mio. Tokens.
admin-model-set = Das Modell hier: { $name }.
admin-model-none = Hier ist kein Modell mehr festgelegt.
admin-announced = Alle lesen das einmal, unter ihrer nächsten Antwort: { $text }
admin-unannounced = Es gibt keine Bekanntmachung.
announcement = Vom Betreiber: { $text }
admin-status = Laufende Antworten: { $answers }. Bilder: in Arbeit { $painting }, wartend { $waiting }. Der Speicher antwortet in { $store } ms. Ausgaben aller: { $today } heute, { $month } diesen Monat.
alert-key-refused = MiniToolAI lehnt den Schlüssel ab ({ $cause }). Niemand bekommt Antworten, bis MINITOOLAI_API_KEY stimmt.
alert-balance-gone = Das Guthaben bei MiniToolAI ist aufgebraucht ({ $cause }). Niemand bekommt Antworten, bis es aufgeladen ist.
alert-model-gone = MiniToolAI hat kein Modell { $model } ({ $cause }). Trage in den Einstellungen ein anderes ein; wenn keines geht, prüfe MINITOOLAI_BASE_URL.
alert-store-away = Der Speicher antwortet nicht ({ $cause }). Solange wird nichts ausgegeben, und niemand bekommt Antworten.
alert-store-not-durable = { $why ->
    [evicts] Der Speicher kann verwerfen, was bezahlt ist: Setze maxmemory-policy auf noeviction.
    [write-failed] Der Speicher kann nicht auf die Platte schreiben. Was er nicht schreiben kann, etwa was ab jetzt ausgegeben wird, ist verloren, sobald er anhält.
    [full] Der Speicher ist fast voll: Gib ihm mehr Arbeitsspeicher. Ist er voll, wird nichts ausgegeben, also bekommt niemand Antworten.
   *[no-appendonly] Der Speicher behält nichts, wenn er anhält: Setze appendonly auf yes.
}
alert-cap-near = Das gemeinsame Budget für { $period ->
    [day] heute
   *[month] diesen Monat
} ({ $cap }) ist zu { $percent } % verbraucht. Erhöhe es mit /admin caps all { $period ->
    [day] daily
   *[month] monthly
} BETRAG, sonst werden bald Leute abgewiesen.
alert-cap-used = Das gemeinsame Budget für { $period ->
    [day] heute
   *[month] diesen Monat
} ist verbraucht: Leute werden abgewiesen. Erhöhe es mit /admin caps all { $period ->
    [day] daily
   *[month] monthly
} BETRAG.
alert-overrun = Anfrage { $request } hat { $spent } gekostet, mehr als die dafür reservierten { $held }. Gebucht ist alles. Vergleiche Preise und Grenzen im Katalog mit dem, was MiniToolAI berechnet; /admin refund erstattet es.
alert-books-differ = { $count ->
    [one] Eine Summe stimmt
   *[other] { $count } Summen stimmen
} nicht mit dem Kassenbuch überein. Welche, zeigt: minitool-bots audit
