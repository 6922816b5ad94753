# Geld: was Verwalter falsch schreiben, Verknüpfen und das Diagramm.
cap-change = Schreib es so: user:ID daily 0.50 monthly 5. Ein Betrag kann auch „off“ oder „default“ sein; NAME reset nimmt alles zurück.
cap-change-whole = Schreib es so: discord:ID daily 0.50 monthly 5. Ein Betrag kann auch „off“ oder „default“ sein; NAME reset nimmt alles zurück.
credit-change = Schreib es so: user:ID 5. Der Betrag ist in US-Dollar.{ $platform ->
    [telegram] {" "}Oder schick den Befehl als Antwort auf eine Nachricht der Person.
   *[other] {""}
}
cap-amount = „{ $value }“ ist kein Betrag in Dollar wie 0.50.
cap-amount-unclear = „{ $value }“ kann zweierlei heißen. Schreib { $decimals } oder { $thousands }.
cap-name = „{ $name }“ ist kein Name wie user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID oder all
   *[no] {" "}oder chat:ID
}.
cap-name-whole = „{ $name }“ ist kein Name wie discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID oder all
   *[no] {" "}oder telegram:chat:ID
}.
cap-person = „{ $name }“ ist nicht der Name einer Person wie user:ID.
cap-person-whole = „{ $name }“ ist nicht der Name einer Person wie discord:ID, telegram:ID, web:SESSION oder terminal:LOGIN.
cap-channel = Geld wird nicht je Kanal gezählt, sondern je Person und je Server. Schreib user:ID, role:ID oder guild:ID.
name-missing = Schreib hinter den Befehl, wen du meinst: user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} oder chat:ID.{ $platform ->
    [telegram] {" "}Oder schick den Befehl als Antwort auf eine Nachricht der Person.
   *[other] {""}
}
link-unknown = Diesen Code gibt es nicht. Ein Code gilt einmal und zehn Minuten lang; hol dir mit /link einen neuen.
link-self = Das ist dein eigener Code. Gib ihn mit deinem anderen Konto ein.
link-already = Beide Konten haben schon eine gemeinsame Geldbörse.
link-many = Diese Geldbörse hat schon die Höchstzahl an Konten.
link-tries = Zu viele falsche Codes. Warte zehn Minuten und hol dir dann mit /link einen neuen.
refund-which = Schreib hinter den Befehl die Kennung der Anfrage aus dem Kassenbuch.
refund-unknown = Diese Anfrage ist unbekannt oder zu alt, um sie zu erstatten.
refund-open = Diese Anfrage läuft noch.
refund-nothing = Diese Anfrage hat nichts gekostet oder ist schon erstattet.
audit-trimmed = Das Kassenbuch wurde gekürzt, während es gelesen wurde. Bitte versuch es noch einmal.
chart-title = { $days ->
    [one] Heute ausgegeben
   *[other] Ausgegeben in den letzten { $days } Tagen
}
chart-total = { $total } insgesamt
chart-day = { $day }. { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}
chart-words = In den letzten { $days } Tagen ausgegeben: { $total }, das meiste am { $day }: { $most }.
chart-nothing = In den letzten { $days } Tagen wurde nichts ausgegeben.
