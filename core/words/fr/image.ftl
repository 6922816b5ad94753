imagine-ordering = Commande en cours… { $price }{ $knows ->
    [yes] , il te restera ensuite { $left }.
   *[no] .
}
imagine-in-line = Dans la file, place { $place }. { $price }{ $knows ->
    [yes] , il te restera ensuite { $left }.
   *[no] .
}
imagine-painting = Je dessine… { $elapsed } s
imagine-painting-expected = Je dessine… { $elapsed } s sur environ { $expected } s
imagine-stuck = Le bot ne peut rien enregistrer pour le moment. Ton image arrivera dès qu’il le pourra, et tu ne la paieras qu’une fois.
imagine-left = Le bot ne peut toujours rien enregistrer. Ton image arrivera lors d’une prochaine visite, dès qu’il le pourra, et tu ne la paieras qu’une fois.
imagine-unknown-money = { $refunded ->
    [yes] Cela ne t’a rien coûté.
   *[no] La commande t’a été facturée ; l’équipe du bot peut te rembourser.
}
imagine-from-earlier = { $count ->
    [one] Une image date d’avant ; elle n’avait pas pu être livrée.
   *[other] { $count } images datent d’avant ; elles n’avaient pas pu être livrées.
}
imagine-no-pictures = Les images ne sont pas permises ici. Envoie-moi /usage dans notre discussion privée et tu auras la tienne.
imagine-no-pictures-adult = Les images ne sont pas permises ici. Envoie-moi /usage dans un espace soumis à une limite d’âge qui accepte les images et tu auras la tienne.
imagine-no-files = Les fichiers ne sont pas permis ici.
imagine-cancelled = Annulé. Cela ne t’a rien coûté.
imagine-too-late = Trop tard pour annuler : l’image est déjà en cours de dessin, et payée.
imagine-pick-shape = Quel format ? Cela coûte { $price }.
imagine-detail-model = Modèle
imagine-detail-size = Taille
imagine-detail-steps = Étapes
imagine-detail-cfg = Fidélité au texte
imagine-detail-scheduler = Méthode
imagine-detail-price = Prix
imagine-detail-negative = À éviter
shape-square = Carré
shape-portrait = Portrait
shape-landscape = Paysage
shape-wide = Large
shape-tall = Haut
shape-small = Petit
action-again = Refaire ({ $price })
action-vary = Modifier
action-shape = Format
action-details = Détails
action-file = En fichier
action-cancel = Annuler
action-delete = Supprimer
easel-note = Comment faut-il dessiner l’image ? Tu ne paies qu’en appuyant sur « Dessiner ».
imagine-words-alone = Je dessine seulement d’après des mots. Envoie la description sans image.
easel-words-alone = Je dessine seulement d’après des mots : l’image n’est pas utilisée.
easel-paint = Dessiner · { $price }
easel-shape = Quel format ?
easel-model = Quel modèle ?
easel-steps = Combien d’étapes ? Plus d’étapes, plus de détails.
easel-steps-now = { $steps ->
    [one] Une étape
   *[other] { $steps } étapes
}
easel-style = À quel point faut-il suivre ton texte ?
easel-style-free = Style libre
easel-style-loose = Style souple
easel-style-close = Proche de mon texte
easel-style-strict = À la lettre
easel-count = Combien d’images ?
easel-count-now = { $count ->
    [one] Une image
   *[other] { $count } images
}
easel-back = ← Retour
easel-over = C’est déjà commandé, ou c’est trop ancien. Refais ta demande.
imagine-some = Images prêtes : { $made } sur { $count }.
