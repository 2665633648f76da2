# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } de { $total } canales de EEG son buenos, en { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Los ritmos no se midieron: ningún canal de EEG bueno tiene espectro.
eeg-state-no-alpha-peak = Ningún pico alfa entre 7 y 13 Hz sobresale con claridad del fondo.
eeg-state-alpha-peak-no-interval = El ritmo alfa tiene su pico en { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB sobre el fondo; la grabación es demasiado corta para dar un intervalo.
eeg-state-alpha-peak = El ritmo alfa tiene su pico en { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (intervalo del 95 % de { NUMBER($low_hz, maximumFractionDigits: 1) } a { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB sobre el fondo.
eeg-state-dominant-delta = La banda delta contiene la mayor parte de la potencia, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 a 40 Hz; es habitual que dominen las bandas lentas.
eeg-state-dominant-theta = La banda theta contiene la mayor parte de la potencia, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 a 40 Hz; es habitual que dominen las bandas lentas.
eeg-state-dominant-alpha = La banda alfa contiene la mayor parte de la potencia, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 a 40 Hz.
eeg-state-dominant-beta = La banda beta contiene la mayor parte de la potencia, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 a 40 Hz.
eeg-state-dominant-gamma = La banda gamma contiene la mayor parte de la potencia, { NUMBER($percent, maximumFractionDigits: 0) } % de 1 a 40 Hz.
eeg-state-theta-beta = La potencia theta es { NUMBER($ratio, maximumFractionDigits: 1) } veces la potencia beta; sin normas por edad esto no dice nada sobre la atención.
eeg-state-alpha-reactivity = La potencia alfa con los ojos cerrados es { NUMBER($ratio, maximumFractionDigits: 1) } veces la de los ojos abiertos.
eeg-state-frontal-asymmetry = La asimetría alfa frontal, ln(derecha) − ln(izquierda), es { NUMBER($ln_ratio, maximumFractionDigits: 2) }; una sola grabación corta es una medida débil de ella.
eeg-state-aperiodic = El fondo decrece con la frecuencia elevada a { NUMBER($exponent, maximumFractionDigits: 2) } (ajuste R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Las fases del sueño, la atención, la emoción y la enfermedad no se midieron; esto no es un hallazgo médico.
