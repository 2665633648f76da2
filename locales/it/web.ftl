# Azioni
action-close = Chiudi
action-copy = Copia
action-delete = Elimina
action-download = Scarica
action-hide = Nascondi
action-open = Apri
action-retry = Riprova
action-save = Salva
action-undo = Annulla
copied = Copiato

# Luoghi e cornice
nav-library = Libreria
nav-studio = BrainSync Studio
nav-settings = Impostazioni
shell-account = Account
shell-messages = Messaggi
shell-nav = Navigazione principale
shell-offline = Nessuna connessione al server. Ciò che vedi può essere vecchio; si aggiornerà da solo.
shell-search = Cerca o esegui un comando
shell-skip = Vai al contenuto
theme-system = Come il sistema
theme-light = Chiaro
theme-dark = Scuro
theme-to-light = Passa al chiaro
theme-to-dark = Passa allo scuro
role-owner = Proprietario
role-admin = Amministratore
role-member = Membro
not-found-title = Qui non c’è nulla
not-found-text = Forse l’indirizzo è scritto male, o ciò che era qui è stato eliminato.
not-found-action = Alla libreria
not-a-medical-device = Per ricerca e benessere. Non è un dispositivo medico.

# Problemi
problem-title = Non ha funzionato
problem-offline = Il server non risponde. Controlla che sia in funzione; nulla di tuo va perso.
problem-copy-id = Copia l’identificativo per l’assistenza

# Comandi e tasti
command-palette = Vai, fai, trova
command-sheet = Tastiera
command-group-go = Vai a
command-group-do = Fai
command-group-timeline = Segnale
command-group-player = Suono
palette-placeholder = Un comando o il nome di una registrazione
palette-nothing = Nulla con questo nome

# Accesso
sign-in-title = Accedi
sign-in-hint = Con il link che il server ha mostrato al primo avvio, oppure con la tua password.
sign-in-exchanging = Accesso in corso
sign-in-email = E-mail
sign-in-password = Password
sign-in-action = Accedi
sign-out = Esci

# Libreria
library-title = Libreria
library-hint = Trascina registrazioni ovunque: EEG come EDF, BDF, GDF, FIF, XDF, CSV o un insieme di file (BrainVision, EEGLAB, WFDB) in uno ZIP; suono come WAV, FLAC, MP3, Ogg, Opus o AAC.
library-upload = Aggiungi registrazioni
library-uploads = Caricamenti
library-search = Cerca registrazioni
library-nothing = Nessuna registrazione corrisponde a “{ $q }”
library-show-all = Mostra tutte
library-empty-title = Qui saranno le tue registrazioni
library-empty-text = Trascina un file ovunque in questa pagina. Viene letto dal suo contenuto, qualunque nome abbia, e resta sul tuo server.
library-more = Mostra altre
library-row-menu = Azioni per { $title }
library-deleted = “{ $title }” eliminata
kind-eeg = EEG
kind-audio = Suono
first-title = Primi passi
first-sample = Apri un esempio
first-sample-hint = Una registrazione già analizzata
first-upload = Aggiungi le tue
first-upload-hint = EEG o suono, fino a molti gigabyte
first-track = Componi un brano
first-track-hint = Nella tonalità e nel ritmo misurati
first-report = Prendi il rapporto
first-report-hint = PDF o XLSX, nella tua lingua

# Caricamenti
upload-drop-here = Rilascia per aggiungere alla libreria
upload-done = { $name } è arrivato
upload-pause = Sospendi
upload-continue = Continua
upload-cancel = Annulla caricamento
upload-left = { $seconds ->
    [one] manca { $seconds } secondo
   *[other] mancano { $seconds } secondi
 }
upload-state-waiting = In attesa
upload-state-paused = Sospeso
upload-state-failed = Il caricamento si è fermato. Riprende da dove era.

# Lavori
jobs-title = Lavori
jobs-title-n = { $n ->
    [0] Lavori: nessuno in corso
    [one] Lavori: { $n } in corso
   *[other] Lavori: { $n } in corso
 }
jobs-none = Non è ancora stato eseguito nulla.
job-cancel = Annulla lavoro
job-retry = Esegui di nuovo
job-state-queued = In attesa
job-state-succeeded = Fatto
job-state-failed = Fallito
job-state-cancelled = Annullato
analysis-ingest = Lettura della registrazione
analysis-eeg-overview = Panoramica EEG
analysis-audio-overview = Panoramica del suono
analysis-compose = Brano BrainSync
analysis-report = Rapporto

# Una registrazione
recording-channels = { $n ->
    [one] { $n } canale
   *[other] { $n } canali
 }
recording-findings = { $n ->
    [one] { $n } rilievo
   *[other] { $n } rilievi
 }
recording-state-ready = Pronta
recording-state-processing = In lettura
recording-state-failed = Illeggibile
recording-failed-text = Non è stato possibile leggere il file come registrazione.
recording-synthetic = sintetica
recording-synthetic-hint = Creata da Clisonix con verità nota; di nessuna persona
recording-make-track = Componi un brano
recording-menu = Altre azioni
recording-download = Scarica l’originale
recording-rename = Rinomina
recording-title = Titolo
recording-tabs = Viste della registrazione
recording-underway = In corso
tab-signal = Segnale
tab-spectrum = Spettro e mappa
tab-music = Musica
tab-findings = Rilievi
tab-tracks = Brani
tab-report = Rapporto

# Esploratore del segnale
signal-processing-title = Il segnale è in lettura
signal-processing-text = Appare qui appena ci sono intestazione e panoramica. Puoi andare via; continua da solo.
signal-failed = Non è stato possibile caricare il segnale
signal-label = Segnale di { $title }. Le frecce spostano, Maiusc con le frecce cambia la finestra, T mostra una tabella.
signal-summary = { $channels } canali, di cui { $bad } cattivi, da { $from } a { $to }, { $events } eventi.
signal-no-more-events = Nessun altro evento
signal-table-caption = Estremi di ogni canale da { $from } a { $to }
timeline-pan-left = Indietro nel tempo
timeline-pan-right = Avanti nel tempo
timeline-window-shorter = Ingrandisci
timeline-window-longer = Riduci
timeline-lanes-up = Canali in su
timeline-lanes-down = Canali in giù
timeline-gain-up = Ampiezza maggiore
timeline-gain-down = Ampiezza minore
timeline-event-before = Evento precedente
timeline-event-after = Evento successivo
timeline-fit = Registrazione intera
timeline-spectrogram = Spettrogramma
timeline-table = Valori in tabella
timeline-clear = Togli il segno
column-channel = Canale
column-kind = Tipo
column-rate = Frequenza
column-min = Minimo
column-max = Massimo
column-quality = Qualità
column-alpha-peak = Picco alfa
column-rms = RMS
column-line = Rumore di rete
quality-good = buono
quality-bad = cattivo

# Suono
player-toggle = Riproduci o sospendi
player-play = Riproduci { $title }
player-pause = Sospendi { $title }
player-seek = Posizione in { $title }
player-volume = Volume
player-broken = Il tuo browser non sa riprodurre questo formato. Scaricalo invece.

# Panoramica
overview-not-yet = Ancora nessuna analisi
overview-not-yet-text = Parte da sola quando la registrazione è stata letta.
overview-state = Che cosa è stato misurato
overview-music = Che cosa è stato misurato
overview-plots = Grafici
overview-open-plot = { $title }, apri a parte
overview-channels = Canale per canale
overview-method = Come è stato misurato
overview-method-text = Filtrato da { $low } a { $high } Hz ({ $phase }), elimina-banda: { $notch }, riferimento: { $reference }. Spettro con il metodo di Welch, finestre di { $window } s e sovrapposizione del { $overlap } %. Esclusi dalle medie: { $bads }.
figure-alpha-peak = Picco alfa
figure-ci95 = intervallo al 95 %: da { $from } a { $to } { $unit }
figure-prominence = { $db } dB sopra il fondo
figure-no-peak = nessun picco sopra il fondo
figure-theta-beta = Theta / beta
figure-theta-beta-note = rapporto tra le potenze
figure-aperiodic = Esponente aperiodico
figure-good-channels = Canali buoni
figure-bands = Potenza relativa, media dei canali buoni
figure-tempo = Tempo
figure-tempo-others = Altre letture della pulsazione: { $list }
figure-confidence = confidenza { $percent } %
figure-no-tempo = nessuna pulsazione stabile
figure-key = Tonalità
figure-key-strength = correlazione { $r }
figure-no-key = nessuna tonalità stabile
figure-tuning = Intonazione a { $cents } cent da La4 = 440 Hz
figure-loudness = Loudness
figure-range = intervallo { $lu }
figure-true-peak = Picco reale
figure-crest = fattore di cresta { $db }
mode-major = maggiore
mode-minor = minore
band-delta = delta
band-theta = theta
band-alpha = alfa
band-sigma = sigma
band-beta = beta
band-gamma = gamma

# Rilievi
findings-none-title = Nessun rilievo
findings-none-text = Nulla in questa registrazione ne sconsiglia l’uso.
findings-hint = Ciò che chi legge i risultati dovrebbe sapere. Scegli un rilievo per vederne la prova nel segnale.
severity-info = Nota
severity-warning = Avviso
severity-problem = Problema

# Brani
tracks-none-title = Ancora nessun brano
tracks-none-text = Componine uno nella tonalità, nel tempo e nel ritmo misurati qui.

# Rapporto
report-title = Rapporto
report-hint = Che cosa è stato misurato, come, con quale qualità e con quali limiti. Lo stesso ingresso dà lo stesso file.
report-format = Formato
report-pdf-note = Da leggere, stampare e firmare
report-xlsx-note = Tutte le cifre, per calcolare
report-language = Lingua
report-create = Crea rapporto
report-earlier = Rapporti precedenti
report-not-yet = Ancora nessun risultato da riportare

# BrainSync Studio
studio-hint = Un brano in una tonalità e in un tempo misurati, la cui lieve modulazione porta da un ritmo cerebrale misurato verso un altro. Ogni decisione cita la cifra da cui viene.
studio-sources = Fatto da
studio-brain = Cervello
studio-brain-hint = Dà il ritmo da cui parte il brano
studio-sound = Suono
studio-sound-hint = Dà tonalità e tempo
studio-source-none = Nessuno
studio-order = Il brano
studio-mode = Porta verso
studio-mode-hint = Lo scopo di un modo è una convenzione del settore, non un effetto provato.
studio-mode-relax = Rilassamento
studio-mode-relax-note = Calmo e ampio
studio-mode-focus = Concentrazione
studio-mode-focus-note = Costante, poche sorprese
studio-mode-sleep = Sonno
studio-mode-sleep-note = Scuro, lento, sfuma
studio-mode-motivation = Motivazione
studio-mode-motivation-note = Trascinante, luminoso
studio-mode-creativity = Creatività
studio-mode-creativity-note = Aperto, fluttuante
studio-mode-recovery = Recupero
studio-mode-recovery-note = Lento e caldo
studio-stimulus = Come il ritmo entra nel suono
studio-stimulus-am = Modulazione
studio-stimulus-am-note = Tappeti e rumore ondeggiano; va bene con gli altoparlanti
studio-stimulus-monaural = Monoaurale
studio-stimulus-monaural-note = Due toni che battono in entrambe le orecchie
studio-stimulus-isochronic = Isocrono
studio-stimulus-isochronic-note = Impulsi morbidi e separati
studio-stimulus-binaural = Binaurale
studio-stimulus-binaural-note = Un tono per orecchio; solo in cuffia
studio-stimulus-sham = Finto
studio-stimulus-sham-note = Lo stesso senza ritmo, per prove alla cieca
studio-duration = Durata
studio-duration-hint = Minuti, oppure h:mm:ss
studio-duration-range = Tra 0:10 e 3:00:00
studio-level = Loudness
studio-seed = Seme
studio-seed-hint = Stesso seme, stesso brano
studio-by-hand = Imposta tonalità, tempo o ritmo a mano
studio-by-hand-hint = Ciò che lasci aperto segue la misura.
studio-as-measured = come misurato
studio-by-mode = secondo il modo
studio-target = Ritmo di arrivo
studio-start = Ritmo di partenza
studio-plan = Piano
studio-not-measured = nulla di misurato; decide il modo
studio-because-key = misurata in { $title }, correlazione { $r }
studio-because-tempo = misurato in { $title }, confidenza { $percent } %; il modo può dimezzarlo o raddoppiarlo
studio-because-peak = picco alfa di { $title }, { $db } dB sopra il fondo
studio-headphones = Agisce solo in cuffia.
studio-compose = Componi
studio-result = Il tuo brano
studio-why = Perché suona così
studio-measured = Misurato sul brano finito: { $lufs }, picco reale { $peak }.
studio-schedule = Ritmo nel tempo
studio-evidence = Che cosa se ne sa
grade-moderate = prove: moderate
grade-weak = prove: deboli
grade-very-weak = prove: molto deboli
grade-none = nessun effetto atteso
origin-asked = impostato da te
column-decision = Decisione
column-choice = Scelta
column-because = Perché
decision-key = Tonalità
decision-tempo = Tempo
decision-rate = Ritmo
decision-chords = Accordi
decision-texture = Tessitura
decision-stimulus = Stimolo
decision-loudness = Loudness
field-range = Tra { $min } e { $max }

# Impostazioni
settings-appearance = Aspetto e lingua
settings-language = Lingua
settings-theme = Tema
settings-keyboard = Scorciatoie a tasto singolo
settings-keyboard-hint = Tasti come G o ? senza Ctrl. Disattivali se usi la dettatura vocale.
settings-on = Attive
settings-off = Disattivate
settings-keys-turn-on = Attiva i tasti singoli
settings-keys-turn-off = Disattiva i tasti singoli
settings-password = Password
settings-password-hint = Con una password puoi accedere senza il link dell’avvio del server.
settings-password-current = Password attuale
settings-password-wrong = Questa non è la tua password attuale.
settings-password-new = Nuova password
settings-password-rule = Almeno { $n } caratteri
settings-password-saved = Password salvata. Altrove la tua sessione è stata chiusa.
settings-keys-api = Chiavi API
settings-keys-api-hint = Per i programmi che chiamano l’API a tuo nome.
settings-key-name = Nome della chiave
settings-key-create = Crea chiave
settings-key-created = La tua nuova chiave
settings-key-once = Viene mostrata solo ora. Conservala in un luogo sicuro.
settings-key-used = ultimo uso { $when }
settings-key-unused = mai usata
settings-key-revoke = Revoca { $name }

# Analyses of a recording
tab-analyses = Analisi
analyses-title = Analisi di questa registrazione
analyses-none = Nessuna analisi accetta questo tipo di registrazione
analyses-done = completata
analyses-parameters = Parametri
analyses-run = Esegui
analyses-result-of = Risultato del
analyses-as-json = Risultato in JSON
value-yes = sì
value-no = no
params-default = predefinito
params-words-hint = Separare le voci con virgole
params-not-json = Non è JSON valido.
sheet-more-rows = Le prime { $shown } righe di { $all }; il JSON le contiene tutte.
