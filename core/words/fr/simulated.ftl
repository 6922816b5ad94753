# Réponses de l’API simulée : elle redit ce qu’elle a reçu, et que rien de tout cela n’est vrai.
simulated-notice = **Cette réponse est simulée.** Aucun modèle n’a été interrogé et rien n’a été facturé ; avec une clé MiniToolAI dans la configuration, c’est le vrai modèle qui répond ici.
simulated-title-1 = Voici ce qui est arrivé
simulated-title-2 = Ta question, relue à voix haute
simulated-title-3 = Une répétition générale de ta réponse
simulated-title-4 = Voilà donc ce que tu veux savoir
simulated-asked = Tu as demandé :
simulated-earlier = { $count ->
    [one] Une question précédente de cette conversation accompagnait celle-ci : « { $last } ».
   *[other] { $count } questions précédentes de cette conversation accompagnaient celle-ci, la dernière étant : « { $last } ».
}
simulated-sight = **Image { $number }** : { $format } de { $size } pixels ; ses couleurs principales : { $colours }.
simulated-blind = **Image { $number }** : impossible de la lire ici, elle n’est ni jointe à la question ni présente sur cette machine.
simulated-filler-1 = Tu as demandé une longue réponse, alors ce paragraphe remplit la page. Il montre comment le texte passe à la ligne, où une page se termine et comment la suivante commence, sans rien dire qui mérite d’être vérifié.
simulated-filler-2 = À cet endroit, les vrais modèles aiment énumérer des *avantages*, des *inconvénients* et une conclusion équilibrée. La simulation n’a pas d’opinion, mais elle sait quelle place cela prend d’habitude.
simulated-filler-3 = Les mots arrivent l’un après l’autre au rythme d’un petit modèle, environ trente morceaux par seconde. Si c’est trop lent pour attendre, le bouton d’arrêt marche ici exactement comme pour une vraie réponse.
simulated-filler-4 = Les tableaux, les listes et le code doivent aussi survivre à un changement de page, et c’est pourquoi les longues réponses valent l’essai : ce qui est ouvert à la fin d’une page y est fermé, puis rouvert sur la suivante.
simulated-what = Ce qui a été envoyé
simulated-value = Valeur
simulated-row-model = Modèle
simulated-row-words = Mots de la question
simulated-row-turns = Questions précédentes
simulated-row-pictures = Images
simulated-row-instructions = Caractères d’instructions
simulated-row-temperature = Température
simulated-code = Et un bout de code, pour qu’il y ait quelque chose à copier :
simulated-closing-1 = Pose une autre question, joins une image, ou commandes-en une avec `/imagine`.
simulated-closing-2 = Une question de suivi montre que la conversation est gardée en mémoire.
simulated-closing-3 = Commence une question par `fault:500` ou `fault:cut` pour voir à quoi ressemble une erreur.
simulated-closing-4 = Mets le mot « long » dans une question pour une réponse de plusieurs pages.
simulated-colour-unknown = inconnues
simulated-colour-black = noir
simulated-colour-white = blanc
simulated-colour-grey = gris
simulated-colour-red = rouge
simulated-colour-orange = orange
simulated-colour-yellow = jaune
simulated-colour-green = vert
simulated-colour-turquoise = turquoise
simulated-colour-blue = bleu
simulated-colour-lightblue = bleu clair
simulated-colour-purple = violet
simulated-colour-pink = rose
simulated-colour-brown = marron
simulated-colour-beige = beige
# Not shown: by these words of a question its language is guessed, and how long an answer is wanted.
simulated-words = et le la les est que quoi comment je ne pas un une pourquoi image montre moi tu peux qui où quand nous quel quelle explique écris avec pour sur dans des du à au l d bonjour merci est-ce
simulated-long = longue longuement détaillé détaillée
simulated-very = très
