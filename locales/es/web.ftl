# Acciones
action-close = Cerrar
action-copy = Copiar
action-delete = Borrar
action-download = Descargar
action-hide = Ocultar
action-open = Abrir
action-retry = Volver a intentar
action-save = Guardar
action-undo = Deshacer
copied = Copiado

# Lugares y su marco
nav-library = Biblioteca
nav-studio = BrainSync Studio
nav-settings = Ajustes
shell-account = Cuenta
shell-messages = Mensajes
shell-nav = Navegación principal
shell-offline = Sin conexión con el servidor. Lo que ves puede ser antiguo; se pondrá al día solo.
shell-search = Buscar o ejecutar una orden
shell-skip = Ir al contenido
theme-system = Como el sistema
theme-light = Claro
theme-dark = Oscuro
theme-to-light = Cambiar a claro
theme-to-dark = Cambiar a oscuro
role-owner = Propietario
role-admin = Administrador
role-member = Miembro
not-found-title = Aquí no hay nada
not-found-text = Quizá la dirección está mal escrita, o lo que había aquí se ha borrado.
not-found-action = A la biblioteca
not-a-medical-device = Para investigación y bienestar. No es un producto sanitario.

# Problemas
problem-title = Eso no ha funcionado
problem-offline = El servidor no responde. Comprueba que está en marcha; no se pierde nada tuyo.
problem-copy-id = Copiar el identificador para soporte

# Órdenes y teclas
command-palette = Ir, hacer, encontrar
command-sheet = Teclado
command-group-go = Ir a
command-group-do = Hacer
command-group-timeline = Señal
command-group-player = Sonido
palette-placeholder = Una orden o el nombre de una grabación
palette-nothing = Nada con ese nombre

# Entrar
sign-in-title = Entrar
sign-in-hint = Con el enlace que el servidor mostró al arrancar por primera vez, o con tu contraseña.
sign-in-exchanging = Entrando
sign-in-email = Correo electrónico
sign-in-password = Contraseña
sign-in-action = Entrar
sign-out = Salir

# Biblioteca
library-title = Biblioteca
library-hint = Suelta grabaciones en cualquier lugar: EEG como EDF, BDF, GDF, FIF, XDF, CSV o un conjunto de archivos (BrainVision, EEGLAB, WFDB) en un ZIP; sonido como WAV, FLAC, MP3, Ogg, Opus o AAC.
library-upload = Añadir grabaciones
library-uploads = Subidas
library-search = Buscar grabaciones
library-nothing = Ninguna grabación coincide con «{ $q }»
library-show-all = Mostrar todas
library-empty-title = Aquí estarán tus grabaciones
library-empty-text = Suelta un archivo en cualquier lugar de esta página. Se lee por su contenido, se llame como se llame, y se queda en tu servidor.
library-more = Mostrar más
library-row-menu = Acciones para { $title }
library-deleted = «{ $title }» borrada
kind-eeg = EEG
kind-audio = Sonido
first-title = Primeros pasos
first-sample = Abrir un ejemplo
first-sample-hint = Una grabación ya analizada
first-upload = Añadir las tuyas
first-upload-hint = EEG o sonido, hasta muchos gigabytes
first-track = Componer una pista
first-track-hint = En la tonalidad y el ritmo medidos
first-report = Llevarse el informe
first-report-hint = PDF o XLSX, en tu idioma

# Subidas
upload-drop-here = Suelta para añadir a tu biblioteca
upload-done = { $name } ha llegado
upload-pause = Pausar
upload-continue = Continuar
upload-cancel = Cancelar la subida
upload-left = { $seconds ->
    [one] falta { $seconds } segundo
   *[other] faltan { $seconds } segundos
 }
upload-state-waiting = En espera
upload-state-paused = En pausa
upload-state-failed = La subida se detuvo. Continúa donde estaba.

# Tareas
jobs-title = Tareas
jobs-title-n = { $n ->
    [0] Tareas: ninguna en marcha
    [one] Tareas: { $n } en marcha
   *[other] Tareas: { $n } en marcha
 }
jobs-none = Todavía no se ha ejecutado nada.
job-cancel = Cancelar la tarea
job-retry = Ejecutar de nuevo
job-state-queued = En espera
job-state-succeeded = Hecho
job-state-failed = Fallido
job-state-cancelled = Cancelado
analysis-ingest = Leyendo la grabación
analysis-eeg-overview = Resumen del EEG
analysis-audio-overview = Resumen del sonido
analysis-compose = Pista BrainSync
analysis-report = Informe

# Una grabación
recording-channels = { $n ->
    [one] { $n } canal
   *[other] { $n } canales
 }
recording-findings = { $n ->
    [one] { $n } hallazgo
   *[other] { $n } hallazgos
 }
recording-state-ready = Lista
recording-state-processing = Leyéndose
recording-state-failed = No se pudo leer
recording-failed-text = El archivo no se pudo leer como grabación.
recording-synthetic = sintética
recording-synthetic-hint = Hecha por Clisonix con verdad conocida; de ninguna persona
recording-make-track = Componer una pista
recording-menu = Más acciones
recording-download = Descargar el original
recording-rename = Cambiar el nombre
recording-title = Título
recording-tabs = Vistas de la grabación
recording-underway = En curso
tab-signal = Señal
tab-spectrum = Espectro y mapa
tab-music = Música
tab-findings = Hallazgos
tab-tracks = Pistas
tab-report = Informe

# Explorador de señal
signal-processing-title = La señal se está leyendo
signal-processing-text = Aparece aquí en cuanto estén la cabecera y el resumen. Puedes irte; continúa sola.
signal-failed = No se pudo cargar la señal
signal-label = Señal de { $title }. Las flechas desplazan, Mayús con flechas cambia la ventana, T muestra una tabla.
signal-summary = { $channels } canales, { $bad } de ellos malos, de { $from } a { $to }, { $events } eventos.
signal-no-more-events = No hay más eventos
signal-table-caption = Extremos de cada canal de { $from } a { $to }
timeline-pan-left = Atrás en el tiempo
timeline-pan-right = Adelante en el tiempo
timeline-window-shorter = Acercar
timeline-window-longer = Alejar
timeline-lanes-up = Canales hacia arriba
timeline-lanes-down = Canales hacia abajo
timeline-gain-up = Mayor amplitud
timeline-gain-down = Menor amplitud
timeline-event-before = Evento anterior
timeline-event-after = Evento siguiente
timeline-fit = Grabación entera
timeline-spectrogram = Espectrograma
timeline-table = Valores en una tabla
timeline-clear = Quitar la marca
column-channel = Canal
column-kind = Tipo
column-rate = Frecuencia
column-min = Mínimo
column-max = Máximo
column-quality = Calidad
column-alpha-peak = Pico alfa
column-rms = RMS
column-line = Ruido de red
quality-good = bueno
quality-bad = malo

# Sonido
player-toggle = Reproducir o pausar
player-play = Reproducir { $title }
player-pause = Pausar { $title }
player-seek = Posición en { $title }
player-volume = Volumen
player-broken = Tu navegador no puede reproducir este formato. Descárgalo en su lugar.

# Resumen
overview-not-yet = Todavía sin análisis
overview-not-yet-text = Empieza solo cuando la grabación se ha leído.
overview-state = Lo que se midió
overview-music = Lo que se midió
overview-plots = Gráficos
overview-open-plot = { $title }, abrir aparte
overview-channels = Canal por canal
overview-method = Cómo se midió
overview-method-text = Filtrado de { $low } a { $high } Hz ({ $phase }), rechazo de banda: { $notch }, referencia: { $reference }. Espectro por el método de Welch con ventanas de { $window } s y solape del { $overlap } %. Fuera de las medias: { $bads }.
figure-alpha-peak = Pico alfa
figure-ci95 = intervalo del 95 %: { $from } a { $to } { $unit }
figure-prominence = { $db } dB sobre el fondo
figure-no-peak = sin pico sobre el fondo
figure-theta-beta = Theta / beta
figure-theta-beta-note = cociente de potencias
figure-aperiodic = Exponente aperiódico
figure-good-channels = Canales buenos
figure-bands = Potencia relativa, media de los canales buenos
figure-tempo = Tempo
figure-tempo-others = Otras lecturas del pulso: { $list }
figure-confidence = confianza { $percent } %
figure-no-tempo = sin pulso estable
figure-key = Tonalidad
figure-key-strength = correlación { $r }
figure-no-key = sin tonalidad estable
figure-tuning = Afinación a { $cents } cents de La4 = 440 Hz
figure-loudness = Sonoridad
figure-range = rango { $lu }
figure-true-peak = Pico real
figure-crest = factor de cresta { $db }
mode-major = mayor
mode-minor = menor
band-delta = delta
band-theta = theta
band-alpha = alfa
band-sigma = sigma
band-beta = beta
band-gamma = gamma

# Hallazgos
findings-none-title = Sin hallazgos
findings-none-text = Nada en esta grabación desaconseja usarla.
findings-hint = Lo que conviene saber al leer los resultados. Elige un hallazgo para ver la prueba en la señal.
severity-info = Nota
severity-warning = Aviso
severity-problem = Problema

# Pistas
tracks-none-title = Todavía no hay pistas
tracks-none-text = Compón una en la tonalidad, el tempo y el ritmo que se midieron aquí.

# Informe
report-title = Informe
report-hint = Qué se midió, cómo, con qué calidad y con qué límites. La misma entrada da el mismo archivo.
report-format = Formato
report-pdf-note = Para leer, imprimir y firmar
report-xlsx-note = Todas las cifras, para calcular
report-language = Idioma
report-create = Crear informe
report-earlier = Informes anteriores
report-not-yet = Todavía no hay resultado que informar

# BrainSync Studio
studio-hint = Una pista en una tonalidad y un tempo medidos, cuya suave modulación lleva de un ritmo cerebral medido a otro. Cada decisión nombra la cifra de la que viene.
studio-sources = Hecha a partir de
studio-brain = Cerebro
studio-brain-hint = Da el ritmo con el que empieza la pista
studio-sound = Sonido
studio-sound-hint = Da tonalidad y tempo
studio-source-none = Ninguno
studio-order = La pista
studio-mode = Lleva hacia
studio-mode-hint = Lo que busca un modo es una convención del campo, no un efecto probado.
studio-mode-relax = Relajación
studio-mode-relax-note = Tranquila y amplia
studio-mode-focus = Concentración
studio-mode-focus-note = Constante, pocas sorpresas
studio-mode-sleep = Sueño
studio-mode-sleep-note = Oscura, lenta, se desvanece
studio-mode-motivation = Motivación
studio-mode-motivation-note = Con empuje, brillante
studio-mode-creativity = Creatividad
studio-mode-creativity-note = Abierta, a la deriva
studio-mode-recovery = Recuperación
studio-mode-recovery-note = Lenta y cálida
studio-stimulus = Cómo entra el ritmo en el sonido
studio-stimulus-am = Modulación
studio-stimulus-am-note = Fondos y ruido ondulan; sirve con altavoces
studio-stimulus-monaural = Monoaural
studio-stimulus-monaural-note = Dos tonos que baten en ambos oídos
studio-stimulus-isochronic = Isocrónico
studio-stimulus-isochronic-note = Pulsos suaves y separados
studio-stimulus-binaural = Binaural
studio-stimulus-binaural-note = Un tono por oído; solo con auriculares
studio-stimulus-sham = Simulado
studio-stimulus-sham-note = Lo mismo sin ritmo, para pruebas a ciegas
studio-duration = Duración
studio-duration-hint = Minutos, o h:mm:ss
studio-duration-range = Entre 0:10 y 3:00:00
studio-level = Sonoridad
studio-seed = Semilla
studio-seed-hint = Misma semilla, misma pista
studio-by-hand = Fijar tonalidad, tempo o ritmo a mano
studio-by-hand-hint = Lo que dejes abierto sigue la medición.
studio-as-measured = según lo medido
studio-by-mode = según el modo
studio-target = Ritmo de destino
studio-start = Ritmo inicial
studio-plan = Plan
studio-not-measured = nada medido; decide el modo
studio-because-key = medida en { $title }, correlación { $r }
studio-because-tempo = medido en { $title }, confianza { $percent } %; el modo puede reducirlo a la mitad o duplicarlo
studio-because-peak = pico alfa de { $title }, { $db } dB sobre el fondo
studio-headphones = Solo actúa con auriculares.
studio-compose = Componer
studio-result = Tu pista
studio-why = Por qué suena así
studio-measured = Medido en la pista terminada: { $lufs }, pico real { $peak }.
studio-schedule = Ritmo a lo largo del tiempo
studio-evidence = Qué se sabe de ello
grade-moderate = evidencia: moderada
grade-weak = evidencia: débil
grade-very-weak = evidencia: muy débil
grade-none = no se espera efecto
origin-asked = fijado por ti
column-decision = Decisión
column-choice = Elección
column-because = Porque
decision-key = Tonalidad
decision-tempo = Tempo
decision-rate = Ritmo
decision-chords = Acordes
decision-texture = Textura
decision-stimulus = Estímulo
decision-loudness = Sonoridad
field-range = Entre { $min } y { $max }

# Ajustes
settings-appearance = Aspecto e idioma
settings-language = Idioma
settings-theme = Tema
settings-keyboard = Atajos de una sola tecla
settings-keyboard-hint = Teclas como G o ? sin Ctrl. Desactívalas si usas entrada por voz.
settings-on = Sí
settings-off = No
settings-keys-turn-on = Activar teclas sueltas
settings-keys-turn-off = Desactivar teclas sueltas
settings-password = Contraseña
settings-password-hint = Con una contraseña puedes entrar sin el enlace del arranque del servidor.
settings-password-current = Contraseña actual
settings-password-wrong = Esta no es tu contraseña actual.
settings-password-new = Contraseña nueva
settings-password-rule = Al menos { $n } caracteres
settings-password-saved = Contraseña guardada. Se ha cerrado tu sesión en todos los demás sitios.
settings-keys-api = Claves de API
settings-keys-api-hint = Para programas que llaman a la API en tu nombre.
settings-key-name = Nombre de la clave
settings-key-create = Crear clave
settings-key-created = Tu nueva clave
settings-key-once = Solo se muestra ahora. Guárdala en un lugar seguro.
settings-key-used = último uso { $when }
settings-key-unused = nunca usada
settings-key-revoke = Revocar { $name }

# Analyses of a recording
tab-analyses = Análisis
analyses-title = Análisis de esta grabación
analyses-none = Ningún análisis admite este tipo de grabación
analyses-done = terminado
analyses-parameters = Parámetros
analyses-run = Ejecutar
analyses-result-of = Resultado del
analyses-as-json = Resultado en JSON
value-yes = sí
value-no = no
params-default = predeterminado
params-words-hint = Separe los valores con comas
params-not-json = Esto no es JSON válido.
sheet-more-rows = Las primeras { $shown } filas de { $all }; el JSON las tiene todas.
