# Bilder und Dateien, die nicht verwendbar sind: welche, warum, und was zu tun ist.
# $number ist 0, wo es nur eine gibt.
attachment-too-big = Die Datei „{ $name }“ ist zu groß; höchstens { $mib } MB.
attachment-gone = Diese Datei ist nicht mehr da. Bitte häng sie noch einmal an.
too-many-files = Das sind zu viele Dateien auf einmal ({ $count }; höchstens { $most }). Bitte schick weniger.
files-too-big = Diese Dateien sind zusammen zu groß; höchstens { $most } MB. Bitte schick weniger.
file-empty = { $number ->
    [0] Die Datei
   *[other] Datei { $number }
} ist leer. Bitte häng sie noch einmal an.
file-wrong-type = { $number ->
    [0] Die Datei
   *[other] Datei { $number }
} ist von einer Art, die nicht lesbar ist ({ $name }). Lesbar sind Bilder (PNG, JPEG, WEBP, GIF), Text, Code und PDF.
no-recordings = Ich lese Texte und sehe mir Bilder an; Aufnahmen und Videos kann ich nicht verstehen.
text-wrong-letters = { $number ->
    [0] Die Datei
   *[other] Datei { $number }
} ist ein Text in einem unbekannten Zeichensatz ({ $name }). Speichere sie als UTF-8 und schick sie noch einmal.
picture-wrong-type = { $number ->
    [0] Das Bild
   *[other] Bild { $number }
} ist kein PNG, JPEG, WEBP oder GIF ({ $kind }). Bitte schick es in einem dieser Formate.
picture-broken = { $number ->
    [0] Das Bild
   *[other] Bild { $number }
} ist beschädigt oder unvollständig. Bitte schick es noch einmal oder speichere es vorher neu.
picture-too-large = { $number ->
    [0] Das Bild
   *[other] Bild { $number }
} hat zu viele Pixel; höchstens { $most } Megapixel. Bitte verkleinere es.
picture-too-long = { $number ->
    [0] Das Bild
   *[other] Bild { $number }
} ist zu lang; jede Seite darf höchstens { $most } Pixel haben. Bitte schick den Teil, um den es geht.
picture-blind-model = { $model } kann keine Bilder sehen. Wähle mit /model ein anderes Modell.
picture-left-out = { $count ->
    [one] Ein früheres Bild sieht
   *[other] { $count } frühere Bilder sieht
} das Modell nicht mehr.
pdf-broken = { $number ->
    [0] Das PDF
   *[other] Datei { $number } (PDF)
} ist beschädigt. Bitte speichere es neu oder füg den Text ein.
pdf-locked = { $number ->
    [0] Das PDF
   *[other] Datei { $number } (PDF)
} ist mit einem Passwort gesperrt. Bitte schick es ohne.
pdf-no-text = { $number ->
    [0] Das PDF
   *[other] Datei { $number } (PDF)
} enthält keinen Text, nur Bilder davon. Bitte schick die Seiten als Bilder.
pdf-too-hard = { $number ->
    [0] Das PDF
   *[other] Datei { $number } (PDF)
} ist zu kompliziert zum Lesen. Bitte schick die Seiten, um die es geht, oder füg den Text ein.
