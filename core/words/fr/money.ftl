# L’argent : ce qui est mal tapé par qui gère le bot, les comptes reliés, et le graphique.
cap-change = Écris-le comme ceci : user:ID daily 0.50 monthly 5. Un montant peut aussi être « off » ou « default » ; NOM reset annule tout.
cap-change-whole = Écris-le comme ceci : discord:ID daily 0.50 monthly 5. Un montant peut aussi être « off » ou « default » ; NOM reset annule tout.
credit-change = Écris-le comme ceci : user:ID 5. Le montant est en dollars américains.{ $platform ->
    [telegram] {" "}Ou envoie la commande en réponse à un message de cette personne.
   *[other] {""}
}
cap-amount = « { $value } » n’est pas un montant en dollars comme 0.50.
cap-amount-unclear = « { $value } » peut désigner deux montants. Écris { $decimals } ou { $thousands }.
cap-name = « { $name } » n’est pas un nom comme user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
}{ $all ->
    [yes] , chat:ID ou all
   *[no] {" "}ou chat:ID
}.
cap-name-whole = « { $name } » n’est pas un nom comme discord:ID, telegram:ID, web:SESSION, terminal:LOGIN, discord:role:ID, discord:guild:ID{ $all ->
    [yes] , telegram:chat:ID ou all
   *[no] {" "}ou telegram:chat:ID
}.
cap-person = « { $name } » n’est pas le nom d’une personne comme user:ID.
cap-person-whole = « { $name } » n’est pas le nom d’une personne comme discord:ID, telegram:ID, web:SESSION ou terminal:LOGIN.
cap-channel = L’argent n’est pas compté par salon, mais par personne et par serveur. Écris user:ID, role:ID ou guild:ID.
name-missing = Écris après la commande de qui il s’agit : user:ID{ $platform ->
    [telegram] {""}
   *[other] , role:ID, guild:ID
} ou chat:ID.{ $platform ->
    [telegram] {" "}Ou envoie la commande en réponse à un message de cette personne.
   *[other] {""}
}
link-unknown = Ce code est inconnu. Un code marche une seule fois, pendant dix minutes ; demandes-en un autre avec /link.
link-self = Ce code est le tien. Tape-le avec ton autre compte.
link-already = Les deux comptes partagent déjà le même porte-monnaie.
link-many = Ce porte-monnaie a déjà le nombre maximal de comptes.
link-tries = Trop de codes erronés. Attends dix minutes, puis demandes-en un nouveau avec /link.
refund-which = Écris après la commande l’identifiant de la requête, tel qu’il figure dans le livre de comptes.
refund-unknown = Cette requête est inconnue, ou trop ancienne pour être remboursée.
refund-open = Cette requête n’est pas encore terminée.
refund-nothing = Cette requête n’a rien coûté, ou elle est déjà remboursée.
audit-trimmed = Le livre de comptes a été raccourci pendant sa lecture. Réessaie.
chart-title = { $days ->
    [one] Dépenses d’aujourd’hui
   *[other] Dépenses des { $days } derniers jours
}
chart-total = { $total } au total
chart-day = { $day ->
    [1] 1er
   *[other] { $day }
} { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
chart-words = Dépenses des { $days } derniers jours : { $total }, surtout le { $day } : { $most }.
chart-nothing = Aucune dépense ces { $days } derniers jours.
