# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Panoramica audio
analysis-audio-overview-summary = Loudness, tempo con battiti, tonalità, descrittori nel tempo, dinamica e segmenti di un suono
analysis-brainsync-compose = Brano BrainSync
analysis-brainsync-compose-summary = Un brano masterizzato nella tonalità e nel tempo misurati o dati, la cui modulazione conduce verso un ritmo
analysis-eeg-erp = Potenziali evento-correlati
analysis-eeg-erp-summary = Medie attorno agli eventi di una registrazione con bande di confidenza, picchi e dove due condizioni differiscono
analysis-eeg-overview = Panoramica EEG
analysis-eeg-overview-summary = Qualità dei canali, spettro, potenze di banda, picco alfa ed esponente aperiodico di una registrazione
plot-audio-overview-chroma = Classi di altezza
plot-audio-overview-loudness = Loudness nel tempo
plot-audio-overview-rhythm = Tempo e segmenti
plot-brainsync-compose-schedule = Modulazione nel tempo
plot-eeg-erp-butterfly = Media della prima condizione
plot-eeg-erp-butterfly2 = Media della seconda condizione
plot-eeg-erp-contrast = Differenza delle prime due condizioni
plot-eeg-erp-heads = Distribuzione sulla testa
plot-eeg-overview-bands = Potenza di banda per canale
plot-eeg-overview-psd = Densità spettrale di potenza
plot-eeg-overview-quality = Qualità dei canali nel tempo
plot-eeg-overview-topomap = Potenza di banda sulla testa
