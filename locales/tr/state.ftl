# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $total } EEG kanalından { $good } tanesi iyi, süre { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Ritimler ölçülmedi: iyi durumdaki hiçbir EEG kanalının tayfı yok.
eeg-state-no-alpha-peak = 7 ile 13 Hz arasında arka planın belirgin üstüne çıkan bir alfa tepesi yok.
eeg-state-alpha-peak-no-interval = Alfa ritminin tepesi { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz’de, arka planın { NUMBER($prominence_db, maximumFractionDigits: 1) } dB üstünde; kayıt bir aralık vermek için çok kısa.
eeg-state-alpha-peak = Alfa ritminin tepesi { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz’de (%95 aralığı { NUMBER($low_hz, maximumFractionDigits: 1) } ile { NUMBER($high_hz, maximumFractionDigits: 1) } Hz arası), arka planın { NUMBER($prominence_db, maximumFractionDigits: 1) } dB üstünde.
eeg-state-dominant-delta = Gücün en büyük payı delta bandında: 1–40 Hz içinde %{ NUMBER($percent, maximumFractionDigits: 0) }; yavaş bantların önde olması olağandır.
eeg-state-dominant-theta = Gücün en büyük payı teta bandında: 1–40 Hz içinde %{ NUMBER($percent, maximumFractionDigits: 0) }; yavaş bantların önde olması olağandır.
eeg-state-dominant-alpha = Gücün en büyük payı alfa bandında: 1–40 Hz içinde %{ NUMBER($percent, maximumFractionDigits: 0) }.
eeg-state-dominant-beta = Gücün en büyük payı beta bandında: 1–40 Hz içinde %{ NUMBER($percent, maximumFractionDigits: 0) }.
eeg-state-dominant-gamma = Gücün en büyük payı gama bandında: 1–40 Hz içinde %{ NUMBER($percent, maximumFractionDigits: 0) }.
eeg-state-theta-beta = Teta gücü beta gücünün { NUMBER($ratio, maximumFractionDigits: 1) } katı; yaşa göre normlar olmadan bu dikkat hakkında bir şey söylemez.
eeg-state-alpha-reactivity = Gözler kapalıyken alfa gücü, gözler açıkkenkinin { NUMBER($ratio, maximumFractionDigits: 1) } katı.
eeg-state-frontal-asymmetry = Ön alfa asimetrisi, ln(sağ) − ln(sol), { NUMBER($ln_ratio, maximumFractionDigits: 2) }; tek bir kısa kayıt bunun zayıf bir ölçüsüdür.
eeg-state-aperiodic = Arka plan frekansın { NUMBER($exponent, maximumFractionDigits: 2) } kuvvetiyle azalıyor (uyum R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Uyku evreleri, dikkat, duygu ve hastalık ölçülmedi; bu tıbbi bir bulgu değildir.
