# Ein Satz für jede Art, wie eine Anfrage schiefgehen kann: was war, und was zu tun ist.
error = Etwas ist schiefgegangen. Bitte versuch es noch einmal.
incident = Bei uns ist etwas schiefgegangen. Wenn es wieder passiert, nenne dem Betreiber diese Nummer: { $id }.
refused = Das geht nicht.
bad-input = So lässt sich das nicht verwenden. Bitte ändere es und versuch es noch einmal.
empty-question = Was möchtest du wissen? Schreib es hinter den Befehl{ $where ->
    [private] {""}
   *[group] {" "}oder hinter meinen Namen
}.
empty-prompt = Die Beschreibung ist leer. Schreib nach dem Befehl, was du sehen möchtest.
question-too-long = Die Frage ist zu lang ({ $kib } KiB; höchstens { $most } KiB). Kürze sie oder häng sie als Textdatei an.
question-too-long-for-model = Die Frage ist zu lang für { $model }. Kürze sie, oder wähle mit /model ein anderes Modell.
unknown-model = Ein Modell „{ $model }“ gibt es nicht. Es gibt: { $known }.
unknown-choice = „{ $value }“ steht für { $option } nicht zur Wahl. Es gibt: { $known }.
unknown-command = Einen Befehl „{ $command }“ gibt es nicht. /help zeigt, was es gibt.
not-a-number = { $option } muss eine Zahl sein, nicht „{ $value }“.
not-whole = { $option } muss eine ganze Zahl sein, nicht „{ $value }“.
out-of-range = { $option } muss zwischen { $low } und { $high } liegen.
size-out-of-range = „{ $value }“ geht nicht: Jede Seite muss { $low } bis { $high } Pixel haben.
too-long = { $option ->
    [prompt] Die Beschreibung
    [words] Ein Eintrag
    [text] Der Text
   *[other] { $option }
} ist zu lang; höchstens { $most } Zeichen.
busy = Das waren viele Anfragen in kurzer Zeit. Versuch es { $wait } noch einmal.
busy-at-once = Von dir laufen schon Anfragen. Bis eine davon fertig ist, nehme ich keine weiteren an: Versuch es dann noch einmal.
seen = Diese Anfrage ist schon bearbeitet.
not-allowed = Das darfst du hier nicht.
not-yours = Das kann nur, wer gefragt hat.
not-admin = Das dürfen nur die Admins des Bots.
blocked-prompt = Diese Beschreibung ist hier nicht erlaubt.
adult-only = Dieses Modell ist nur für altersbeschränkte Orte.
adult-prompt = Ein solches Bild ist nur für altersbeschränkte Orte.
not-found = Das habe ich nicht mehr. Bitte frag noch einmal.
over-budget = Das würde bis zu { $cost_nanos } kosten, aber { $scope ->
    [person] von deinem Budget
    [chat] vom gemeinsamen Budget hier
   *[all] vom Budget des Bots
} sind { $period ->
    [day] heute
   *[month] diesen Monat
} nur noch { $left_nanos } übrig. { $renews ->
    [yes] Es beginnt neu am { $resets_at }. Der Betreiber kann es erhöhen.
    [soon] Ein Teil davon ist für das zurückgelegt, was gerade in Arbeit ist. Bitte versuch es gleich noch einmal.
   *[no] Der Betreiber kann es erhöhen.
}
upstream = Der Dienst des Modells hatte ein Problem. Bitte versuch es gleich noch einmal.
unreachable = Der Dienst des Modells antwortet nicht. Bitte versuch es gleich noch einmal.
throttled = Der Dienst des Modells ist ausgelastet. Bitte versuch es { $retry_after ->
    [0] gleich
   *[other] { $wait }
} noch einmal.
rejected = Der Dienst des Modells lehnt diese Anfrage ab. Andere Worte oder ein anderes Bild können helfen.
no-model = Dieses Modell ist nicht verfügbar. Wähle bitte ein anderes; für Antworten geht das mit /model.
stream-cut = Die Antwort ist abgebrochen; das ist angekommen.
job-failed = Das Bild konnte nicht gemalt werden. Es kostet dich nichts.
job-late = Das Bild ist noch nicht fertig. { $refunded ->
    [yes] Es wurde dir nicht berechnet; kommt das Bild doch noch, gehört es dir umsonst.
   *[no] Kommt es doch noch, wird es hier geliefert.
}
job-unknown = Es ist unklar, ob die Bestellung ankam. Sie wird nicht noch einmal geschickt, damit du nicht doppelt bezahlst.
bad-key = Der Bot kann den Dienst des Modells gerade nicht nutzen. Der Betreiber weiß Bescheid.
delivery = Die Antwort konnte nicht gezeigt werden.
slow-down = Der Chat bittet uns, langsamer zu machen.
too-big = Das ist zu groß für diesen Chat.
no-pictures = Hier dürfen keine Bilder gepostet werden.
gone = Die Nachricht ist weg.
store = Der Bot erreicht seinen Speicher gerade nicht, darum wird nichts ausgegeben. Bitte versuch es gleich noch einmal.
