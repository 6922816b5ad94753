# Conversations, personnalités, ce qui est gardé et ce qui est effacé.
persona-default = Assistant
persona-default-detail = Serviable, va droit au but
persona-brief = Bref
persona-brief-detail = Une à trois phrases, pas plus
persona-tutor = Prof
persona-tutor-detail = Explique pas à pas et te laisse trouver
persona-coder = Dev
persona-coder-detail = Relit et écrit du code
persona-own = Mes propres instructions
persona-own-detail = Ce que tu as dit au bot sur sa façon de parler
persona-of-chat = Créée pour cette discussion
prompt-too-long = Ces instructions sont trop longues ({ $length } caractères, maximum { $most }). Raccourcis-les.
too-many-personas = Cette discussion a déjà { $most } personnalités à elle. Retires-en une d’abord.
memory-new = Nouvelle conversation. Ce qui a été dit avant n’en fait pas partie.
memory-forgotten = Effacé : { $turns ->
    [0] aucune question
    [one] une question et sa réponse
   *[other] { $turns } questions et leurs réponses
}, { $pictures ->
    [0] aucune image
    [one] une image
   *[other] { $pictures } images
}, { $settings ->
    [0] aucun paramètre
    [one] un paramètre
   *[other] { $settings } paramètres
}{ $orders ->
    [0] {""}
    [one] , une commande d’image
   *[other] , { $orders } commandes d’images
}. De tes dépenses, seuls les montants sont gardés.
memory-nothing = Il n’y avait rien à effacer sur toi. De tes dépenses, seuls les montants sont gardés.
