# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Ses genel bakışı
analysis-audio-overview-summary = Bir sesin yüksekliği, vuruşlarıyla temposu, tonu, zaman içindeki betimleyicileri, dinamiği ve bölümleri
analysis-brainsync-compose = BrainSync parçası
analysis-brainsync-compose-summary = Ölçülen veya verilen ton ve tempoda, modülasyonu bir ritme yönelten, masteringi yapılmış bir parça
analysis-eeg-erp = Olayla ilişkili potansiyeller
analysis-eeg-erp-summary = Bir kaydın olayları çevresindeki ortalamalar, güven bantları, tepeler ve iki koşulun ayrıldığı yerler
analysis-eeg-overview = EEG genel bakış
analysis-eeg-overview-summary = Bir kaydın kanal niteliği, spektrumu, bant güçleri, alfa tepesi ve aperiyodik üssü
plot-audio-overview-chroma = Perde sınıfları
plot-audio-overview-loudness = Zaman içinde ses yüksekliği
plot-audio-overview-rhythm = Tempo ve bölümler
plot-brainsync-compose-schedule = Zaman içinde modülasyon
plot-eeg-erp-butterfly = Birinci koşulun ortalaması
plot-eeg-erp-butterfly2 = İkinci koşulun ortalaması
plot-eeg-erp-contrast = İlk iki koşulun farkı
plot-eeg-erp-heads = Kafa üzerinde dağılım
plot-eeg-overview-bands = Kanal başına bant gücü
plot-eeg-overview-psd = Güç spektral yoğunluğu
plot-eeg-overview-quality = Zaman içinde kanal niteliği
plot-eeg-overview-topomap = Kafa üzerinde bant gücü
