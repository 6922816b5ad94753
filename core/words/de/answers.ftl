answer-working = Ich denke nach …
answer-still-waiting = Ich warte noch auf das Modell. Es braucht länger als sonst.
answer-stopped = Angehalten.
answer-stopped-early = Vor dem ersten Wort angehalten.
answer-cut =
    Hier bricht die Antwort ab. { $buttons ->
        [no] Frag noch einmal.
       *[yes] Drück auf „Weiter“ oder frag noch einmal.
    }
answer-cut-length =
    Die Antwort hat ihre Höchstlänge erreicht. { $buttons ->
        [no] Bitte um eine kürzere.
       *[yes] Mit „Weiter“ bekommst du den Rest.
    }
answer-cut-budget = Für eine längere Antwort reichte das Budget nicht.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage sagt, wann es wieder reicht.
}
answer-cut-restart =
    Der Bot wurde neu gestartet, bevor die Antwort fertig war. { $buttons ->
        [no] Frag noch einmal.
       *[yes] Drück auf „Weiter“ oder frag noch einmal.
    }
answer-cut-left = Die Antwort bricht ab, weil die Seite geschlossen wurde oder die Verbindung verlor.
answer-interrupted = Der Bot wurde neu gestartet, während er daran arbeitete. Versuch es noch einmal.
answer-restarting = Der Bot startet gerade neu. Versuch es gleich noch einmal.
answer-empty = Das Modell hat nichts geantwortet. Versuch es noch einmal oder frag anders.
answer-filtered = Der Anbieter des Modells hält den Rest dieser Antwort zurück.
answer-without-pictures = Die Bilder sind zu groß für diesen Chat.
answer-nothing-to-stop = Für dich läuft hier gerade keine Antwort.
answer-stop-not-yours = Das kann nur anhalten, wer gefragt hat, oder jemand von der Moderation.
answer-already-over = Diese Antwort ist schon fertig.
answer-stopping = { $count ->
    [one] Wird angehalten.
   *[other] { $count } Antworten werden angehalten.
}
answer-button-stop = Stopp
answer-button-again = Noch einmal
answer-button-regenerate = Neue Antwort
answer-button-continue = Weiter
answer-button-model = Modell
answer-button-delete = Löschen
