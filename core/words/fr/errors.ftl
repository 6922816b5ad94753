# Une phrase pour chaque façon dont une requête peut mal finir : ce qui s’est passé, et que faire.
error = Quelque chose s’est mal passé. Réessaie.
incident = Quelque chose s’est mal passé de notre côté. Si cela se reproduit, donne ce numéro à l’équipe du bot : { $id }.
refused = Ce n’est pas possible.
bad-input = Ça ne peut pas marcher comme ça. Modifie ta demande et réessaie.
empty-question = Que veux-tu savoir ? Écris-le après la commande{ $where ->
    [private] {""}
   *[group] , ou après mon nom
}.
empty-prompt = La description est vide. Après la commande, écris ce que tu veux voir.
question-too-long = La question est trop longue ({ $kib } Kio, maximum { $most } Kio). Raccourcis-la, ou joins-la en fichier texte.
question-too-long-for-model = La question est trop longue pour { $model }. Raccourcis-la, ou choisis un autre modèle avec /model.
unknown-model = Il n’y a pas de modèle « { $model } ». Modèles disponibles : { $known }.
unknown-choice = « { $value } » n’est pas un choix pour { $option }. Choix possibles : { $known }.
unknown-command = Il n’y a pas de commande « { $command } ». Tape /help pour voir ce qu’il y a.
not-a-number = { $option } doit être un nombre, pas « { $value } ».
not-whole = { $option } doit être un nombre entier, pas « { $value } ».
out-of-range = { $option } doit être entre { $low } et { $high }.
size-out-of-range = « { $value } » n’est pas possible : chaque côté doit faire de { $low } à { $high } pixels.
too-long = { $option ->
    [prompt] La description est trop longue
    [words] Une entrée est trop longue
    [text] Le texte est trop long
   *[other] Le texte pour { $option } est trop long
} : { $most } caractères au maximum.
busy = Tu as fait beaucoup de requêtes en peu de temps. Réessaie { $wait }.
busy-at-once = Tu as déjà des requêtes en cours. Je n’en prends pas d’autres avant que l’une d’elles soit terminée : réessaie à ce moment-là.
seen = Cette requête a déjà été traitée.
not-allowed = Tu n’as pas le droit de faire ça ici.
not-yours = Seule la personne qui a fait la demande peut faire ça.
not-admin = Seuls les admins du bot peuvent faire ça.
blocked-prompt = Cette description n’est pas autorisée ici.
adult-only = Ce modèle est réservé aux espaces soumis à une limite d’âge.
adult-prompt = Une image comme celle-ci est réservée aux espaces soumis à une limite d’âge.
not-found = Je n’en ai plus trace. Refais ta demande.
over-budget = Cela coûterait jusqu’à { $cost_nanos }, mais il ne reste que { $left_nanos } { $scope ->
    [person] sur ton budget
    [chat] sur le budget partagé ici
   *[all] sur le budget du bot
} pour { $period ->
    [day] aujourd’hui
   *[month] ce mois-ci
}. { $renews ->
    [yes] Il se renouvelle le { $resets_at }. L’équipe du bot peut l’augmenter.
    [soon] Une partie est réservée à ce qui est en cours. Réessaie dans un instant.
   *[no] L’équipe du bot peut l’augmenter.
}
upstream = Le service du modèle a eu un problème. Réessaie dans un instant.
unreachable = Le service du modèle ne répond pas. Réessaie dans un instant.
throttled = Le service du modèle est débordé. Réessaie { $retry_after ->
    [0] dans un instant
   *[other] { $wait }
}.
rejected = Le service du modèle refuse cette requête. D’autres mots ou une autre image peuvent aider.
no-model = Ce modèle n’est pas disponible. Choisis-en un autre ; pour les réponses, avec /model.
stream-cut = La réponse s’est interrompue ; voici ce qui est arrivé.
job-failed = L’image n’a pas pu être dessinée. Cela ne t’a rien coûté.
job-late = L’image n’est pas encore prête. { $refunded ->
    [yes] Cela ne t’a rien coûté ; si elle arrive quand même, elle est à toi gratuitement.
   *[no] Si elle arrive quand même, elle sera livrée ici.
}
job-unknown = Impossible de savoir si la commande est arrivée. Elle ne sera pas renvoyée, pour que tu ne paies pas deux fois.
bad-key = Le bot ne peut pas utiliser le service du modèle en ce moment. L’équipe du bot est prévenue.
delivery = La réponse n’a pas pu être affichée.
slow-down = La messagerie nous demande de ralentir.
too-big = C’est trop gros pour cette discussion.
no-pictures = Les images ne sont pas permises ici.
gone = Le message n’existe plus.
store = La mémoire du bot ne répond pas, donc rien n’est dépensé. Réessaie dans un instant.
