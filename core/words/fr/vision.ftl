# Images et fichiers inutilisables : lequel, pourquoi, et que faire.
# $number vaut 0 quand il n’y en a qu’un.
attachment-too-big = Le fichier « { $name } » est trop gros : { $mib } Mo au maximum.
attachment-gone = Ce fichier n’existe plus. Joins-le de nouveau.
too-many-files = Cela fait trop de fichiers d’un coup ({ $count }, maximum { $most }). Envoies-en moins.
files-too-big = Ensemble, ces fichiers sont trop gros : { $most } Mo au maximum. Envoies-en moins.
file-empty = { $number ->
    [0] Le fichier
   *[other] Le fichier { $number }
} est vide. Joins-le de nouveau.
file-wrong-type = { $number ->
    [0] Le fichier
   *[other] Le fichier { $number }
} est d’un type que je ne peux pas lire ({ $name }). Je lis les images (PNG, JPEG, WEBP, GIF), le texte, le code et les PDF.
no-recordings = Je lis les textes et je regarde les images ; je ne peux ni écouter les enregistrements ni regarder les vidéos.
text-wrong-letters = { $number ->
    [0] Le fichier
   *[other] Le fichier { $number }
} est un texte dans un encodage que je ne reconnais pas ({ $name }). Enregistre-le en UTF-8 et renvoie-le.
picture-wrong-type = { $number ->
    [0] L’image
   *[other] L’image { $number }
} n’est ni un PNG, ni un JPEG, ni un WEBP, ni un GIF ({ $kind }). Envoie-la dans l’un de ces formats.
picture-broken = { $number ->
    [0] L’image
   *[other] L’image { $number }
} est abîmée ou incomplète. Renvoie-la, au besoin après l’avoir réenregistrée.
picture-too-large = { $number ->
    [0] L’image
   *[other] L’image { $number }
} a trop de pixels : { $most } mégapixels au maximum. Réduis-la.
picture-too-long = { $number ->
    [0] L’image
   *[other] L’image { $number }
} est trop longue : { $most } pixels par côté au maximum. Envoie la partie qui compte.
picture-blind-model = { $model } ne voit pas les images. Choisis un autre modèle avec /model.
picture-left-out = { $count ->
    [one] Le modèle ne voit plus une ancienne image.
   *[other] Le modèle ne voit plus { $count } anciennes images.
}
pdf-broken = { $number ->
    [0] Le PDF
   *[other] Le fichier { $number } (PDF)
} est abîmé. Enregistre-le de nouveau, ou colle le texte.
pdf-locked = { $number ->
    [0] Le PDF
   *[other] Le fichier { $number } (PDF)
} est protégé par un mot de passe. Envoie-le sans mot de passe.
pdf-no-text = { $number ->
    [0] Le PDF
   *[other] Le fichier { $number } (PDF)
} ne contient pas de texte, seulement des images de texte. Envoie les pages en images.
pdf-too-hard = { $number ->
    [0] Le PDF
   *[other] Le fichier { $number } (PDF)
} est trop compliqué à lire. Envoie les pages qui comptent, ou colle le texte.
