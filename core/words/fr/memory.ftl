# Conversations, personnalités, ce qui est gardé et ce qui est effacé.
persona-default = Assistant
persona-default-detail = Serviable, va droit au but
persona-brief = Bref
persona-brief-detail = Une à trois phrases, pas plus
persona-tutor = Prof
persona-tutor-detail = Explique pas à pas et te laisse trouver
persona-coder = Dev
persona-coder-detail = Relit et écrit du code
persona-own = Tes propres instructions
persona-own-detail = La façon de parler que tu as donnée au bot
persona-of-chat = Créée pour cette discussion
prompt-too-long = Ces instructions sont trop longues ({ $length } caractères, maximum { $most }). Raccourcis-les.
too-many-personas = Cette discussion a déjà { $most } personnalités à elle. Retires-en une d’abord.
memory-new = Nouvelle conversation. Ce qui a été dit avant n’en fait pas partie.
memory-forgotten = Effacé : { $what }. De tes dépenses, seuls les montants sont gardés.
forgotten-exchanges = { $count ->
    [one] une question et sa réponse
   *[other] { $count } questions et leurs réponses
}
forgotten-pictures = { $count ->
    [one] une image
   *[other] { $count } images
}
forgotten-settings = { $count ->
    [one] un paramètre
   *[other] { $count } paramètres
}
forgotten-orders = { $count ->
    [one] une commande d’image
   *[other] { $count } commandes d’images
}
memory-nothing = Il n’y avait rien à effacer sur toi. De tes dépenses, seuls les montants sont gardés.
