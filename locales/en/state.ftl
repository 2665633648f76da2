# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } of { $total } EEG channels are good, over { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Rhythms were not measured: no good EEG channel has a spectrum.
eeg-state-no-alpha-peak = No alpha peak between 7 and 13 Hz rises clearly above the background.
eeg-state-alpha-peak-no-interval = The alpha rhythm peaks at { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB above the background; the recording is too short for an interval.
eeg-state-alpha-peak = The alpha rhythm peaks at { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (95 % interval { NUMBER($low_hz, maximumFractionDigits: 1) } to { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB above the background.
eeg-state-dominant-delta = The delta band holds the largest share of the power, { NUMBER($percent, maximumFractionDigits: 0) } % of 1 to 40 Hz; that slow bands lead is usual.
eeg-state-dominant-theta = The theta band holds the largest share of the power, { NUMBER($percent, maximumFractionDigits: 0) } % of 1 to 40 Hz; that slow bands lead is usual.
eeg-state-dominant-alpha = The alpha band holds the largest share of the power, { NUMBER($percent, maximumFractionDigits: 0) } % of 1 to 40 Hz.
eeg-state-dominant-beta = The beta band holds the largest share of the power, { NUMBER($percent, maximumFractionDigits: 0) } % of 1 to 40 Hz.
eeg-state-dominant-gamma = The gamma band holds the largest share of the power, { NUMBER($percent, maximumFractionDigits: 0) } % of 1 to 40 Hz.
eeg-state-theta-beta = Theta power is { NUMBER($ratio, maximumFractionDigits: 1) } times beta power; without norms for age this says nothing about attention.
eeg-state-alpha-reactivity = Alpha power with eyes closed is { NUMBER($ratio, maximumFractionDigits: 1) } times that with eyes open.
eeg-state-frontal-asymmetry = Frontal alpha asymmetry, ln(right) − ln(left), is { NUMBER($ln_ratio, maximumFractionDigits: 2) }; a single short recording is a weak measure of it.
eeg-state-aperiodic = The background falls with frequency to the power { NUMBER($exponent, maximumFractionDigits: 2) } (fit R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Sleep stages, attention, emotion and illness were not measured; this is not a medical finding.
