# Actions
action-close = Fermer
action-copy = Copier
action-delete = Supprimer
action-download = Télécharger
action-hide = Masquer
action-open = Ouvrir
action-retry = Réessayer
action-save = Enregistrer
action-undo = Annuler
copied = Copié

# Lieux et cadre
nav-library = Bibliothèque
nav-studio = BrainSync Studio
nav-settings = Réglages
shell-account = Compte
shell-messages = Messages
shell-nav = Navigation principale
shell-offline = Pas de connexion au serveur. Ce que vous voyez peut dater ; tout se remettra à jour seul.
shell-search = Chercher ou lancer une commande
shell-skip = Aller au contenu
theme-system = Comme le système
theme-light = Clair
theme-dark = Sombre
theme-to-light = Passer au clair
theme-to-dark = Passer au sombre
role-owner = Propriétaire
role-admin = Administrateur
role-member = Membre
not-found-title = Il n’y a rien ici
not-found-text = L’adresse est peut-être mal saisie, ou ce qui était ici a été supprimé.
not-found-action = Vers la bibliothèque
not-a-medical-device = Pour la recherche et le bien-être. Ce n’est pas un dispositif médical.

# Problèmes
problem-title = Cela n’a pas marché
problem-offline = Le serveur ne répond pas. Vérifiez qu’il tourne ; rien de vous n’est perdu.
problem-copy-id = Copier l’identifiant pour l’assistance

# Commandes et touches
command-palette = Aller, faire, trouver
command-sheet = Clavier
command-group-go = Aller à
command-group-do = Faire
command-group-timeline = Signal
command-group-player = Son
palette-placeholder = Une commande ou le nom d’un enregistrement
palette-nothing = Rien de ce nom

# Connexion
sign-in-title = Connexion
sign-in-hint = Avec le lien que le serveur a affiché à son premier démarrage, ou avec votre mot de passe.
sign-in-exchanging = Connexion en cours
sign-in-email = E-mail
sign-in-password = Mot de passe
sign-in-action = Se connecter
sign-out = Se déconnecter

# Bibliothèque
library-title = Bibliothèque
library-hint = Déposez vos enregistrements n’importe où : EEG en EDF, BDF, GDF, FIF, XDF, CSV ou un jeu de fichiers (BrainVision, EEGLAB, WFDB) dans un ZIP ; son en WAV, FLAC, MP3, Ogg, Opus ou AAC.
library-upload = Ajouter des enregistrements
library-uploads = Envois
library-search = Chercher des enregistrements
library-nothing = Aucun enregistrement ne correspond à « { $q } »
library-show-all = Tout afficher
library-empty-title = Vos enregistrements seront ici
library-empty-text = Déposez un fichier n’importe où sur cette page. Il est lu d’après son contenu, quel que soit son nom, et reste sur votre serveur.
library-more = Afficher plus
library-row-menu = Actions pour { $title }
library-deleted = « { $title } » supprimé
kind-eeg = EEG
kind-audio = Son
first-title = Premiers pas
first-sample = Ouvrir un exemple
first-sample-hint = Un enregistrement déjà analysé
first-upload = Ajouter les vôtres
first-upload-hint = EEG ou son, jusqu’à de nombreux gigaoctets
first-track = Composer un morceau
first-track-hint = Dans la tonalité et le rythme mesurés
first-report = Emporter le rapport
first-report-hint = PDF ou XLSX, dans votre langue

# Envois
upload-drop-here = Lâchez pour ajouter à la bibliothèque
upload-done = { $name } est arrivé
upload-pause = Suspendre
upload-continue = Continuer
upload-cancel = Annuler l’envoi
upload-left = { $seconds ->
    [one] encore { $seconds } seconde
   *[other] encore { $seconds } secondes
 }
upload-state-waiting = En attente
upload-state-paused = Suspendu
upload-state-failed = L’envoi s’est arrêté. Il reprendra là où il en était.

# Tâches
jobs-title = Tâches
jobs-title-n = { $n ->
    [0] Tâches : aucune en cours
    [one] Tâches : { $n } en cours
   *[other] Tâches : { $n } en cours
 }
jobs-none = Rien n’a encore tourné.
job-cancel = Annuler la tâche
job-retry = Relancer
job-state-queued = En attente
job-state-succeeded = Terminé
job-state-failed = Échoué
job-state-cancelled = Annulé
analysis-ingest = Lecture de l’enregistrement
analysis-eeg-overview = Vue d’ensemble de l’EEG
analysis-audio-overview = Vue d’ensemble du son
analysis-compose = Morceau BrainSync
analysis-report = Rapport

# Un enregistrement
recording-channels = { $n ->
    [one] { $n } canal
   *[other] { $n } canaux
 }
recording-findings = { $n ->
    [one] { $n } constat
   *[other] { $n } constats
 }
recording-state-ready = Prêt
recording-state-processing = Lecture en cours
recording-state-failed = Illisible
recording-failed-text = Le fichier n’a pas pu être lu comme un enregistrement.
recording-synthetic = synthétique
recording-synthetic-hint = Produit par Clisonix avec une vérité connue ; d’aucune personne
recording-make-track = Composer un morceau
recording-menu = Autres actions
recording-download = Télécharger l’original
recording-rename = Renommer
recording-title = Titre
recording-tabs = Vues de l’enregistrement
recording-underway = En cours
tab-signal = Signal
tab-spectrum = Spectre et carte
tab-music = Musique
tab-findings = Constats
tab-tracks = Morceaux
tab-report = Rapport

# Explorateur de signal
signal-processing-title = Le signal est en cours de lecture
signal-processing-text = Il apparaît ici dès que l’en-tête et la vue d’ensemble sont là. Vous pouvez partir ; cela continue.
signal-failed = Le signal n’a pas pu être chargé
signal-label = Signal de { $title }. Les flèches déplacent, Maj avec les flèches change la fenêtre, T affiche un tableau.
signal-summary = { $channels } canaux, dont { $bad } mauvais, de { $from } à { $to }, { $events } événements.
signal-no-more-events = Plus d’événement
signal-table-caption = Extrêmes de chaque canal de { $from } à { $to }
timeline-pan-left = Reculer dans le temps
timeline-pan-right = Avancer dans le temps
timeline-window-shorter = Zoom avant
timeline-window-longer = Zoom arrière
timeline-lanes-up = Canaux vers le haut
timeline-lanes-down = Canaux vers le bas
timeline-gain-up = Amplitude plus grande
timeline-gain-down = Amplitude plus petite
timeline-event-before = Événement précédent
timeline-event-after = Événement suivant
timeline-fit = Enregistrement entier
timeline-spectrogram = Spectrogramme
timeline-table = Valeurs en tableau
timeline-clear = Effacer le repère
column-channel = Canal
column-kind = Type
column-rate = Fréquence
column-min = Minimum
column-max = Maximum
column-quality = Qualité
column-alpha-peak = Pic alpha
column-rms = RMS
column-line = Bruit secteur
quality-good = bon
quality-bad = mauvais

# Son
player-toggle = Lire ou suspendre
player-play = Lire { $title }
player-pause = Suspendre { $title }
player-seek = Position dans { $title }
player-volume = Volume
player-broken = Votre navigateur ne sait pas lire ce format. Téléchargez-le plutôt.

# Vue d’ensemble
overview-not-yet = Pas encore d’analyse
overview-not-yet-text = Elle démarre seule dès que l’enregistrement est lu.
overview-state = Ce qui a été mesuré
overview-music = Ce qui a été mesuré
overview-plots = Graphiques
overview-open-plot = { $title }, ouvrir à part
overview-channels = Canal par canal
overview-method = Comment cela a été mesuré
overview-method-text = Filtré de { $low } à { $high } Hz ({ $phase }), coupe-bande : { $notch }, référence : { $reference }. Spectre par la méthode de Welch, fenêtres de { $window } s et recouvrement de { $overlap } %. Exclus des moyennes : { $bads }.
figure-alpha-peak = Pic alpha
figure-ci95 = intervalle à 95 % : { $from } à { $to } { $unit }
figure-prominence = { $db } dB au-dessus du fond
figure-no-peak = pas de pic au-dessus du fond
figure-theta-beta = Thêta / bêta
figure-theta-beta-note = rapport des puissances
figure-aperiodic = Exposant apériodique
figure-good-channels = Bons canaux
figure-bands = Puissance relative, moyenne des bons canaux
figure-tempo = Tempo
figure-tempo-others = Autres lectures de la pulsation : { $list }
figure-confidence = confiance { $percent } %
figure-no-tempo = aucune pulsation régulière trouvée
figure-key = Tonalité
figure-key-strength = corrélation { $r }
figure-no-key = aucune tonalité stable trouvée
figure-tuning = Accord à { $cents } cents de La4 = 440 Hz
figure-loudness = Sonie
figure-range = étendue { $lu }
figure-true-peak = Crête vraie
figure-crest = facteur de crête { $db }
mode-major = majeur
mode-minor = mineur
band-delta = delta
band-theta = thêta
band-alpha = alpha
band-sigma = sigma
band-beta = bêta
band-gamma = gamma

# Constats
findings-none-title = Aucun constat
findings-none-text = Rien dans cet enregistrement ne s’oppose à son emploi.
findings-hint = Ce qu’il faut savoir en lisant les résultats. Choisissez un constat pour en voir la preuve dans le signal.
severity-info = Note
severity-warning = Avertissement
severity-problem = Problème

# Morceaux
tracks-none-title = Pas encore de morceau
tracks-none-text = Composez-en un dans la tonalité, le tempo et le rythme mesurés ici.

# Rapport
report-title = Rapport
report-hint = Ce qui a été mesuré, comment, avec quelle qualité, et les limites. La même entrée donne le même fichier.
report-format = Format
report-pdf-note = Pour lire, imprimer et signer
report-xlsx-note = Tous les chiffres, pour calculer
report-language = Langue
report-create = Créer le rapport
report-earlier = Rapports antérieurs
report-not-yet = Pas encore de résultat à rapporter

# BrainSync Studio
studio-hint = Un morceau dans une tonalité et un tempo mesurés, dont la douce modulation mène d’un rythme cérébral mesuré vers un autre. Chaque décision cite le chiffre dont elle vient.
studio-sources = Fait à partir de
studio-brain = Cerveau
studio-brain-hint = Donne le rythme de départ du morceau
studio-sound = Son
studio-sound-hint = Donne la tonalité et le tempo
studio-source-none = Aucun
studio-order = Le morceau
studio-mode = Mène vers
studio-mode-hint = Ce que vise un mode est une convention du domaine, pas un effet prouvé.
studio-mode-relax = Détente
studio-mode-relax-note = Calme et ample
studio-mode-focus = Concentration
studio-mode-focus-note = Régulier, peu de surprises
studio-mode-sleep = Sommeil
studio-mode-sleep-note = Sombre, lent, qui s’éteint
studio-mode-motivation = Motivation
studio-mode-motivation-note = Entraînant, clair
studio-mode-creativity = Créativité
studio-mode-creativity-note = Ouvert, flottant
studio-mode-recovery = Récupération
studio-mode-recovery-note = Lent et chaleureux
studio-stimulus = Comment le rythme entre dans le son
studio-stimulus-am = Modulation
studio-stimulus-am-note = Nappes et bruit ondulent ; marche sur haut-parleurs
studio-stimulus-monaural = Monaural
studio-stimulus-monaural-note = Deux sons qui battent dans les deux oreilles
studio-stimulus-isochronic = Isochrone
studio-stimulus-isochronic-note = Impulsions douces et séparées
studio-stimulus-binaural = Binaural
studio-stimulus-binaural-note = Un son par oreille ; au casque seulement
studio-stimulus-sham = Factice
studio-stimulus-sham-note = Le même sans rythme, pour essais à l’aveugle
studio-duration = Durée
studio-duration-hint = Minutes, ou h:mm:ss
studio-duration-range = Entre 0:10 et 3:00:00
studio-level = Sonie
studio-seed = Graine
studio-seed-hint = Même graine, même morceau
studio-by-hand = Fixer tonalité, tempo ou rythme à la main
studio-by-hand-hint = Ce que vous laissez ouvert suit la mesure.
studio-as-measured = comme mesuré
studio-by-mode = selon le mode
studio-target = Rythme visé
studio-start = Rythme de départ
studio-plan = Plan
studio-not-measured = rien de mesuré ; le mode décide
studio-because-key = mesuré dans { $title }, corrélation { $r }
studio-because-tempo = mesuré dans { $title }, confiance { $percent } % ; le mode peut le diviser ou le multiplier par deux
studio-because-peak = pic alpha de { $title }, { $db } dB au-dessus du fond
studio-headphones = N’agit qu’au casque.
studio-compose = Composer
studio-result = Votre morceau
studio-why = Pourquoi il sonne ainsi
studio-measured = Mesuré sur le morceau fini : { $lufs }, crête vraie { $peak }.
studio-schedule = Rythme au fil du temps
studio-evidence = Ce que l’on en sait
grade-moderate = preuves : modérées
grade-weak = preuves : faibles
grade-very-weak = preuves : très faibles
grade-none = aucun effet attendu
origin-asked = fixé par vous
column-decision = Décision
column-choice = Choix
column-because = Parce que
decision-key = Tonalité
decision-tempo = Tempo
decision-rate = Rythme
decision-chords = Accords
decision-texture = Texture
decision-stimulus = Stimulus
decision-loudness = Sonie
field-range = Entre { $min } et { $max }

# Réglages
settings-appearance = Apparence et langue
settings-language = Langue
settings-theme = Thème
settings-keyboard = Raccourcis d’une seule touche
settings-keyboard-hint = Des touches comme G ou ? sans Ctrl. Désactivez-les si vous utilisez la saisie vocale.
settings-on = Activés
settings-off = Désactivés
settings-keys-turn-on = Activer les touches seules
settings-keys-turn-off = Désactiver les touches seules
settings-password = Mot de passe
settings-password-hint = Avec un mot de passe, vous vous connectez sans le lien du démarrage du serveur.
settings-password-current = Mot de passe actuel
settings-password-wrong = Ce n’est pas votre mot de passe actuel.
settings-password-new = Nouveau mot de passe
settings-password-rule = Au moins { $n } caractères
settings-password-saved = Mot de passe enregistré. Vous êtes déconnecté partout ailleurs.
settings-keys-api = Clés d’API
settings-keys-api-hint = Pour les programmes qui appellent l’API en votre nom.
settings-key-name = Nom de la clé
settings-key-create = Créer une clé
settings-key-created = Votre nouvelle clé
settings-key-once = Elle n’est montrée que maintenant. Gardez-la en lieu sûr.
settings-key-used = dernier usage { $when }
settings-key-unused = jamais utilisée
settings-key-revoke = Révoquer { $name }

# Analyses of a recording
tab-analyses = Analyses
analyses-title = Analyses de cet enregistrement
analyses-none = Aucune analyse ne convient à ce type d’enregistrement
analyses-done = terminée
analyses-parameters = Paramètres
analyses-run = Lancer
analyses-result-of = Résultat du
analyses-as-json = Résultat en JSON
value-yes = oui
value-no = non
params-default = par défaut
params-words-hint = Séparez les valeurs par des virgules
params-not-json = Ce n’est pas du JSON valide.
sheet-more-rows = Les { $shown } premières lignes sur { $all } ; le JSON les contient toutes.
