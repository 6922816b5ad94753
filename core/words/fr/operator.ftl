# Les pages de gestion.
operator-title = Gestion
operator-skip = Aller au contenu
operator-simulated = Rien de tout cela n’a été facturé.
operator-nav = Pages
operator-nav-overview = Aperçu
operator-nav-spend = Dépenses
operator-nav-people = Personnes
operator-nav-chats = Discussions
operator-nav-caps = Plafonds
operator-nav-access = Accès
operator-nav-personas = Personnalités
operator-nav-catalogue = Prix
operator-nav-settings = Configuration
operator-nav-trail = Historique
operator-login = Connexion
operator-login-about = Ces pages montrent ce que ce bot dépense et qui peut l’utiliser.
operator-login-go = Se connecter
operator-login-wrong = Ce n’est pas le bon mot de passe.
operator-login-busy = Trop d’essais. Attends { $seconds ->
    [one] une seconde
   *[other] { $seconds } secondes
} et réessaie.
operator-password = Mot de passe
operator-logout = Se déconnecter
operator-refused = Ce formulaire n’est plus valable
operator-refused-about = Il venait d’une autre page, ou est resté ouvert trop longtemps. Rien n’a été changé.
operator-away = Le stockage est injoignable
operator-away-about = Il ne répond pas : il n’y a donc rien à montrer, et rien n’est dépensé. Réessaie dans un instant.
operator-again = Réessayer

operator-today = Aujourd’hui
operator-month = Ce mois-ci
operator-of = sur { $cap }
operator-of-cap = { $percent } % de { $cap }
operator-no-cap = Sans plafond
operator-nothing-allowed = Rien n’est permis
operator-held = { $amount } en réserve
operator-live-answer = Réponses en cours
operator-live-picture = Images en cours
operator-oldest = La plus ancienne : { $age }
operator-quiet = Tout est calme
operator-announced = Annonce : { $text }
operator-live = En cours
operator-live-on = En direct
operator-live-about = Garde à jour les chiffres ci-dessous tant que la page est ouverte
operator-live-none = Aucune réponse ni aucun dessin en cours.
operator-doing-waiting = En attente
operator-doing-painting = Dessin en cours
operator-doing-delivering = Livraison en cours
operator-more = Et { $n } de plus.
operator-what = Quoi
operator-who = Qui
operator-where = Où
operator-age = Âge
operator-age-seconds = { $n } s
operator-age-minutes = { $n } min
operator-age-hours = { $n } h
operator-age-days = { $n } j
operator-last = Dernière fois il y a { $age }
operator-troubles = Erreurs de la dernière heure
operator-troubles-none = Aucune erreur pendant la dernière heure.
operator-trouble-unreachable = MiniToolAI est injoignable, ou répond par ses propres erreurs.
operator-trouble-throttled = MiniToolAI nous demande de ralentir.
operator-trouble-rejected = MiniToolAI refuse certaines requêtes.
operator-trouble-no-model = MiniToolAI n’a pas un modèle qui a été demandé.
operator-trouble-stream-cut = Des réponses s’interrompent avant la fin.
operator-trouble-job-failed = Des images ne peuvent pas être créées. Cela n’a rien coûté à personne.
operator-trouble-job-unknown = Il n’est pas certain que des commandes d’images soient arrivées.
operator-trouble-bad-key = MiniToolAI refuse la clé, ou le solde est épuisé. Personne n’a de réponse.
operator-trouble-delivery = Une discussion n’affiche pas ce que nous envoyons.
operator-trouble-slow-down = Une messagerie nous demande de ralentir.
operator-trouble-too-big = Une discussion n’accepte rien d’aussi gros.
operator-trouble-gone = Des messages ou des discussions n’existaient plus quand nous y avons écrit.
operator-trouble-store = Le stockage ne répond pas. En attendant, rien n’est dépensé.
operator-trouble-incident = Un bug de notre côté. Le journal en donne la cause sous le numéro affiché.
operator-trouble-upstream = MiniToolAI a un problème.
operator-trouble-other = Autre chose s’est mal passé ; le journal dit quoi.

operator-spent = Dépensé
operator-spent-days = Dépensé en { $days } jours
operator-all = Tout voir
operator-total = Total
operator-rest = Tout le reste
operator-nobody = Hors discussion
operator-forgotten = Données effacées
operator-requests = { $n ->
    [one] { NUMBER($n) } requête
    [many] { NUMBER($n) } de requêtes
   *[other] { NUMBER($n) } requêtes
}
operator-top-person = Qui a le plus dépensé aujourd’hui
operator-top-chat = Où l’on a le plus dépensé aujourd’hui
operator-nothing-today = Rien n’a été dépensé aujourd’hui.
operator-nothing-spent = Rien n’a été dépensé pendant cette période.
operator-by = Par
operator-by-person = Personne
operator-by-chat = Discussion
operator-by-model = Modèle
operator-by-kind = Type
operator-kind-ask = Réponses
operator-kind-imagine = Images
operator-by-day = Tableau par jour
operator-day = Jour
operator-period = Période
operator-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
operator-col-requests = Requêtes
operator-col-in = Tokens en entrée
operator-col-out = Tokens en sortie
operator-share = Part
operator-chart-hint = Glisser pour zoomer, double-cliquer pour tout voir, flèches pour lire
operator-chart-models = Dépenses par modèle des { $days } derniers jours, { $total } au total
operator-chart-model = Dépenses par modèle des { $days } derniers jours, { $total } au total
operator-chart-person = Dépenses par personne des { $days } derniers jours, { $total } au total
operator-chart-chat = Dépenses par discussion des { $days } derniers jours, { $total } au total
operator-chart-kind = Dépenses par type des { $days } derniers jours, { $total } au total
operator-chart-one = Ce que { $name } a dépensé ces { $days } derniers jours
operator-pages = Pages de la liste
operator-page = Page { $page } sur { $pages }, { NUMBER($count) } en tout
operator-page-before = Précédent
operator-page-after = Suivant

operator-search = Chercher
operator-search-person = Trouver une personne par une partie de son nom, comme discord:123
operator-search-chat = Trouver une discussion par une partie de son nom, comme telegram:chat:-100
operator-search-end = Revenir à la liste
operator-dearest-person = Qui a dépensé ces { $days } derniers jours, les plus grosses dépenses en premier.
operator-dearest-chat = Où l’on a dépensé ces { $days } derniers jours, les plus grosses dépenses en premier.
operator-found = { $n ->
    [0] Aucun résultat.
    [one] Un résultat.
   *[other] { NUMBER($n) } résultats.
}
operator-cut = Il y en a d’autres : tape une partie plus longue.
operator-found-none = Sous ce nom, rien n’a encore été payé.
operator-open = Ouvrir { $name }
operator-denied = Accès bloqué
operator-denied-settings = Figure dans DENY, dans la configuration.
operator-unknown = N’a encore rien dépensé
operator-linked = Partage un porte-monnaie avec
operator-allow = Autoriser
operator-deny = Bloquer
operator-credit = Crédit supplémentaire
operator-credit-about = Utilisé quand les plafonds personnels sont atteints.
operator-grant = Donner du crédit supplémentaire
operator-grant-about = Il reste valable jusqu’à ce qu’il soit utilisé. Le plafond de la discussion et le plafond commun s’appliquent quand même.
operator-grant-go = Donner
operator-take-back = Reprendre { $amount }
operator-dollars = Dollars
operator-save = Enregistrer
operator-add = Ajouter
operator-remove = Retirer
operator-change = Modifier
operator-reset = Réinitialiser
operator-default = Par défaut
operator-models-month = Modèles ce mois-ci
operator-newest-requests = Dernières requêtes
operator-request = Requête
operator-became = Ce qu’elle est devenue
operator-became-open = en cours
operator-became-settled = payée
operator-became-released = gratuite : rien n’a été envoyé
operator-became-lease = payée en entier : on ne sait pas comment elle s’est terminée
operator-became-refunded = remboursée
operator-refund = Rembourser
operator-defaults = Choix par défaut de cette discussion
operator-defaults-about = Pour toutes les personnes d’ici qui n’ont rien choisi.
operator-personas-chat = Personnalités de cette discussion
operator-persona-add = Ajouter une personnalité
operator-prompt = Instructions

operator-cap-default = Par défaut
operator-cap-off = Sans plafond
operator-caps-how = Des dollars, comme 0.50. « off » : pas de plafond ; 0 : rien ne passe ; champ vide : valeur par défaut. S’applique dès la prochaine requête.
operator-caps-set = Définir les plafonds
operator-caps-settings = Une personne ou une discussion sans plafonds propres a les plafonds par défaut, qui viennent de la configuration.
operator-everyone-person = Chaque personne, par défaut
operator-everyone-chat = Chaque discussion, par défaut
operator-everyone-all = Tout le monde ensemble

operator-access-about = Des noms comme dans ALLOW et DENY. Un blocage l’emporte sur tout, sauf sur le statut d’admin. Si ALLOW est vide, tout le monde a accès.
operator-list-deny = Accès bloqué
operator-list-allow = Accès autorisé
operator-list-deny-empty = Personne.
operator-list-allow-empty = Tout le monde, sauf accès bloqué.
operator-blocked = Mots interdits
operator-blocked-about = Une description qui contient l’un de ces mots est refusée avant tout paiement.
operator-blocked-file = D’autres figurent dans { $file }.
operator-words = Mots
operator-announce = Annonce
operator-announce-about = Tout le monde la lit une fois, sous sa prochaine réponse. Un texte vide la retire ; elle s’arrête d’elle-même après une semaine.
operator-announce-text = Texte

operator-personas-about = Des façons de parler que tout le monde peut choisir. Celles d’une seule discussion sont sur la page de cette discussion.
operator-personas-file = Lu dans le fichier fourni et dans { $file }.
operator-catalogue-about = Le catalogue fourni. CATALOGUE_FILE ajoute des modèles et change des prix.
operator-catalogue-file = Le catalogue fourni, complété par { $file }.
operator-price-in = Entrée
operator-price-cached = Entrée, en cache
operator-price-out = Sortie
operator-per-million = Prix pour un million de tokens. Un changement s’applique après SIGHUP ou un redémarrage.
operator-context = Contexte
operator-most-out = Réponse la plus longue
operator-sees = Voit les images
operator-yes = Oui
operator-image-model = Modèle d’image
operator-price-picture = Une image
operator-adult = Limite d’âge

operator-settings-about = Ce avec quoi ce processus tourne. L’environnement l’emporte sur .env ; un changement s’applique après un redémarrage, et pour ALLOW et DENY aussi après SIGHUP.
operator-value = Valeur
operator-source = Source
operator-source-environment = Environnement
operator-source-file = .env
operator-source-default = Par défaut
operator-secret-set = Défini, non affiché
operator-empty = Vide

operator-trail-about = Qui a changé quoi, le plus récent en premier.
operator-trail-none = Personne n’a encore rien changé.
operator-when = Quand
operator-by-whom = Qui
operator-whom = Pour qui
operator-newest = Les plus récents
operator-older = Plus anciens
operator-change-cap = Plafonds
operator-change-grant = Crédit
operator-change-refund = Remboursement
operator-change-link = Porte-monnaie reliés
operator-change-unlink = Porte-monnaie séparés
operator-change-allow = Accès autorisé
operator-change-deny = Accès bloqué
operator-change-block = Mots interdits
operator-change-unblock = Mots de nouveau permis
operator-change-model = Modèle de la discussion
operator-change-persona = Personnalité de la discussion
operator-change-persona-defined = Personnalité créée
operator-change-persona-removed = Personnalité retirée
operator-change-announce = Annonce
operator-change-caps = Par jour : { $day }, par mois : { $month }

operator-done-caps = Les plafonds de { $name } s’appliquent dès la prochaine requête.
operator-done-blocked = Les mots interdits sont à jour.
operator-done-defaults = Les choix par défaut de { $name } sont à jour.
