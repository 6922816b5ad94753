answer-working = Je réfléchis…
answer-still-waiting = J’attends encore le modèle. Il est plus lent que d’habitude.
answer-stopped = Réponse arrêtée.
answer-stopped-early = Réponse arrêtée avant le premier mot.
answer-cut =
    La réponse s’est interrompue ici. { $buttons ->
        [no] Repose ta question.
       *[yes] Appuie sur « Continuer », ou repose ta question.
    }
answer-cut-length =
    La réponse a atteint sa longueur maximale. { $buttons ->
        [no] Demandes-en une plus courte.
       *[yes] Appuie sur « Continuer » pour lire la suite.
    }
answer-cut-budget = Le budget ne suffisait pas pour une réponse plus longue.{ $buttons ->
    [no] {""}
   *[yes] {" "}/usage dit quand il se renouvelle.
}
answer-cut-restart =
    Le bot a redémarré avant la fin de la réponse. { $buttons ->
        [no] Repose ta question.
       *[yes] Appuie sur « Continuer », ou repose ta question.
    }
answer-cut-left = La réponse s’est interrompue parce que la page a été fermée ou a perdu la connexion.
answer-interrupted = Le bot a redémarré pendant qu’il y travaillait. Réessaie.
answer-restarting = Le bot est en train de redémarrer. Réessaie dans un instant.
answer-empty = Le modèle a envoyé une réponse vide. Réessaie, ou pose la question autrement.
answer-filtered = Le fournisseur du modèle a retenu la suite de cette réponse.
answer-without-pictures = Les images sont trop lourdes pour cette discussion.
answer-nothing-to-stop = Aucune réponse pour toi n’est en cours ici.
answer-stop-not-yours = Seule la personne qui a posé la question, ou la modération, peut arrêter cette réponse.
answer-already-over = Cette réponse est déjà terminée.
answer-stopping = { $count ->
    [one] J’arrête.
   *[other] J’arrête { $count } réponses.
}
answer-button-stop = Arrêter
answer-button-again = Réessayer
answer-button-regenerate = Nouvelle réponse
answer-button-continue = Continuer
answer-button-model = Modèle
answer-button-delete = Supprimer
