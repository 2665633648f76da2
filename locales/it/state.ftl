# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } canali EEG su { $total } sono buoni, su { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = I ritmi non sono stati misurati: nessun canale EEG buono ha uno spettro.
eeg-state-no-alpha-peak = Nessun picco alfa tra 7 e 13 Hz emerge chiaramente dal fondo.
eeg-state-alpha-peak-no-interval = Il ritmo alfa ha il picco a { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB sopra il fondo; la registrazione è troppo breve per un intervallo.
eeg-state-alpha-peak = Il ritmo alfa ha il picco a { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (intervallo al 95 % da { NUMBER($low_hz, maximumFractionDigits: 1) } a { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB sopra il fondo.
eeg-state-dominant-delta = La banda delta contiene la parte maggiore della potenza, { NUMBER($percent, maximumFractionDigits: 0) } % tra 1 e 40 Hz; è normale che prevalgano le bande lente.
eeg-state-dominant-theta = La banda theta contiene la parte maggiore della potenza, { NUMBER($percent, maximumFractionDigits: 0) } % tra 1 e 40 Hz; è normale che prevalgano le bande lente.
eeg-state-dominant-alpha = La banda alfa contiene la parte maggiore della potenza, { NUMBER($percent, maximumFractionDigits: 0) } % tra 1 e 40 Hz.
eeg-state-dominant-beta = La banda beta contiene la parte maggiore della potenza, { NUMBER($percent, maximumFractionDigits: 0) } % tra 1 e 40 Hz.
eeg-state-dominant-gamma = La banda gamma contiene la parte maggiore della potenza, { NUMBER($percent, maximumFractionDigits: 0) } % tra 1 e 40 Hz.
eeg-state-theta-beta = La potenza theta è { NUMBER($ratio, maximumFractionDigits: 1) } volte la potenza beta; senza norme per età questo non dice nulla sull’attenzione.
eeg-state-alpha-reactivity = La potenza alfa a occhi chiusi è { NUMBER($ratio, maximumFractionDigits: 1) } volte quella a occhi aperti.
eeg-state-frontal-asymmetry = L’asimmetria alfa frontale, ln(destra) − ln(sinistra), è { NUMBER($ln_ratio, maximumFractionDigits: 2) }; una sola registrazione breve ne è una misura debole.
eeg-state-aperiodic = Il fondo decresce con la frequenza elevata a { NUMBER($exponent, maximumFractionDigits: 2) } (adattamento R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Fasi del sonno, attenzione, emozione e malattia non sono state misurate; questo non è un referto medico.
