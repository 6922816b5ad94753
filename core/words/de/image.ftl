imagine-ordering = Wird bestellt … { $price }{ $knows ->
    [yes] , dann hast du noch { $left }.
   *[no] .
}
imagine-in-line = In der Warteschlange, Platz { $place }. { $price }{ $knows ->
    [yes] , dann hast du noch { $left }.
   *[no] .
}
imagine-painting = Wird gemalt … { $elapsed } s
imagine-painting-expected = Wird gemalt … { $elapsed } s von etwa { $expected } s
imagine-stuck = Der Bot kann gerade nichts speichern. Dein Bild kommt, sobald er es wieder kann, und wird nur einmal bezahlt.
imagine-left = Der Bot kann noch immer nichts speichern. Dein Bild kommt bei einem späteren Besuch, sobald er es wieder kann, und wird nur einmal bezahlt.
imagine-unknown-money = { $refunded ->
    [yes] Es wurde dir nicht berechnet.
   *[no] Es wurde dir berechnet; der Betreiber kann es erstatten.
}
imagine-from-earlier = { $count ->
    [one] Ein Bild ist von früher; es konnte damals nicht geliefert werden.
   *[other] { $count } Bilder sind von früher; sie konnten damals nicht geliefert werden.
}
imagine-no-pictures = Hier dürfen keine Bilder gepostet werden. Schick mir in unserem privaten Chat /usage, dann bekommst du deins.
imagine-no-pictures-adult = Hier dürfen keine Bilder gepostet werden. Schick mir /usage an einem altersbeschränkten Ort, der Bilder zulässt, dann bekommst du deins.
imagine-no-files = Hier dürfen keine Dateien gepostet werden.
imagine-cancelled = Abgebrochen. Es wurde dir nichts berechnet.
imagine-too-late = Zum Abbrechen ist es zu spät: Das Bild wird schon gemalt und ist bezahlt.
imagine-pick-shape = Welches Format? Das kostet { $price }.
imagine-detail-model = Modell
imagine-detail-size = Größe
imagine-detail-steps = Schritte
imagine-detail-cfg = Texttreue
imagine-detail-scheduler = Verfahren
imagine-detail-price = Preis
imagine-detail-negative = Ohne
shape-square = Quadrat
shape-portrait = Hochformat
shape-landscape = Querformat
shape-wide = Breit
shape-tall = Hoch
shape-small = Klein
action-again = Noch einmal ({ $price })
action-vary = Abwandeln
action-shape = Format
action-details = Details
action-file = Als Datei
action-cancel = Abbrechen
action-delete = Löschen
easel-note = Wie soll es gemalt werden? Bezahlt wird erst, wenn du auf „Malen“ drückst.
imagine-words-alone = Ich male nur nach Worten. Schick die Beschreibung ohne Bild.
easel-words-alone = Ich male nur nach Worten: Das Bild wird nicht verwendet.
easel-paint = Malen · { $price }
easel-shape = Welches Format?
easel-model = Welches Modell?
easel-steps = Wie viele Schritte? Mehr Schritte, mehr Einzelheiten.
easel-steps-now = { $steps ->
    [one] Ein Schritt
   *[other] { $steps } Schritte
}
easel-style = Wie genau soll es deinen Worten folgen?
easel-style-free = Freier Stil
easel-style-loose = Lockerer Stil
easel-style-close = Nah an meinen Worten
easel-style-strict = Wortwörtlich
easel-count = Wie viele Bilder?
easel-count-now = { $count ->
    [one] Ein Bild
   *[other] { $count } Bilder
}
easel-back = « Zurück
easel-over = Das ist schon bestellt oder zu alt. Bitte frag noch einmal.
imagine-some = Fertige Bilder: { $made } von { $count }.
