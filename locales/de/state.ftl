# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } von { $total } EEG-Kanälen sind gut, über { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Rhythmen wurden nicht gemessen: Kein guter EEG-Kanal hat ein Spektrum.
eeg-state-no-alpha-peak = Kein Alpha-Gipfel zwischen 7 und 13 Hz ragt deutlich aus dem Hintergrund.
eeg-state-alpha-peak-no-interval = Der Alpha-Rhythmus hat seinen Gipfel bei { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB über dem Hintergrund; für ein Intervall ist die Aufnahme zu kurz.
eeg-state-alpha-peak = Der Alpha-Rhythmus hat seinen Gipfel bei { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (95-%-Intervall { NUMBER($low_hz, maximumFractionDigits: 1) } bis { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB über dem Hintergrund.
eeg-state-dominant-delta = Das Delta-Band hat den größten Anteil der Leistung, { NUMBER($percent, maximumFractionDigits: 0) } % von 1 bis 40 Hz; dass langsame Bänder führen, ist üblich.
eeg-state-dominant-theta = Das Theta-Band hat den größten Anteil der Leistung, { NUMBER($percent, maximumFractionDigits: 0) } % von 1 bis 40 Hz; dass langsame Bänder führen, ist üblich.
eeg-state-dominant-alpha = Das Alpha-Band hat den größten Anteil der Leistung, { NUMBER($percent, maximumFractionDigits: 0) } % von 1 bis 40 Hz.
eeg-state-dominant-beta = Das Beta-Band hat den größten Anteil der Leistung, { NUMBER($percent, maximumFractionDigits: 0) } % von 1 bis 40 Hz.
eeg-state-dominant-gamma = Das Gamma-Band hat den größten Anteil der Leistung, { NUMBER($percent, maximumFractionDigits: 0) } % von 1 bis 40 Hz.
eeg-state-theta-beta = Die Theta-Leistung ist { NUMBER($ratio, maximumFractionDigits: 1) }-mal die Beta-Leistung; ohne Altersnormen sagt das nichts über Aufmerksamkeit.
eeg-state-alpha-reactivity = Die Alpha-Leistung bei geschlossenen Augen ist { NUMBER($ratio, maximumFractionDigits: 1) }-mal die bei offenen Augen.
eeg-state-frontal-asymmetry = Die frontale Alpha-Asymmetrie, ln(rechts) − ln(links), beträgt { NUMBER($ln_ratio, maximumFractionDigits: 2) }; eine einzelne kurze Aufnahme misst sie nur schwach.
eeg-state-aperiodic = Der Hintergrund fällt mit der Frequenz hoch { NUMBER($exponent, maximumFractionDigits: 2) } (Anpassung R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Schlafphasen, Aufmerksamkeit, Gefühl und Krankheit wurden nicht gemessen; dies ist kein medizinischer Befund.
