# Antworten der simulierten API: Sie gibt wieder, was ankam, und sagt, dass nichts davon echt ist.
simulated-notice = **Diese Antwort ist simuliert.** Kein Modell wurde gefragt, nichts wurde abgerechnet; mit einem MiniToolAI-Schlüssel in den Einstellungen antwortet hier das echte Modell.
simulated-title-1 = Das ist angekommen
simulated-title-2 = Deine Frage, noch einmal vorgelesen
simulated-title-3 = Eine Generalprobe deiner Antwort
simulated-title-4 = Das möchtest du also wissen
simulated-asked = Du hast gefragt:
simulated-earlier = { $count ->
    [one] Eine frühere Frage dieses Gesprächs kam mit: „{ $last }“.
   *[other] { $count } frühere Fragen dieses Gesprächs kamen mit, zuletzt: „{ $last }“.
}
simulated-sight = **Bild { $number }** ist ein { $format } mit { $size } Pixeln; seine Hauptfarben sind { $colours }.
simulated-blind = **Bild { $number }** ließ sich hier nicht lesen: Es kam weder mit der Frage selbst, noch liegt es auf diesem Rechner.
simulated-filler-1 = Du wolltest eine lange Antwort, also füllt dieser Absatz die Seite. Er zeigt, wie Text umbricht, wo eine Seite endet und wie die nächste beginnt, ohne etwas zu sagen, das man nachprüfen müsste.
simulated-filler-2 = Echte Modelle zählen an dieser Stelle gern *Vorteile*, *Nachteile* und ein ausgewogenes Fazit auf. Die Simulation hat keine Meinung, aber sie weiß, wie viel Platz Meinungen brauchen.
simulated-filler-3 = Die Wörter kommen nacheinander im Tempo eines kleinen Modells, etwa dreißig Stücke in der Sekunde. Dauert dir das zu lange, dann hält der Stopp-Knopf hier genauso an wie bei einer echten Antwort.
simulated-filler-4 = Auch Tabellen, Listen und Code müssen einen Seitenwechsel überstehen, darum lohnt sich der Versuch: Was am Ende einer Seite offen ist, wird dort geschlossen und auf der nächsten wieder geöffnet.
simulated-what = Was geschickt wurde
simulated-value = Wert
simulated-row-model = Modell
simulated-row-words = Wörter der Frage
simulated-row-turns = Frühere Fragen
simulated-row-pictures = Bilder
simulated-row-instructions = Zeichen an Anweisungen
simulated-row-temperature = Temperatur
simulated-code = Und ein Stück Code, damit es etwas zu kopieren gibt:
simulated-closing-1 = Frag etwas anderes, häng ein Bild an oder bestell eins mit `/imagine`.
simulated-closing-2 = Eine Nachfrage zeigt, dass das Gespräch im Gedächtnis bleibt.
simulated-closing-3 = Beginn eine Frage mit `fault:500` oder `fault:cut`, um einen Fehler zu sehen.
simulated-closing-4 = Mit dem Wort „lang“ in der Frage wird die Antwort mehrere Seiten lang.
simulated-colour-unknown = unbekannt
simulated-colour-black = Schwarz
simulated-colour-white = Weiß
simulated-colour-grey = Grau
simulated-colour-red = Rot
simulated-colour-orange = Orange
simulated-colour-yellow = Gelb
simulated-colour-green = Grün
simulated-colour-turquoise = Türkis
simulated-colour-blue = Blau
simulated-colour-lightblue = Hellblau
simulated-colour-purple = Lila
simulated-colour-pink = Rosa
simulated-colour-brown = Braun
simulated-colour-beige = Beige
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = und der die das ist was wie ich nicht ein eine bitte warum dem bild zeigt mir du kannst wer wo wann wir welche welcher in einer einem kurz erkläre vergleiche schreibe mit für auf im den mal hallo danke über noch da
simulated-long = lang lange ausführlich
simulated-very = sehr
