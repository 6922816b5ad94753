# Was die Befehle des Betreibers in der Shell sagen.
terminal-audited = Jede Summe stimmt mit ihrem Kassenbuch überein.
terminal-differs = { $name } { $what }: Summe { $total }, Kassenbuch { $ledger }
terminal-backed-up = { $folder }: { $bytes } Bytes. Bewahre CONTENT_KEY und die Einstellungen anderswo auf.
terminal-restored = Wiederhergestellte Einträge: { $keys }. Prüfe sie mit `minitool-bots audit`.
terminal-erased = Gelöscht: Fragen { $exchanges }, Bilder { $pictures }, Einstellungen { $settings }, Bestellungen { $orders }.
terminal-resealed = Neu versiegelt: { $sealed }. Nicht zu öffnen: { $unreadable }.
terminal-left-out = Nicht enthalten, weil kein Schlüssel in CONTENT_KEY sie öffnet: { $unreadable }.
terminal-store = Der Speicher: { $cause }
terminal-new-store = In { $folder } war kein Speicher: Ein neuer beginnt, in dem nichts ist.
terminal-no-file = Das ist keine gewöhnliche Datei.
