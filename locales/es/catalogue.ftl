# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Resumen de audio
analysis-audio-overview-summary = Sonoridad, tempo con pulsos, tonalidad, descriptores en el tiempo, dinámica y segmentos de un sonido
analysis-brainsync-compose = Pista BrainSync
analysis-brainsync-compose-summary = Una pista masterizada en la tonalidad y el tempo medidos o dados, cuya modulación lleva hacia un ritmo
analysis-eeg-overview = Resumen EEG
analysis-eeg-overview-summary = Calidad de canales, espectro, potencias de banda, pico alfa y exponente aperiódico de una grabación
plot-audio-overview-chroma = Clases de altura
plot-audio-overview-loudness = Sonoridad en el tiempo
plot-audio-overview-rhythm = Tempo y segmentos
plot-brainsync-compose-schedule = Modulación en el tiempo
plot-eeg-overview-bands = Potencia de banda por canal
plot-eeg-overview-psd = Densidad espectral de potencia
plot-eeg-overview-quality = Calidad de los canales en el tiempo
plot-eeg-overview-topomap = Potencia de banda sobre la cabeza
