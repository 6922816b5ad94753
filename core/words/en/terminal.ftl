# What the operator's subcommands say in the shell.
terminal-audited = Every total equals the sum of its ledger.
terminal-differs = { $name } { $what }: total { $total }, ledger { $ledger }
terminal-backed-up = { $folder }: { $bytes } bytes. Keep CONTENT_KEY and the settings elsewhere.
terminal-restored = Entries restored: { $keys }. Check them with `minitool-bots audit`.
terminal-erased = Erased: questions { $exchanges }, pictures { $pictures }, settings { $settings }, orders { $orders }.
terminal-resealed = Resealed: { $sealed }. Cannot be opened: { $unreadable }.
terminal-left-out = Left out, as no key in CONTENT_KEY opens them: { $unreadable }.
terminal-store = The store: { $cause }
terminal-new-store = There was no store in { $folder }: a new one begins, with nothing in it.
terminal-no-file = This is not a regular file.
