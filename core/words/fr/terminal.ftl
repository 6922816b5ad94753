# Ce que disent les sous-commandes dans le terminal.
terminal-audited = Chaque total correspond à la somme de son livre de comptes.
terminal-differs = { $name } { $what } : total { $total }, livre de comptes { $ledger }
terminal-backed-up = { $folder } : { $bytes } octets. Garde CONTENT_KEY et la configuration ailleurs.
terminal-restored = Entrées restaurées : { $keys }. Vérifie-les avec `minitool-bots audit`.
terminal-erased = Effacé : questions { $exchanges }, images { $pictures }, paramètres { $settings }, commandes { $orders }.
terminal-resealed = Rechiffré : { $sealed }. Impossible à ouvrir : { $unreadable }.
terminal-left-out = Absent, car aucune clé de CONTENT_KEY ne l’ouvre : { $unreadable }.
terminal-store = Stockage : { $cause }
terminal-new-store = Il n’y avait pas de stockage dans { $folder } : un nouveau commence, sans rien dedans.
terminal-no-file = Ce n’est pas un fichier ordinaire.
