# Actions
action-close = Close
action-copy = Copy
action-delete = Delete
action-download = Download
action-hide = Hide
action-open = Open
action-retry = Try again
action-save = Save
action-undo = Undo
copied = Copied

# Places and the frame around them
nav-library = Library
nav-studio = BrainSync Studio
nav-settings = Settings
shell-account = Account
shell-messages = Messages
shell-nav = Main
shell-offline = No connection to the server. What you see may be old; it will catch up by itself.
shell-search = Search or run a command
shell-skip = Skip to the content
theme-system = As the system
theme-light = Light
theme-dark = Dark
theme-to-light = Switch to light
theme-to-dark = Switch to dark
role-owner = Owner
role-admin = Administrator
role-member = Member
not-found-title = There is nothing here
not-found-text = The address may be mistyped, or what was here has been deleted.
not-found-action = To the library
not-a-medical-device = For research and wellness. Not a medical device.

# Problems
problem-title = That did not work
problem-offline = The server does not answer. Check that it is running; nothing of yours is lost.
problem-copy-id = Copy id for support

# Commands and keys
command-palette = Go to, do, find
command-sheet = Keyboard
command-group-go = Go to
command-group-do = Do
command-group-timeline = Signal
command-group-player = Sound
palette-placeholder = Type a command or the name of a recording
palette-nothing = Nothing of that name

# Signing in
sign-in-title = Sign in
sign-in-hint = With the link the server printed when it first started, or with your password.
sign-in-exchanging = Signing you in
sign-in-email = Email
sign-in-password = Password
sign-in-action = Sign in
sign-out = Sign out

# Library
library-title = Library
library-hint = Drop recordings anywhere: EEG as EDF, BDF, GDF, FIF, XDF, CSV, or a set of files (BrainVision, EEGLAB, WFDB) in a ZIP; sound as WAV, FLAC, MP3, Ogg, Opus or AAC.
library-upload = Add recordings
library-uploads = Uploads
library-search = Search recordings
library-nothing = No recording matches “{ $q }”
library-show-all = Show all
library-empty-title = Your recordings will be here
library-empty-text = Drop a file anywhere on this page. It is read by its content, whatever its name, and stays on your server.
library-more = Show more
library-row-menu = Actions for { $title }
library-deleted = “{ $title }” deleted
kind-eeg = EEG
kind-audio = Sound
first-title = First steps
first-sample = Open a sample
first-sample-hint = A recording that is already analysed
first-upload = Add your own
first-upload-hint = EEG or sound, up to many gigabytes
first-track = Compose a track
first-track-hint = In the measured key and rhythm
first-report = Take the report
first-report-hint = PDF or XLSX, in your language

# Uploads
upload-drop-here = Drop to add to your library
upload-done = { $name } has arrived
upload-pause = Pause
upload-continue = Continue
upload-cancel = Cancel upload
upload-left = { $seconds ->
    [one] { $seconds } second left
   *[other] { $seconds } seconds left
 }
upload-state-waiting = Waiting
upload-state-paused = Paused
upload-state-failed = The upload stopped. It continues where it was.

# Jobs
jobs-title = Jobs
jobs-title-n = { $n ->
    [0] Jobs: none running
    [one] Jobs: { $n } running
   *[other] Jobs: { $n } running
 }
jobs-none = Nothing has run yet.
job-cancel = Cancel job
job-retry = Run again
job-state-queued = Waiting
job-state-succeeded = Done
job-state-failed = Failed
job-state-cancelled = Cancelled
analysis-ingest = Reading the recording
analysis-eeg-overview = EEG overview
analysis-audio-overview = Sound overview
analysis-compose = BrainSync track
analysis-report = Report

# A recording
recording-channels = { $n ->
    [one] { $n } channel
   *[other] { $n } channels
 }
recording-findings = { $n ->
    [one] { $n } finding
   *[other] { $n } findings
 }
recording-state-ready = Ready
recording-state-processing = Being read
recording-state-failed = Could not be read
recording-failed-text = The file could not be read as a recording.
recording-synthetic = synthetic
recording-synthetic-hint = Made by Clisonix with known truth; not of a person
recording-make-track = Make a track
recording-menu = More actions
recording-download = Download original
recording-rename = Rename
recording-title = Title
recording-tabs = Views of the recording
recording-underway = Under way
tab-signal = Signal
tab-spectrum = Spectrum & map
tab-music = Music
tab-findings = Findings
tab-tracks = Tracks
tab-report = Report

# Signal explorer
signal-processing-title = The signal is being read
signal-processing-text = It appears here as soon as its header and overview are there. You can leave; it goes on.
signal-failed = The signal could not be loaded
signal-label = Signal of { $title }. Arrow keys move, Shift with arrow keys changes the window, T shows a table.
signal-summary = { $channels } channels, { $bad } of them bad, from { $from } to { $to }, { $events } events.
signal-no-more-events = No further event
signal-table-caption = Extremes of each channel from { $from } to { $to }
timeline-pan-left = Back in time
timeline-pan-right = Forward in time
timeline-window-shorter = Zoom in
timeline-window-longer = Zoom out
timeline-lanes-up = Channels up
timeline-lanes-down = Channels down
timeline-gain-up = Larger amplitude
timeline-gain-down = Smaller amplitude
timeline-event-before = Previous event
timeline-event-after = Next event
timeline-fit = Whole recording
timeline-spectrogram = Spectrogram
timeline-table = Values as a table
timeline-clear = Clear the marking
column-channel = Channel
column-kind = Kind
column-rate = Rate
column-min = Lowest
column-max = Highest
column-quality = Quality
column-alpha-peak = Alpha peak
column-rms = RMS
column-line = Line noise
quality-good = good
quality-bad = bad

# Sound
player-toggle = Play or pause
player-play = Play { $title }
player-pause = Pause { $title }
player-seek = Position in { $title }
player-volume = Volume
player-broken = Your browser cannot play this format. Download it instead.

# Overview
overview-not-yet = No analysis yet
overview-not-yet-text = It starts by itself when the recording has been read.
overview-state = What was measured
overview-music = What was measured
overview-plots = Plots
overview-open-plot = { $title }, open on its own
overview-channels = Channel by channel
overview-method = How this was measured
overview-method-text = Filtered { $low } to { $high } Hz ({ $phase }), notch: { $notch }, reference: { $reference }. Spectrum by Welch’s method with { $window } s windows and { $overlap } % overlap. Left out of the means: { $bads }.
figure-alpha-peak = Alpha peak
figure-ci95 = 95 % interval { $from } to { $to } { $unit }
figure-prominence = { $db } dB above the background
figure-no-peak = no peak above the background
figure-theta-beta = Theta / beta
figure-theta-beta-note = ratio of powers
figure-aperiodic = Aperiodic exponent
figure-good-channels = Good channels
figure-bands = Relative power, mean of the good channels
figure-tempo = Tempo
figure-tempo-others = Other readings of the pulse: { $list }
figure-confidence = confidence { $percent } %
figure-no-tempo = no steady pulse found
figure-key = Key
figure-key-strength = correlation { $r }
figure-no-key = no stable key found
figure-tuning = Tuning { $cents } cents from A4 = 440 Hz
figure-loudness = Loudness
figure-range = range { $lu }
figure-true-peak = True peak
figure-crest = crest { $db }
mode-major = major
mode-minor = minor
band-delta = delta
band-theta = theta
band-alpha = alpha
band-sigma = sigma
band-beta = beta
band-gamma = gamma

# Findings
findings-none-title = No findings
findings-none-text = Nothing in this recording speaks against using it.
findings-hint = What a reader of the results should know. Select one to see the evidence in the signal.
severity-info = Note
severity-warning = Warning
severity-problem = Problem

# Tracks
tracks-none-title = No tracks yet
tracks-none-text = Compose one in the key, tempo and rhythm that were measured here.

# Report
report-title = Report
report-hint = What was measured, how, with which quality, and its limits. The same input gives the same file.
report-format = Format
report-pdf-note = To read, print and sign
report-xlsx-note = Every figure, to calculate with
report-language = Language
report-create = Create report
report-earlier = Earlier reports
report-not-yet = No result to report yet

# BrainSync Studio
studio-hint = A track in a measured key and tempo whose gentle modulation leads from a measured brain rhythm towards another. Every decision names the figure it comes from.
studio-sources = Made from
studio-brain = Brain
studio-brain-hint = Gives the rhythm the track starts from
studio-sound = Sound
studio-sound-hint = Gives key and tempo
studio-source-none = None
studio-order = The track
studio-mode = Leads towards
studio-mode-hint = What a mode aims at is a convention of the field, not a proven effect.
studio-mode-relax = Relax
studio-mode-relax-note = Calm and wide
studio-mode-focus = Focus
studio-mode-focus-note = Steady, few surprises
studio-mode-sleep = Sleep
studio-mode-sleep-note = Dark, slow, fading
studio-mode-motivation = Motivation
studio-mode-motivation-note = Driving, bright
studio-mode-creativity = Creativity
studio-mode-creativity-note = Open, drifting
studio-mode-recovery = Recovery
studio-mode-recovery-note = Slow and warm
studio-stimulus = How the rhythm enters the sound
studio-stimulus-am = Modulation
studio-stimulus-am-note = Pads and noise swell; works on loudspeakers
studio-stimulus-monaural = Monaural
studio-stimulus-monaural-note = Two tones beating in both ears
studio-stimulus-isochronic = Isochronic
studio-stimulus-isochronic-note = Separate soft pulses
studio-stimulus-binaural = Binaural
studio-stimulus-binaural-note = One tone per ear; headphones only
studio-stimulus-sham = Sham
studio-stimulus-sham-note = The same without rhythm, for blind tests
studio-duration = Length
studio-duration-hint = Minutes, or h:mm:ss
studio-duration-range = Between 0:10 and 3:00:00
studio-level = Loudness
studio-seed = Seed
studio-seed-hint = Same seed, same track
studio-by-hand = Set key, tempo or rhythm by hand
studio-by-hand-hint = What you leave open follows the measurement.
studio-as-measured = as measured
studio-by-mode = by the mode
studio-target = Target rhythm
studio-start = Starting rhythm
studio-plan = Plan
studio-not-measured = nothing measured; the mode decides
studio-because-key = measured in { $title }, correlation { $r }
studio-because-tempo = measured in { $title }, confidence { $percent } %; the mode may halve or double it
studio-because-peak = alpha peak of { $title }, { $db } dB above the background
studio-headphones = Works only with headphones.
studio-compose = Compose
studio-result = Your track
studio-why = Why it sounds as it does
studio-measured = Measured on the finished track: { $lufs }, true peak { $peak }.
studio-schedule = Rhythm over time
studio-evidence = What is known about it
grade-moderate = evidence: moderate
grade-weak = evidence: weak
grade-very-weak = evidence: very weak
grade-none = no effect expected
origin-asked = set by you
column-decision = Decision
column-choice = Choice
column-because = Because
decision-key = Key
decision-tempo = Tempo
decision-rate = Rhythm
decision-chords = Chords
decision-texture = Texture
decision-stimulus = Stimulus
decision-loudness = Loudness
field-range = Between { $min } and { $max }

# Settings
settings-appearance = Appearance and language
settings-language = Language
settings-theme = Theme
settings-keyboard = Single-key shortcuts
settings-keyboard-hint = Keys such as G or ? without Ctrl. Turn them off if you use speech input.
settings-on = On
settings-off = Off
settings-keys-turn-on = Turn single keys on
settings-keys-turn-off = Turn single keys off
settings-password = Password
settings-password-hint = With a password you can sign in without the link from the server’s start.
settings-password-current = Current password
settings-password-wrong = This is not your current password.
settings-password-new = New password
settings-password-rule = At least { $n } characters
settings-password-saved = Password saved. You are signed out everywhere else.
settings-keys-api = API keys
settings-keys-api-hint = For programs that call the API in your name.
settings-key-name = Name of the key
settings-key-create = Create key
settings-key-created = Your new key
settings-key-once = It is shown only now. Keep it somewhere safe.
settings-key-used = last used { $when }
settings-key-unused = never used
settings-key-revoke = Revoke { $name }

# Analyses of a recording
tab-analyses = Analyses
analyses-title = Analyses of this recording
analyses-none = No analysis takes this kind of recording
analyses-done = finished
analyses-parameters = Parameters
analyses-run = Run
analyses-result-of = Result of
analyses-as-json = Result as JSON
value-yes = yes
value-no = no
params-default = default
params-words-hint = Separate entries with commas
params-not-json = This is not valid JSON.
sheet-more-rows = The first { $shown } of { $all } rows; the JSON has all.
