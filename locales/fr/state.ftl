# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } canaux EEG sur { $total } sont bons, sur { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Les rythmes n’ont pas été mesurés : aucun bon canal EEG n’a de spectre.
eeg-state-no-alpha-peak = Aucun pic alpha entre 7 et 13 Hz ne se détache nettement du fond.
eeg-state-alpha-peak-no-interval = Le rythme alpha culmine à { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB au-dessus du fond ; l’enregistrement est trop court pour un intervalle.
eeg-state-alpha-peak = Le rythme alpha culmine à { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (intervalle à 95 % de { NUMBER($low_hz, maximumFractionDigits: 1) } à { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB au-dessus du fond.
eeg-state-dominant-delta = La bande delta contient la plus grande part de la puissance, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 à 40 Hz ; il est habituel que les bandes lentes dominent.
eeg-state-dominant-theta = La bande thêta contient la plus grande part de la puissance, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 à 40 Hz ; il est habituel que les bandes lentes dominent.
eeg-state-dominant-alpha = La bande alpha contient la plus grande part de la puissance, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 à 40 Hz.
eeg-state-dominant-beta = La bande bêta contient la plus grande part de la puissance, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 à 40 Hz.
eeg-state-dominant-gamma = La bande gamma contient la plus grande part de la puissance, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 à 40 Hz.
eeg-state-theta-beta = La puissance thêta vaut { NUMBER($ratio, maximumFractionDigits: 1) } fois la puissance bêta ; sans normes d’âge, cela ne dit rien de l’attention.
eeg-state-alpha-reactivity = La puissance alpha yeux fermés vaut { NUMBER($ratio, maximumFractionDigits: 1) } fois celle yeux ouverts.
eeg-state-frontal-asymmetry = L’asymétrie alpha frontale, ln(droite) − ln(gauche), est de { NUMBER($ln_ratio, maximumFractionDigits: 2) } ; un seul enregistrement court la mesure mal.
eeg-state-aperiodic = Le fond décroît avec la fréquence à la puissance { NUMBER($exponent, maximumFractionDigits: 2) } (ajustement R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Les phases du sommeil, l’attention, l’émotion et la maladie n’ont pas été mesurées ; ceci n’est pas un avis médical.
