# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Resumen de audio
analysis-audio-overview-summary = Sonoridad, tempo con pulsos, tonalidad, descriptores en el tiempo, dinámica y segmentos de un sonido
analysis-brainsync-compose = Pista BrainSync
analysis-brainsync-compose-summary = Una pista masterizada en la tonalidad y el tempo medidos o dados, cuya modulación lleva hacia un ritmo
analysis-eeg-erp = Potenciales relacionados con eventos
analysis-eeg-erp-summary = Promedios en torno a los eventos de una grabación con bandas de confianza, picos y dónde difieren dos condiciones
analysis-eeg-overview = Resumen EEG
analysis-eeg-overview-summary = Calidad de canales, espectro, potencias de banda, pico alfa y exponente aperiódico de una grabación
plot-audio-overview-chroma = Clases de altura
plot-audio-overview-loudness = Sonoridad en el tiempo
plot-audio-overview-rhythm = Tempo y segmentos
plot-brainsync-compose-schedule = Modulación en el tiempo
plot-eeg-erp-butterfly = Promedio de la primera condición
plot-eeg-erp-butterfly2 = Promedio de la segunda condición
plot-eeg-erp-contrast = Diferencia de las dos primeras condiciones
plot-eeg-erp-heads = Distribución sobre la cabeza
plot-eeg-overview-bands = Potencia de banda por canal
plot-eeg-overview-psd = Densidad espectral de potencia
plot-eeg-overview-quality = Calidad de los canales en el tiempo
plot-eeg-overview-topomap = Potencia de banda sobre la cabeza
