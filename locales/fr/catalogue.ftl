# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Aperçu audio
analysis-audio-overview-summary = Sonie, tempo et temps, tonalité, descripteurs dans le temps, dynamique et segments d’un son
analysis-brainsync-compose = Morceau BrainSync
analysis-brainsync-compose-summary = Un morceau masterisé dans la tonalité et le tempo mesurés ou donnés, dont la modulation mène vers un rythme
analysis-eeg-erp = Potentiels évoqués
analysis-eeg-erp-summary = Moyennes autour des événements d’un enregistrement avec bandes de confiance, pics et différences entre deux conditions
analysis-eeg-overview = Aperçu EEG
analysis-eeg-overview-summary = Qualité des canaux, spectre, puissances de bande, pic alpha et exposant apériodique d’un enregistrement
plot-audio-overview-chroma = Classes de hauteur
plot-audio-overview-loudness = Sonie dans le temps
plot-audio-overview-rhythm = Tempo et segments
plot-brainsync-compose-schedule = Modulation dans le temps
plot-eeg-erp-butterfly = Moyenne de la première condition
plot-eeg-erp-butterfly2 = Moyenne de la deuxième condition
plot-eeg-erp-contrast = Différence des deux premières conditions
plot-eeg-erp-heads = Distribution sur la tête
plot-eeg-overview-bands = Puissance de bande par canal
plot-eeg-overview-psd = Densité spectrale de puissance
plot-eeg-overview-quality = Qualité des canaux dans le temps
plot-eeg-overview-topomap = Puissance de bande sur la tête
