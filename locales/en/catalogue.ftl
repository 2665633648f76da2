# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Audio overview
analysis-audio-overview-summary = Loudness, tempo with beats, key, descriptors over time, dynamics and segments of a sound
analysis-brainsync-compose = BrainSync track
analysis-brainsync-compose-summary = A mastered track in the measured or given key and tempo whose modulation leads towards a rhythm
analysis-eeg-erp = Event-related potentials
analysis-eeg-erp-summary = Averages around the events of a recording with confidence bands, peaks, and where two conditions differ
analysis-eeg-overview = EEG overview
analysis-eeg-overview-summary = Channel quality, spectrum, band powers, alpha peak and aperiodic exponent of a recording
plot-audio-overview-chroma = Pitch classes
plot-audio-overview-loudness = Loudness over time
plot-audio-overview-rhythm = Tempo and segments
plot-brainsync-compose-schedule = Modulation over time
plot-eeg-erp-butterfly = Average of the first condition
plot-eeg-erp-butterfly2 = Average of the second condition
plot-eeg-erp-contrast = Difference of the first two conditions
plot-eeg-erp-heads = Distribution over the head
plot-eeg-overview-bands = Band power per channel
plot-eeg-overview-psd = Power spectral density
plot-eeg-overview-quality = Channel quality over time
plot-eeg-overview-topomap = Band power over the head
