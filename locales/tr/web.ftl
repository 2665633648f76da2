# Eylemler
action-close = Kapat
action-copy = Kopyala
action-delete = Sil
action-download = İndir
action-hide = Gizle
action-open = Aç
action-retry = Yeniden dene
action-save = Kaydet
action-undo = Geri al
copied = Kopyalandı

# Yerler ve çerçeve
nav-library = Kitaplık
nav-studio = BrainSync Studio
nav-settings = Ayarlar
shell-account = Hesap
shell-messages = İletiler
shell-nav = Ana gezinti
shell-offline = Sunucuyla bağlantı yok. Gördüklerin eski olabilir; bağlantı gelince kendiliğinden güncellenir.
shell-search = Ara veya komut çalıştır
shell-skip = İçeriğe geç
theme-system = Sistemdeki gibi
theme-light = Açık
theme-dark = Koyu
theme-to-light = Açık temaya geç
theme-to-dark = Koyu temaya geç
role-owner = Sahip
role-admin = Yönetici
role-member = Üye
not-found-title = Burada bir şey yok
not-found-text = Adres yanlış yazılmış olabilir ya da buradaki şey silinmiştir.
not-found-action = Kitaplığa git
not-a-medical-device = Araştırma ve iyi oluş içindir. Tıbbi cihaz değildir.

# Sorunlar
problem-title = Bu olmadı
problem-offline = Sunucu yanıt vermiyor. Çalışıp çalışmadığına bak; sana ait hiçbir şey kaybolmaz.
problem-copy-id = Destek için kimliği kopyala

# Komutlar ve tuşlar
command-palette = Git, yap, bul
command-sheet = Klavye
command-group-go = Git
command-group-do = Yap
command-group-timeline = Sinyal
command-group-player = Ses
palette-placeholder = Bir komut veya kayıt adı yaz
palette-nothing = Bu adda bir şey yok

# Giriş
sign-in-title = Giriş yap
sign-in-hint = Sunucunun ilk açılışta yazdığı bağlantıyla ya da parolanla.
sign-in-exchanging = Giriş yapılıyor
sign-in-email = E-posta
sign-in-password = Parola
sign-in-action = Giriş yap
sign-out = Çıkış yap

# Kitaplık
library-title = Kitaplık
library-hint = Kayıtları istediğin yere bırak: EDF, BDF, GDF, FIF, XDF, CSV ya da ZIP içinde dosya takımı (BrainVision, EEGLAB, WFDB) olarak EEG; WAV, FLAC, MP3, Ogg, Opus veya AAC olarak ses.
library-upload = Kayıt ekle
library-uploads = Yüklemeler
library-search = Kayıtlarda ara
library-nothing = “{ $q }” ile eşleşen kayıt yok
library-show-all = Tümünü göster
library-empty-title = Kayıtların burada olacak
library-empty-text = Bu sayfada istediğin yere bir dosya bırak. Adı ne olursa olsun içeriğine göre okunur ve sunucunda kalır.
library-more = Daha fazla göster
library-row-menu = { $title } için eylemler
library-deleted = “{ $title }” silindi
kind-eeg = EEG
kind-audio = Ses
first-title = İlk adımlar
first-sample = Bir örnek aç
first-sample-hint = Çözümlemesi hazır bir kayıt
first-upload = Kendininkini ekle
first-upload-hint = EEG veya ses, gigabaytlarca
first-track = Bir parça bestele
first-track-hint = Ölçülen ton ve ritimde
first-report = Raporu al
first-report-hint = Kendi dilinde PDF veya XLSX

# Yüklemeler
upload-drop-here = Kitaplığa eklemek için bırak
upload-done = { $name } geldi
upload-pause = Duraklat
upload-continue = Sürdür
upload-cancel = Yüklemeyi iptal et
upload-left = { $seconds ->
    [one] { $seconds } saniye kaldı
   *[other] { $seconds } saniye kaldı
 }
upload-state-waiting = Bekliyor
upload-state-paused = Duraklatıldı
upload-state-failed = Yükleme durdu. Kaldığı yerden sürer.

# İşler
jobs-title = İşler
jobs-title-n = { $n ->
    [0] İşler: çalışan yok
    [one] İşler: { $n } çalışıyor
   *[other] İşler: { $n } çalışıyor
 }
jobs-none = Henüz bir şey çalışmadı.
job-cancel = İşi iptal et
job-retry = Yeniden çalıştır
job-state-queued = Bekliyor
job-state-succeeded = Bitti
job-state-failed = Başarısız
job-state-cancelled = İptal edildi
analysis-ingest = Kayıt okunuyor
analysis-eeg-overview = EEG genel bakışı
analysis-audio-overview = Ses genel bakışı
analysis-compose = BrainSync parçası
analysis-report = Rapor

# Bir kayıt
recording-channels = { $n ->
    [one] { $n } kanal
   *[other] { $n } kanal
 }
recording-findings = { $n ->
    [one] { $n } bulgu
   *[other] { $n } bulgu
 }
recording-state-ready = Hazır
recording-state-processing = Okunuyor
recording-state-failed = Okunamadı
recording-failed-text = Dosya bir kayıt olarak okunamadı.
recording-synthetic = yapay
recording-synthetic-hint = Clisonix tarafından bilinen gerçekle üretildi; bir kişiye ait değil
recording-make-track = Parça bestele
recording-menu = Diğer eylemler
recording-download = Özgün dosyayı indir
recording-rename = Yeniden adlandır
recording-title = Başlık
recording-tabs = Kaydın görünümleri
recording-underway = Sürüyor
tab-signal = Sinyal
tab-spectrum = Tayf ve harita
tab-music = Müzik
tab-findings = Bulgular
tab-tracks = Parçalar
tab-report = Rapor

# Sinyal gezgini
signal-processing-title = Sinyal okunuyor
signal-processing-text = Başlık ve genel bakış hazır olunca burada görünür. Ayrılabilirsin; iş sürer.
signal-failed = Sinyal yüklenemedi
signal-label = { $title } sinyali. Ok tuşları kaydırır, Shift ile oklar pencereyi değiştirir, T tablo gösterir.
signal-summary = { $channels } kanal, { $bad } tanesi kötü, { $from } ile { $to } arası, { $events } olay.
signal-no-more-events = Başka olay yok
signal-table-caption = { $from } ile { $to } arasında her kanalın uç değerleri
timeline-pan-left = Zamanda geri
timeline-pan-right = Zamanda ileri
timeline-window-shorter = Yakınlaştır
timeline-window-longer = Uzaklaştır
timeline-lanes-up = Kanalları yukarı kaydır
timeline-lanes-down = Kanalları aşağı kaydır
timeline-gain-up = Daha büyük genlik
timeline-gain-down = Daha küçük genlik
timeline-event-before = Önceki olay
timeline-event-after = Sonraki olay
timeline-fit = Kaydın tümü
timeline-spectrogram = Spektrogram
timeline-table = Değerler tablo olarak
timeline-clear = İşareti kaldır
column-channel = Kanal
column-kind = Tür
column-rate = Hız
column-min = En düşük
column-max = En yüksek
column-quality = Nitelik
column-alpha-peak = Alfa tepesi
column-rms = RMS
column-line = Şebeke gürültüsü
quality-good = iyi
quality-bad = kötü

# Ses
player-toggle = Çal veya duraklat
player-play = { $title } çal
player-pause = { $title } duraklat
player-seek = { $title } içindeki konum
player-volume = Ses düzeyi
player-broken = Tarayıcın bu biçimi çalamıyor. Onun yerine indir.

# Genel bakış
overview-not-yet = Henüz çözümleme yok
overview-not-yet-text = Kayıt okununca kendiliğinden başlar.
overview-state = Ne ölçüldü
overview-music = Ne ölçüldü
overview-plots = Çizimler
overview-open-plot = { $title }, ayrı aç
overview-channels = Kanal kanal
overview-method = Nasıl ölçüldü
overview-method-text = { $low } ile { $high } Hz arası süzüldü ({ $phase }), çentik: { $notch }, referans: { $reference }. Tayf Welch yöntemiyle, { $window } s pencere ve % { $overlap } örtüşme ile. Ortalamalara katılmayanlar: { $bads }.
figure-alpha-peak = Alfa tepesi
figure-ci95 = %95 aralığı { $from } ile { $to } { $unit }
figure-prominence = arka planın { $db } dB üstünde
figure-no-peak = arka planın üstünde tepe yok
figure-theta-beta = Teta / beta
figure-theta-beta-note = güçlerin oranı
figure-aperiodic = Aperiyodik üs
figure-good-channels = İyi kanallar
figure-bands = Bağıl güç, iyi kanalların ortalaması
figure-tempo = Tempo
figure-tempo-others = Vuruşun öteki okunuşları: { $list }
figure-confidence = güven % { $percent }
figure-no-tempo = düzenli vuruş bulunamadı
figure-key = Ton
figure-key-strength = korelasyon { $r }
figure-no-key = kararlı ton bulunamadı
figure-tuning = Akort A4 = 440 Hz’den { $cents } sent uzakta
figure-loudness = Gürlük
figure-range = aralık { $lu }
figure-true-peak = Gerçek tepe
figure-crest = tepe çarpanı { $db }
mode-major = majör
mode-minor = minör
band-delta = delta
band-theta = teta
band-alpha = alfa
band-sigma = sigma
band-beta = beta
band-gamma = gama

# Bulgular
findings-none-title = Bulgu yok
findings-none-text = Bu kayıtta kullanılmasına karşı bir şey yok.
findings-hint = Sonuçları okuyanın bilmesi gerekenler. Kanıtı sinyalde görmek için birini seç.
severity-info = Not
severity-warning = Uyarı
severity-problem = Sorun

# Parçalar
tracks-none-title = Henüz parça yok
tracks-none-text = Burada ölçülen ton, tempo ve ritimde bir tane bestele.

# Rapor
report-title = Rapor
report-hint = Ne ölçüldü, nasıl, hangi nitelikte ve hangi sınırlarla. Aynı girdi aynı dosyayı verir.
report-format = Biçim
report-pdf-note = Okumak, basmak ve imzalamak için
report-xlsx-note = Hesaplamak için bütün sayılar
report-language = Dil
report-create = Rapor oluştur
report-earlier = Önceki raporlar
report-not-yet = Henüz raporlanacak sonuç yok

# BrainSync Studio
studio-hint = Ölçülen ton ve tempoda, yumuşak modülasyonu ölçülen bir beyin ritminden bir başkasına götüren bir parça. Her karar dayandığı sayıyı söyler.
studio-sources = Kaynakları
studio-brain = Beyin
studio-brain-hint = Parçanın başladığı ritmi verir
studio-sound = Ses
studio-sound-hint = Ton ve tempoyu verir
studio-source-none = Yok
studio-order = Parça
studio-mode = Yöneldiği durum
studio-mode-hint = Bir kipin hedefi alanın bir uzlaşımıdır, kanıtlanmış bir etki değildir.
studio-mode-relax = Rahatlama
studio-mode-relax-note = Sakin ve geniş
studio-mode-focus = Odaklanma
studio-mode-focus-note = Düzenli, az sürpriz
studio-mode-sleep = Uyku
studio-mode-sleep-note = Koyu, yavaş, sönen
studio-mode-motivation = Motivasyon
studio-mode-motivation-note = Sürükleyici, parlak
studio-mode-creativity = Yaratıcılık
studio-mode-creativity-note = Açık, süzülen
studio-mode-recovery = Toparlanma
studio-mode-recovery-note = Yavaş ve sıcak
studio-stimulus = Ritmin sese giriş biçimi
studio-stimulus-am = Modülasyon
studio-stimulus-am-note = Ses örtüsü ve gürültü dalgalanır; hoparlörde de olur
studio-stimulus-monaural = Monoral
studio-stimulus-monaural-note = İki kulakta vuruşan iki ton
studio-stimulus-isochronic = İzokronik
studio-stimulus-isochronic-note = Ayrı, yumuşak vuruşlar
studio-stimulus-binaural = Binoral
studio-stimulus-binaural-note = Her kulağa bir ton; yalnız kulaklıkla
studio-stimulus-sham = Yalancı
studio-stimulus-sham-note = Aynısının ritimsizi, kör denemeler için
studio-duration = Uzunluk
studio-duration-hint = Dakika ya da s:dd:ss
studio-duration-range = 0:10 ile 3:00:00 arası
studio-level = Gürlük
studio-seed = Tohum
studio-seed-hint = Aynı tohum, aynı parça
studio-by-hand = Tonu, tempoyu veya ritmi elle belirle
studio-by-hand-hint = Açık bıraktıkların ölçüme uyar.
studio-as-measured = ölçüldüğü gibi
studio-by-mode = kipe göre
studio-target = Hedef ritim
studio-start = Başlangıç ritmi
studio-plan = Plan
studio-not-measured = ölçülen yok; kip belirler
studio-because-key = { $title } içinde ölçüldü, korelasyon { $r }
studio-because-tempo = { $title } içinde ölçüldü, güven %{ $percent }; kip bunu yarıya indirebilir ya da iki katına çıkarabilir
studio-because-peak = { $title } alfa tepesi, arka planın { $db } dB üstünde
studio-headphones = Yalnız kulaklıkla etki eder.
studio-compose = Bestele
studio-result = Parçan
studio-why = Neden böyle duyuluyor
studio-measured = Biten parçada ölçüldü: { $lufs }, gerçek tepe { $peak }.
studio-schedule = Zaman içinde ritim
studio-evidence = Bunun hakkında bilinenler
grade-moderate = kanıt: orta
grade-weak = kanıt: zayıf
grade-very-weak = kanıt: çok zayıf
grade-none = etki beklenmez
origin-asked = sen belirledin
column-decision = Karar
column-choice = Seçim
column-because = Çünkü
decision-key = Ton
decision-tempo = Tempo
decision-rate = Ritim
decision-chords = Akorlar
decision-texture = Doku
decision-stimulus = Uyaran
decision-loudness = Gürlük
field-range = { $min } ile { $max } arası

# Ayarlar
settings-appearance = Görünüm ve dil
settings-language = Dil
settings-theme = Tema
settings-keyboard = Tek tuşlu kısayollar
settings-keyboard-hint = Ctrl olmadan G veya ? gibi tuşlar. Sesle giriş kullanıyorsan kapat.
settings-on = Açık
settings-off = Kapalı
settings-keys-turn-on = Tek tuşları aç
settings-keys-turn-off = Tek tuşları kapat
settings-password = Parola
settings-password-hint = Parolayla, sunucunun açılış bağlantısı olmadan giriş yapabilirsin.
settings-password-current = Şimdiki parola
settings-password-wrong = Bu şimdiki parolan değil.
settings-password-new = Yeni parola
settings-password-rule = En az { $n } karakter
settings-password-saved = Parola kaydedildi. Diğer her yerde oturumun kapatıldı.
settings-keys-api = API anahtarları
settings-keys-api-hint = API’yi senin adına çağıran programlar için.
settings-key-name = Anahtarın adı
settings-key-create = Anahtar oluştur
settings-key-created = Yeni anahtarın
settings-key-once = Yalnız şimdi gösterilir. Güvenli bir yerde sakla.
settings-key-used = son kullanım { $when }
settings-key-unused = hiç kullanılmadı
settings-key-revoke = { $name } anahtarını iptal et

# Analyses of a recording
tab-analyses = Analizler
analyses-title = Bu kaydın analizleri
analyses-none = Bu tür kaydı kabul eden analiz yok
analyses-done = bitti
analyses-parameters = Parametreler
analyses-run = Çalıştır
analyses-result-of = Sonuç tarihi
analyses-as-json = Sonuç (JSON)
value-yes = evet
value-no = hayır
params-default = varsayılan
params-words-hint = Değerleri virgülle ayırın
params-not-json = Bu geçerli bir JSON değil.
sheet-more-rows = { $all } satırın ilk { $shown } satırı; JSON hepsini içerir.
