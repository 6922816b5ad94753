# Pour qui gère le bot : ce que dit /admin, et les alertes en privé.
admin-granted = { $who } a maintenant { $credit } de crédit supplémentaire.
admin-refunded = Remboursé : { $amount }.
admin-allowed = { $who } peut utiliser le bot.
admin-denied = { $who } ne peut plus utiliser le bot.
deny-admin = { $who } est admin, et un admin ne peut pas être exclu. Retire d’abord son nom de ADMINS.
admin-in-settings = { $who } figure dans DENY, dans la configuration. Seul un changement à cet endroit peut rouvrir l’accès.
admin-blocked = Aucune description d’image ne peut contenir :
admin-nothing-blocked = Aucun mot n’a été interdit avec /admin block.
not-blocked = « { $words } » n’est pas dans la liste.
too-many-blocked = Impossible d’avoir plus de { $most } entrées. Retires-en une d’abord.
admin-none = Rien de défini
admin-persona-pick = Comment dois-je parler ici aux personnes qui n’ont rien choisi ?
admin-persona-set = La personnalité ici : { $name }.
admin-persona-none = Plus aucune personnalité n’est fixée ici.
admin-persona-made = La personnalité { $name } existe maintenant ici.
admin-persona-gone = La personnalité { $name } n’existe plus ici.
persona-name = « { $name } » ne peut pas être le nom d’une personnalité : il faut un mot court, sans deux-points.
unknown-persona = Il n’y a pas de personnalité « { $name } » ici. Choix possibles : { $known }.
admin-model-pick = Quel modèle doit répondre ici aux personnes qui n’ont rien choisi ? Les prix sont par million de tokens.
admin-model-set = Le modèle ici : { $name }.
admin-model-none = Plus aucun modèle n’est fixé ici.
admin-announced = Tout le monde lira ceci une fois, sous sa prochaine réponse : { $text }
admin-unannounced = Il n’y a pas d’annonce.
announcement = De l’équipe du bot : { $text }
admin-status = Réponses en cours : { $answers }. Images : { $painting } en cours de dessin, { $waiting } en attente. Le stockage répond en { $store } ms. Dépenses totales : { $today } aujourd’hui, { $month } ce mois-ci.
alert-key-refused = MiniToolAI refuse la clé ({ $cause }). Personne n’aura de réponse tant que MINITOOLAI_API_KEY ne sera pas correcte.
alert-balance-gone = Le solde MiniToolAI est épuisé ({ $cause }). Personne n’aura de réponse tant qu’il ne sera pas rechargé.
alert-model-gone = MiniToolAI n’a pas de modèle { $model } ({ $cause }). Mets-en un autre dans la configuration ; si aucun ne marche, vérifie MINITOOLAI_BASE_URL.
alert-store-away = Le stockage ne répond pas ({ $cause }). En attendant, rien n’est dépensé et personne n’a de réponse.
alert-store-not-durable = { $why ->
    [evicts] Le stockage peut effacer ce qui est payé : mets maxmemory-policy sur noeviction.
    [write-failed] Le stockage ne peut pas écrire sur son disque. Ce qu’il ne peut pas écrire, comme ce qui est dépensé désormais, sera perdu dès qu’il s’arrêtera.
    [full] Le stockage est presque plein : donne-lui plus de mémoire. Une fois plein, rien n’est dépensé, donc personne n’a de réponse.
   *[no-appendonly] Le stockage ne garde rien s’il s’arrête : mets appendonly sur yes.
}
alert-cap-near = { $percent } % du budget commun de { $cap } { $period ->
    [day] pour aujourd’hui
   *[month] pour ce mois-ci
} sont utilisés. Augmente-le avec /admin caps all { $period ->
    [day] daily
   *[month] monthly
} MONTANT, sinon des requêtes seront bientôt refusées.
alert-cap-used = Le budget commun { $period ->
    [day] d’aujourd’hui
   *[month] de ce mois-ci
} est épuisé : des requêtes sont refusées. Augmente-le avec /admin caps all { $period ->
    [day] daily
   *[month] monthly
} MONTANT.
alert-overrun = La requête { $request } a coûté { $spent }, plus que les { $held } réservés. Tout est comptabilisé. Compare les prix et les limites du catalogue avec ce que MiniToolAI facture ; /admin refund la rembourse.
alert-books-differ = { $count ->
    [one] Un total ne correspond pas
   *[other] { $count } totaux ne correspondent pas
} à la somme du livre de comptes. Pour voir le détail : minitool-bots audit
