# Veprime
action-close = Mbyll
action-copy = Kopjo
action-delete = Fshi
action-download = Shkarko
action-hide = Fshih
action-open = Hap
action-retry = Provo përsëri
action-save = Ruaj
action-undo = Zhbëj
copied = U kopjua

# Vendet dhe korniza
nav-library = Biblioteka
nav-studio = BrainSync Studio
nav-settings = Cilësimet
shell-account = Llogaria
shell-messages = Mesazhe
shell-nav = Navigimi kryesor
shell-offline = S’ka lidhje me serverin. Ajo që sheh mund të jetë e vjetër; do të përditësohet vetë.
shell-search = Kërko ose ekzekuto një komandë
shell-skip = Kalo te përmbajtja
theme-system = Si sistemi
theme-light = E çelët
theme-dark = E errët
theme-to-light = Kalo në të çelët
theme-to-dark = Kalo në të errët
role-owner = Pronar
role-admin = Administrator
role-member = Anëtar
not-found-title = Këtu s’ka asgjë
not-found-text = Adresa mund të jetë shkruar gabim, ose ajo që ishte këtu është fshirë.
not-found-action = Te biblioteka
not-a-medical-device = Për kërkim dhe mirëqenie. Nuk është pajisje mjekësore.

# Probleme
problem-title = Kjo nuk funksionoi
problem-offline = Serveri nuk përgjigjet. Kontrollo nëse po punon; asgjë jotja nuk humbet.
problem-copy-id = Kopjo identifikuesin për ndihmë

# Komanda dhe taste
command-palette = Shko, bëj, gjej
command-sheet = Tastiera
command-group-go = Shko te
command-group-do = Bëj
command-group-timeline = Sinjali
command-group-player = Tingulli
palette-placeholder = Një komandë ose emri i një regjistrimi
palette-nothing = Asgjë me këtë emër

# Hyrja
sign-in-title = Hyr
sign-in-hint = Me lidhjen që serveri shfaqi në nisjen e parë, ose me fjalëkalimin tënd.
sign-in-exchanging = Po hyn
sign-in-email = E-posta
sign-in-password = Fjalëkalimi
sign-in-action = Hyr
sign-out = Dil

# Biblioteka
library-title = Biblioteka
library-hint = Lësho regjistrime kudo: EEG si EDF, BDF, GDF, FIF, XDF, CSV ose një grup skedarësh (BrainVision, EEGLAB, WFDB) në një ZIP; tingull si WAV, FLAC, MP3, Ogg, Opus ose AAC.
library-upload = Shto regjistrime
library-uploads = Ngarkime
library-search = Kërko regjistrime
library-nothing = Asnjë regjistrim nuk përputhet me “{ $q }”
library-show-all = Shfaqi të gjitha
library-empty-title = Regjistrimet e tua do të jenë këtu
library-empty-text = Lësho një skedar kudo në këtë faqe. Ai lexohet sipas përmbajtjes, cilido qoftë emri, dhe mbetet në serverin tënd.
library-more = Shfaq më shumë
library-row-menu = Veprime për { $title }
library-deleted = “{ $title }” u fshi
kind-eeg = EEG
kind-audio = Tingull
first-title = Hapat e parë
first-sample = Hap një shembull
first-sample-hint = Një regjistrim tashmë i analizuar
first-upload = Shto të tuat
first-upload-hint = EEG ose tingull, deri në shumë gigabajtë
first-track = Kompozo një pjesë
first-track-hint = Në tonalitetin dhe ritmin e matur
first-report = Merr raportin
first-report-hint = PDF ose XLSX, në gjuhën tënde

# Ngarkime
upload-drop-here = Lëshoje për ta shtuar në bibliotekë
upload-done = { $name } mbërriti
upload-pause = Ndalo përkohësisht
upload-continue = Vazhdo
upload-cancel = Anulo ngarkimin
upload-left = { $seconds ->
    [one] edhe { $seconds } sekondë
   *[other] edhe { $seconds } sekonda
 }
upload-state-waiting = Në pritje
upload-state-paused = I ndalur
upload-state-failed = Ngarkimi u ndal. Vazhdon nga vendi ku ishte.

# Punë
jobs-title = Punët
jobs-title-n = { $n ->
    [0] Punët: asnjë në vijim
    [one] Punët: { $n } në vijim
   *[other] Punët: { $n } në vijim
 }
jobs-none = Ende nuk është kryer asgjë.
job-cancel = Anulo punën
job-retry = Kryeje përsëri
job-state-queued = Në pritje
job-state-succeeded = Gati
job-state-failed = Dështoi
job-state-cancelled = E anuluar
analysis-ingest = Po lexohet regjistrimi
analysis-eeg-overview = Përmbledhje e EEG-së
analysis-audio-overview = Përmbledhje e tingullit
analysis-compose = Pjesë BrainSync
analysis-report = Raport

# Një regjistrim
recording-channels = { $n ->
    [one] { $n } kanal
   *[other] { $n } kanale
 }
recording-findings = { $n ->
    [one] { $n } vërejtje
   *[other] { $n } vërejtje
 }
recording-state-ready = Gati
recording-state-processing = Po lexohet
recording-state-failed = Nuk u lexua dot
recording-failed-text = Skedari nuk u lexua dot si regjistrim.
recording-synthetic = sintetik
recording-synthetic-hint = I bërë nga Clisonix me të vërtetë të njohur; i asnjë personi
recording-make-track = Kompozo një pjesë
recording-menu = Veprime të tjera
recording-download = Shkarko origjinalin
recording-rename = Riemërto
recording-title = Titulli
recording-tabs = Pamjet e regjistrimit
recording-underway = Në vijim
tab-signal = Sinjali
tab-spectrum = Spektri dhe harta
tab-music = Muzika
tab-findings = Vërejtjet
tab-tracks = Pjesët
tab-report = Raporti

# Eksploruesi i sinjalit
signal-processing-title = Sinjali po lexohet
signal-processing-text = Shfaqet këtu sapo të jenë koka dhe përmbledhja. Mund të largohesh; puna vazhdon.
signal-failed = Sinjali nuk u ngarkua dot
signal-label = Sinjali i { $title }. Shigjetat lëvizin, Shift me shigjeta ndryshon dritaren, T shfaq një tabelë.
signal-summary = { $channels } kanale, { $bad } prej tyre të këqija, nga { $from } deri { $to }, { $events } ngjarje.
signal-no-more-events = Asnjë ngjarje tjetër
signal-table-caption = Vlerat skajore të çdo kanali nga { $from } deri { $to }
timeline-pan-left = Prapa në kohë
timeline-pan-right = Përpara në kohë
timeline-window-shorter = Zmadho
timeline-window-longer = Zvogëlo
timeline-lanes-up = Kanalet lart
timeline-lanes-down = Kanalet poshtë
timeline-gain-up = Amplitudë më e madhe
timeline-gain-down = Amplitudë më e vogël
timeline-event-before = Ngjarja e mëparshme
timeline-event-after = Ngjarja tjetër
timeline-fit = I gjithë regjistrimi
timeline-spectrogram = Spektrogrami
timeline-table = Vlerat si tabelë
timeline-clear = Hiq shënimin
column-channel = Kanali
column-kind = Lloji
column-rate = Frekuenca
column-min = Më e ulëta
column-max = Më e larta
column-quality = Cilësia
column-alpha-peak = Kulmi alfa
column-rms = RMS
column-line = Zhurma e rrjetit
quality-good = i mirë
quality-bad = i keq

# Tingulli
player-toggle = Luaj ose ndalo
player-play = Luaj { $title }
player-pause = Ndalo { $title }
player-seek = Vendi në { $title }
player-volume = Volumi
player-broken = Shfletuesi yt nuk e luan dot këtë format. Më mirë shkarkoje.

# Përmbledhje
overview-not-yet = Ende asnjë analizë
overview-not-yet-text = Nis vetë kur regjistrimi të jetë lexuar.
overview-state = Çfarë u mat
overview-music = Çfarë u mat
overview-plots = Grafikë
overview-open-plot = { $title }, hape veçmas
overview-channels = Kanal për kanal
overview-method = Si u mat
overview-method-text = Filtruar nga { $low } deri { $high } Hz ({ $phase }), prerje: { $notch }, referenca: { $reference }. Spektri me metodën e Welch-it, dritare { $window } s dhe mbivendosje { $overlap } %. Jashtë mesatareve: { $bads }.
figure-alpha-peak = Kulmi alfa
figure-ci95 = intervali 95 %: { $from } deri { $to } { $unit }
figure-prominence = { $db } dB mbi sfondin
figure-no-peak = asnjë kulm mbi sfondin
figure-theta-beta = Teta / beta
figure-theta-beta-note = raporti i fuqive
figure-aperiodic = Eksponenti aperiodik
figure-good-channels = Kanale të mira
figure-bands = Fuqia relative, mesatarja e kanaleve të mira
figure-tempo = Tempo
figure-tempo-others = Lexime të tjera të pulsit: { $list }
figure-confidence = besueshmëria { $percent } %
figure-no-tempo = nuk u gjet puls i qëndrueshëm
figure-key = Tonaliteti
figure-key-strength = korrelacioni { $r }
figure-no-key = nuk u gjet tonalitet i qëndrueshëm
figure-tuning = Akordimi { $cents } cent nga A4 = 440 Hz
figure-loudness = Fortësia
figure-range = shtrirja { $lu }
figure-true-peak = Kulmi i vërtetë
figure-crest = faktori i kreshtës { $db }
mode-major = maxhor
mode-minor = minor
band-delta = delta
band-theta = teta
band-alpha = alfa
band-sigma = sigma
band-beta = beta
band-gamma = gama

# Vërejtjet
findings-none-title = Asnjë vërejtje
findings-none-text = Asgjë në këtë regjistrim nuk flet kundër përdorimit të tij.
findings-hint = Çfarë duhet të dijë kush lexon rezultatet. Zgjidh një për ta parë provën në sinjal.
severity-info = Shënim
severity-warning = Paralajmërim
severity-problem = Problem

# Pjesët
tracks-none-title = Ende asnjë pjesë
tracks-none-text = Kompozo një në tonalitetin, tempon dhe ritmin që u matën këtu.

# Raporti
report-title = Raport
report-hint = Çfarë u mat, si, me çfarë cilësie dhe me cilat kufij. E njëjta hyrje jep të njëjtin skedar.
report-format = Formati
report-pdf-note = Për lexim, shtypje dhe nënshkrim
report-xlsx-note = Çdo shifër, për llogaritje
report-language = Gjuha
report-create = Krijo raportin
report-earlier = Raporte të mëparshme
report-not-yet = Ende s’ka rezultat për raport

# BrainSync Studio
studio-hint = Një pjesë në tonalitet dhe tempo të matur, modulimi i butë i së cilës të çon nga një ritëm i matur i trurit drejt një tjetri. Çdo vendim thotë shifrën nga e cila vjen.
studio-sources = Bërë nga
studio-brain = Truri
studio-brain-hint = Jep ritmin nga i cili nis pjesa
studio-sound = Tingulli
studio-sound-hint = Jep tonalitetin dhe tempon
studio-source-none = Asnjë
studio-order = Pjesa
studio-mode = Të çon drejt
studio-mode-hint = Synimi i një mënyre është konventë e fushës, jo efekt i provuar.
studio-mode-relax = Çlodhje
studio-mode-relax-note = E qetë dhe e gjerë
studio-mode-focus = Përqendrim
studio-mode-focus-note = E njëtrajtshme, pak të papritura
studio-mode-sleep = Gjumë
studio-mode-sleep-note = E errët, e ngadaltë, që shuhet
studio-mode-motivation = Motivim
studio-mode-motivation-note = Shtytëse, e ndritshme
studio-mode-creativity = Krijimtari
studio-mode-creativity-note = E hapur, që rrëshqet
studio-mode-recovery = Rimëkëmbje
studio-mode-recovery-note = E ngadaltë dhe e ngrohtë
studio-stimulus = Si hyn ritmi në tingull
studio-stimulus-am = Modulim
studio-stimulus-am-note = Sfondet dhe zhurma valëzojnë; punon me altoparlantë
studio-stimulus-monaural = Monaural
studio-stimulus-monaural-note = Dy tone që rrahin në të dy veshët
studio-stimulus-isochronic = Izokronik
studio-stimulus-isochronic-note = Pulse të buta e të ndara
studio-stimulus-binaural = Binaural
studio-stimulus-binaural-note = Një ton për vesh; vetëm me kufje
studio-stimulus-sham = I rremë
studio-stimulus-sham-note = E njëjta pa ritëm, për prova të verbra
studio-duration = Gjatësia
studio-duration-hint = Minuta, ose o:mm:ss
studio-duration-range = Midis 0:10 dhe 3:00:00
studio-level = Fortësia
studio-seed = Fara
studio-seed-hint = E njëjta farë, e njëjta pjesë
studio-by-hand = Cakto me dorë tonalitetin, tempon ose ritmin
studio-by-hand-hint = Çfarë lë hapur ndjek matjen.
studio-as-measured = siç u mat
studio-by-mode = sipas mënyrës
studio-target = Ritmi i synuar
studio-start = Ritmi i nisjes
studio-plan = Plani
studio-not-measured = asgjë e matur; vendos mënyra
studio-because-key = matur në { $title }, korrelacioni { $r }
studio-because-tempo = matur në { $title }, besueshmëria { $percent } %; mënyra mund ta përgjysmojë ose dyfishojë
studio-because-peak = kulmi alfa i { $title }, { $db } dB mbi sfondin
studio-headphones = Vepron vetëm me kufje.
studio-compose = Kompozo
studio-result = Pjesa jote
studio-why = Pse tingëllon kështu
studio-measured = Matur në pjesën e përfunduar: { $lufs }, kulmi i vërtetë { $peak }.
studio-schedule = Ritmi me kalimin e kohës
studio-evidence = Çfarë dihet për të
grade-moderate = dëshmi: mesatare
grade-weak = dëshmi: të dobëta
grade-very-weak = dëshmi: shumë të dobëta
grade-none = nuk pritet efekt
origin-asked = caktuar nga ti
column-decision = Vendimi
column-choice = Zgjedhja
column-because = Sepse
decision-key = Tonaliteti
decision-tempo = Tempo
decision-rate = Ritmi
decision-chords = Akorde
decision-texture = Tekstura
decision-stimulus = Stimuli
decision-loudness = Fortësia
field-range = Midis { $min } dhe { $max }

# Cilësimet
settings-appearance = Pamja dhe gjuha
settings-language = Gjuha
settings-theme = Tema
settings-keyboard = Shkurtore me një tast
settings-keyboard-hint = Taste si G ose ? pa Ctrl. Çaktivizoji nëse përdor të folurin për shkrim.
settings-on = Po
settings-off = Jo
settings-keys-turn-on = Aktivizo tastet e vetme
settings-keys-turn-off = Çaktivizo tastet e vetme
settings-password = Fjalëkalimi
settings-password-hint = Me fjalëkalim hyn pa lidhjen nga nisja e serverit.
settings-password-current = Fjalëkalimi i tanishëm
settings-password-wrong = Ky nuk është fjalëkalimi yt i tanishëm.
settings-password-new = Fjalëkalim i ri
settings-password-rule = Të paktën { $n } shenja
settings-password-saved = Fjalëkalimi u ruajt. Kudo tjetër tani ke dalë.
settings-keys-api = Çelësa API
settings-keys-api-hint = Për programe që thërrasin API-në në emrin tënd.
settings-key-name = Emri i çelësit
settings-key-create = Krijo çelës
settings-key-created = Çelësi yt i ri
settings-key-once = Shfaqet vetëm tani. Ruaje në vend të sigurt.
settings-key-used = përdorur për herë të fundit { $when }
settings-key-unused = i papërdorur
settings-key-revoke = Revoko { $name }

# Analyses of a recording
tab-analyses = Analizat
analyses-title = Analizat e këtij regjistrimi
analyses-none = Asnjë analizë nuk pranon këtë lloj regjistrimi
analyses-done = e përfunduar
analyses-parameters = Parametrat
analyses-run = Nis
analyses-result-of = Rezultati i
analyses-as-json = Rezultati si JSON
value-yes = po
value-no = jo
params-default = e parazgjedhur
params-words-hint = Ndani vlerat me presje
params-not-json = Ky nuk është JSON i vlefshëm.
sheet-more-rows = { $shown } rreshtat e parë nga { $all }; JSON-i i ka të gjithë.
