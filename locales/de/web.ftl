# Aktionen
action-close = Schließen
action-copy = Kopieren
action-delete = Löschen
action-download = Herunterladen
action-hide = Ausblenden
action-open = Öffnen
action-retry = Noch einmal versuchen
action-save = Speichern
action-undo = Rückgängig
copied = Kopiert

# Orte und der Rahmen um sie
nav-library = Bibliothek
nav-studio = BrainSync Studio
nav-settings = Einstellungen
shell-account = Konto
shell-messages = Meldungen
shell-nav = Hauptnavigation
shell-offline = Keine Verbindung zum Server. Was du siehst, kann veraltet sein; es holt von selbst auf.
shell-search = Suchen oder Befehl ausführen
shell-skip = Zum Inhalt springen
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
theme-to-light = Auf Hell umschalten
theme-to-dark = Auf Dunkel umschalten
role-owner = Inhaber
role-admin = Verwalter
role-member = Mitglied
not-found-title = Hier ist nichts
not-found-text = Vielleicht ist die Adresse vertippt, oder was hier war, wurde gelöscht.
not-found-action = Zur Bibliothek
not-a-medical-device = Für Forschung und Wohlbefinden. Kein Medizinprodukt.

# Probleme
problem-title = Das hat nicht geklappt
problem-offline = Der Server antwortet nicht. Prüfe, ob er läuft; von dir geht nichts verloren.
problem-copy-id = Kennung für den Support kopieren

# Befehle und Tasten
command-palette = Gehen, tun, finden
command-sheet = Tastatur
command-group-go = Gehen zu
command-group-do = Tun
command-group-timeline = Signal
command-group-player = Klang
palette-placeholder = Befehl oder Name einer Aufnahme
palette-nothing = Nichts mit diesem Namen

# Anmelden
sign-in-title = Anmelden
sign-in-hint = Mit dem Link, den der Server beim ersten Start ausgegeben hat, oder mit deinem Passwort.
sign-in-exchanging = Du wirst angemeldet
sign-in-email = E-Mail
sign-in-password = Passwort
sign-in-action = Anmelden
sign-out = Abmelden

# Bibliothek
library-title = Bibliothek
library-hint = Lege Aufnahmen irgendwo ab: EEG als EDF, BDF, GDF, FIF, XDF, CSV oder als Satz von Dateien (BrainVision, EEGLAB, WFDB) in einem ZIP; Klang als WAV, FLAC, MP3, Ogg, Opus oder AAC.
library-upload = Aufnahmen hinzufügen
library-uploads = Uploads
library-search = Aufnahmen suchen
library-nothing = Keine Aufnahme passt zu „{ $q }“
library-show-all = Alle zeigen
library-empty-title = Hier werden deine Aufnahmen sein
library-empty-text = Lege eine Datei irgendwo auf dieser Seite ab. Sie wird nach ihrem Inhalt gelesen, wie immer sie heißt, und bleibt auf deinem Server.
library-more = Mehr zeigen
library-row-menu = Aktionen für { $title }
library-deleted = „{ $title }“ gelöscht
kind-eeg = EEG
kind-audio = Klang
first-title = Erste Schritte
first-sample = Ein Beispiel öffnen
first-sample-hint = Eine Aufnahme, die schon ausgewertet ist
first-upload = Eigene hinzufügen
first-upload-hint = EEG oder Klang, bis zu vielen Gigabyte
first-track = Ein Stück komponieren
first-track-hint = In gemessener Tonart und gemessenem Rhythmus
first-report = Den Bericht mitnehmen
first-report-hint = PDF oder XLSX, in deiner Sprache

# Uploads
upload-drop-here = Loslassen, um es in die Bibliothek zu legen
upload-done = { $name } ist angekommen
upload-pause = Anhalten
upload-continue = Fortsetzen
upload-cancel = Upload abbrechen
upload-left = { $seconds ->
    [one] noch { $seconds } Sekunde
   *[other] noch { $seconds } Sekunden
 }
upload-state-waiting = Wartet
upload-state-paused = Angehalten
upload-state-failed = Der Upload ist stehen geblieben. Er geht dort weiter, wo er war.

# Aufträge
jobs-title = Aufträge
jobs-title-n = { $n ->
    [0] Aufträge: keiner läuft
    [one] Aufträge: { $n } läuft
   *[other] Aufträge: { $n } laufen
 }
jobs-none = Noch ist nichts gelaufen.
job-cancel = Auftrag abbrechen
job-retry = Noch einmal ausführen
job-state-queued = Wartet
job-state-succeeded = Fertig
job-state-failed = Gescheitert
job-state-cancelled = Abgebrochen
analysis-ingest = Aufnahme wird gelesen
analysis-eeg-overview = EEG-Überblick
analysis-audio-overview = Klang-Überblick
analysis-compose = BrainSync-Stück
analysis-report = Bericht

# Eine Aufnahme
recording-channels = { $n ->
    [one] { $n } Kanal
   *[other] { $n } Kanäle
 }
recording-findings = { $n ->
    [one] { $n } Befund
   *[other] { $n } Befunde
 }
recording-state-ready = Bereit
recording-state-processing = Wird gelesen
recording-state-failed = Nicht lesbar
recording-failed-text = Die Datei ließ sich nicht als Aufnahme lesen.
recording-synthetic = synthetisch
recording-synthetic-hint = Von Clisonix mit bekannter Wahrheit erzeugt; von keinem Menschen
recording-make-track = Stück komponieren
recording-menu = Weitere Aktionen
recording-download = Original herunterladen
recording-rename = Umbenennen
recording-title = Titel
recording-tabs = Ansichten der Aufnahme
recording-underway = In Arbeit
tab-signal = Signal
tab-spectrum = Spektrum & Karte
tab-music = Musik
tab-findings = Befunde
tab-tracks = Stücke
tab-report = Bericht

# Signal-Explorer
signal-processing-title = Das Signal wird gelesen
signal-processing-text = Es erscheint hier, sobald Kopf und Überblick da sind. Du kannst weggehen; es läuft weiter.
signal-failed = Das Signal ließ sich nicht laden
signal-label = Signal von { $title }. Pfeiltasten bewegen, Umschalt mit Pfeiltasten ändert das Fenster, T zeigt eine Tabelle.
signal-summary = { $channels } Kanäle, davon { $bad } schlecht, von { $from } bis { $to }, { $events } Ereignisse.
signal-no-more-events = Kein weiteres Ereignis
signal-table-caption = Extremwerte jedes Kanals von { $from } bis { $to }
timeline-pan-left = Zurück in der Zeit
timeline-pan-right = Vorwärts in der Zeit
timeline-window-shorter = Vergrößern
timeline-window-longer = Verkleinern
timeline-lanes-up = Kanäle nach oben
timeline-lanes-down = Kanäle nach unten
timeline-gain-up = Größere Amplitude
timeline-gain-down = Kleinere Amplitude
timeline-event-before = Voriges Ereignis
timeline-event-after = Nächstes Ereignis
timeline-fit = Ganze Aufnahme
timeline-spectrogram = Spektrogramm
timeline-table = Werte als Tabelle
timeline-clear = Markierung aufheben
column-channel = Kanal
column-kind = Art
column-rate = Rate
column-min = Tiefster
column-max = Höchster
column-quality = Qualität
column-alpha-peak = Alpha-Gipfel
column-rms = RMS
column-line = Netzbrummen
quality-good = gut
quality-bad = schlecht

# Klang
player-toggle = Abspielen oder anhalten
player-play = { $title } abspielen
player-pause = { $title } anhalten
player-seek = Stelle in { $title }
player-volume = Lautstärke
player-broken = Dein Browser kann dieses Format nicht abspielen. Lade es stattdessen herunter.

# Überblick
overview-not-yet = Noch keine Auswertung
overview-not-yet-text = Sie beginnt von selbst, wenn die Aufnahme gelesen ist.
overview-state = Was gemessen wurde
overview-music = Was gemessen wurde
overview-plots = Abbildungen
overview-open-plot = { $title }, einzeln öffnen
overview-channels = Kanal für Kanal
overview-method = Wie gemessen wurde
overview-method-text = Gefiltert von { $low } bis { $high } Hz ({ $phase }), Kerbfilter: { $notch }, Referenz: { $reference }. Spektrum nach Welch mit Fenstern von { $window } s und { $overlap } % Überlappung. Nicht in den Mittelwerten: { $bads }.
figure-alpha-peak = Alpha-Gipfel
figure-ci95 = 95-%-Intervall { $from } bis { $to } { $unit }
figure-prominence = { $db } dB über dem Hintergrund
figure-no-peak = kein Gipfel über dem Hintergrund
figure-theta-beta = Theta / Beta
figure-theta-beta-note = Verhältnis der Leistungen
figure-aperiodic = Aperiodischer Exponent
figure-good-channels = Gute Kanäle
figure-bands = Relative Leistung, Mittel der guten Kanäle
figure-tempo = Tempo
figure-tempo-others = Andere Lesarten des Pulses: { $list }
figure-confidence = Konfidenz { $percent } %
figure-no-tempo = kein stetiger Puls gefunden
figure-key = Tonart
figure-key-strength = Korrelation { $r }
figure-no-key = keine stabile Tonart gefunden
figure-tuning = Stimmung { $cents } Cent neben A4 = 440 Hz
figure-loudness = Lautheit
figure-range = Umfang { $lu }
figure-true-peak = Spitzenpegel (True Peak)
figure-crest = Scheitel { $db }
mode-major = Dur
mode-minor = Moll
band-delta = Delta
band-theta = Theta
band-alpha = Alpha
band-sigma = Sigma
band-beta = Beta
band-gamma = Gamma

# Befunde
findings-none-title = Keine Befunde
findings-none-text = Nichts in dieser Aufnahme spricht gegen ihre Verwendung.
findings-hint = Was man beim Lesen der Ergebnisse wissen sollte. Wähle einen Befund, um den Beleg im Signal zu sehen.
severity-info = Hinweis
severity-warning = Warnung
severity-problem = Problem

# Stücke
tracks-none-title = Noch keine Stücke
tracks-none-text = Komponiere eines in Tonart, Tempo und Rhythmus, die hier gemessen wurden.

# Bericht
report-title = Bericht
report-hint = Was gemessen wurde, wie, in welcher Qualität, und die Grenzen. Gleiche Eingabe ergibt die gleiche Datei.
report-format = Format
report-pdf-note = Zum Lesen, Drucken und Unterschreiben
report-xlsx-note = Jede Zahl, zum Weiterrechnen
report-language = Sprache
report-create = Bericht erstellen
report-earlier = Frühere Berichte
report-not-yet = Noch kein Ergebnis für einen Bericht

# BrainSync Studio
studio-hint = Ein Stück in gemessener Tonart und gemessenem Tempo, dessen sanfte Modulation von einem gemessenen Hirnrhythmus zu einem anderen führt. Jede Entscheidung nennt die Zahl, aus der sie folgt.
studio-sources = Gemacht aus
studio-brain = Gehirn
studio-brain-hint = Gibt den Rhythmus, bei dem das Stück beginnt
studio-sound = Klang
studio-sound-hint = Gibt Tonart und Tempo
studio-source-none = Keines
studio-order = Das Stück
studio-mode = Führt zu
studio-mode-hint = Worauf ein Modus zielt, ist eine Konvention des Fachs, keine bewiesene Wirkung.
studio-mode-relax = Entspannen
studio-mode-relax-note = Ruhig und weit
studio-mode-focus = Konzentration
studio-mode-focus-note = Stetig, wenig Überraschung
studio-mode-sleep = Schlaf
studio-mode-sleep-note = Dunkel, langsam, verklingend
studio-mode-motivation = Antrieb
studio-mode-motivation-note = Treibend, hell
studio-mode-creativity = Kreativität
studio-mode-creativity-note = Offen, schweifend
studio-mode-recovery = Erholung
studio-mode-recovery-note = Langsam und warm
studio-stimulus = Wie der Rhythmus in den Klang kommt
studio-stimulus-am = Modulation
studio-stimulus-am-note = Flächen und Rauschen schwellen; geht über Lautsprecher
studio-stimulus-monaural = Monaural
studio-stimulus-monaural-note = Zwei Töne, die in beiden Ohren schweben
studio-stimulus-isochronic = Isochron
studio-stimulus-isochronic-note = Einzelne weiche Impulse
studio-stimulus-binaural = Binaural
studio-stimulus-binaural-note = Ein Ton je Ohr; nur mit Kopfhörern
studio-stimulus-sham = Schein
studio-stimulus-sham-note = Dasselbe ohne Rhythmus, für Blindversuche
studio-duration = Länge
studio-duration-hint = Minuten oder h:mm:ss
studio-duration-range = Zwischen 0:10 und 3:00:00
studio-level = Lautheit
studio-seed = Startzahl
studio-seed-hint = Gleiche Startzahl, gleiches Stück
studio-by-hand = Tonart, Tempo oder Rhythmus von Hand setzen
studio-by-hand-hint = Was du offen lässt, folgt der Messung.
studio-as-measured = wie gemessen
studio-by-mode = nach dem Modus
studio-target = Zielrhythmus
studio-start = Anfangsrhythmus
studio-plan = Plan
studio-not-measured = nichts gemessen; der Modus entscheidet
studio-because-key = gemessen in { $title }, Korrelation { $r }
studio-because-tempo = gemessen in { $title }, Konfidenz { $percent } %; der Modus kann es halbieren oder verdoppeln
studio-because-peak = Alpha-Gipfel von { $title }, { $db } dB über dem Hintergrund
studio-headphones = Wirkt nur mit Kopfhörern.
studio-compose = Komponieren
studio-result = Dein Stück
studio-why = Warum es so klingt
studio-measured = Am fertigen Stück gemessen: { $lufs }, True Peak { $peak }.
studio-schedule = Rhythmus über die Zeit
studio-evidence = Was darüber bekannt ist
grade-moderate = Beleglage: mäßig
grade-weak = Beleglage: schwach
grade-very-weak = Beleglage: sehr schwach
grade-none = keine Wirkung zu erwarten
origin-asked = von dir gesetzt
column-decision = Entscheidung
column-choice = Wahl
column-because = Weil
decision-key = Tonart
decision-tempo = Tempo
decision-rate = Rhythmus
decision-chords = Akkorde
decision-texture = Textur
decision-stimulus = Reiz
decision-loudness = Lautheit
field-range = Zwischen { $min } und { $max }

# Einstellungen
settings-appearance = Aussehen und Sprache
settings-language = Sprache
settings-theme = Farbschema
settings-keyboard = Kürzel mit einer Taste
settings-keyboard-hint = Tasten wie G oder ? ohne Strg. Schalte sie ab, wenn du Spracheingabe benutzt.
settings-on = Ein
settings-off = Aus
settings-keys-turn-on = Einzeltasten einschalten
settings-keys-turn-off = Einzeltasten abschalten
settings-password = Passwort
settings-password-hint = Mit einem Passwort kannst du dich ohne den Link vom Start des Servers anmelden.
settings-password-current = Aktuelles Passwort
settings-password-wrong = Das ist nicht dein aktuelles Passwort.
settings-password-new = Neues Passwort
settings-password-rule = Mindestens { $n } Zeichen
settings-password-saved = Passwort gespeichert. Überall sonst bist du jetzt abgemeldet.
settings-keys-api = API-Schlüssel
settings-keys-api-hint = Für Programme, die die API in deinem Namen aufrufen.
settings-key-name = Name des Schlüssels
settings-key-create = Schlüssel erstellen
settings-key-created = Dein neuer Schlüssel
settings-key-once = Er wird nur jetzt gezeigt. Bewahre ihn sicher auf.
settings-key-used = zuletzt benutzt { $when }
settings-key-unused = nie benutzt
settings-key-revoke = { $name } widerrufen

# Analyses of a recording
tab-analyses = Analysen
analyses-title = Analysen dieser Aufnahme
analyses-none = Für diese Art von Aufnahme gibt es keine Analyse
analyses-done = fertig
analyses-parameters = Parameter
analyses-run = Ausführen
analyses-result-of = Ergebnis vom
analyses-as-json = Ergebnis als JSON
value-yes = ja
value-no = nein
params-default = Vorgabe
params-words-hint = Einträge durch Kommas trennen
params-not-json = Das ist kein gültiges JSON.
sheet-more-rows = Die ersten { $shown } von { $all } Zeilen; das JSON enthält alle.
