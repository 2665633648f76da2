# What an EEG overview says in words. Ids and figures come from clx-eeg; figures are plain numbers.
eeg-state-quality = { $good } nga { $total } kanale EEG janë të mira, gjatë { NUMBER($duration_s, maximumFractionDigits: 1) } s.
eeg-state-not-measured = Ritmet nuk u matën: asnjë kanal i mirë EEG nuk ka spektër.
eeg-state-no-alpha-peak = Asnjë kulm alfa midis 7 dhe 13 Hz nuk ngrihet qartë mbi sfondin.
eeg-state-alpha-peak-no-interval = Ritmi alfa e ka kulmin në { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz, { NUMBER($prominence_db, maximumFractionDigits: 1) } dB mbi sfondin; regjistrimi është tepër i shkurtër për një interval.
eeg-state-alpha-peak = Ritmi alfa e ka kulmin në { NUMBER($peak_hz, maximumFractionDigits: 1) } Hz (intervali 95 % nga { NUMBER($low_hz, maximumFractionDigits: 1) } në { NUMBER($high_hz, maximumFractionDigits: 1) } Hz), { NUMBER($prominence_db, maximumFractionDigits: 1) } dB mbi sfondin.
eeg-state-dominant-delta = Brezi delta mban pjesën më të madhe të fuqisë, { NUMBER($percent, maximumFractionDigits: 0) } % nga 1 deri 40 Hz; është e zakonshme që brezat e ngadaltë prijnë.
eeg-state-dominant-theta = Brezi teta mban pjesën më të madhe të fuqisë, { NUMBER($percent, maximumFractionDigits: 0) } % nga 1 deri 40 Hz; është e zakonshme që brezat e ngadaltë prijnë.
eeg-state-dominant-alpha = Brezi alfa mban pjesën më të madhe të fuqisë, { NUMBER($percent, maximumFractionDigits: 0) } % nga 1 deri 40 Hz.
eeg-state-dominant-beta = Brezi beta mban pjesën më të madhe të fuqisë, { NUMBER($percent, maximumFractionDigits: 0) } % nga 1 deri 40 Hz.
eeg-state-dominant-gamma = Brezi gama mban pjesën më të madhe të fuqisë, { NUMBER($percent, maximumFractionDigits: 0) } % nga 1 deri 40 Hz.
eeg-state-theta-beta = Fuqia teta është { NUMBER($ratio, maximumFractionDigits: 1) } herë fuqia beta; pa norma sipas moshës kjo nuk thotë asgjë për vëmendjen.
eeg-state-alpha-reactivity = Fuqia alfa me sy mbyllur është { NUMBER($ratio, maximumFractionDigits: 1) } herë ajo me sy hapur.
eeg-state-frontal-asymmetry = Asimetria ballore alfa, ln(djathtas) − ln(majtas), është { NUMBER($ln_ratio, maximumFractionDigits: 2) }; një regjistrim i vetëm i shkurtër është matje e dobët e saj.
eeg-state-aperiodic = Sfondi bie me frekuencën në fuqinë { NUMBER($exponent, maximumFractionDigits: 2) } (përshtatja R² { NUMBER($r_squared, maximumFractionDigits: 2) }).
eeg-state-limits = Fazat e gjumit, vëmendja, emocionet dhe sëmundjet nuk u matën; ky nuk është një përfundim mjekësor.
