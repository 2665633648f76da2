# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Klang-Überblick
analysis-audio-overview-summary = Lautheit, Tempo mit Schlägen, Tonart, Deskriptoren über die Zeit, Dynamik und Abschnitte eines Klangs
analysis-brainsync-compose = BrainSync-Stück
analysis-brainsync-compose-summary = Ein gemastertes Stück in der gemessenen oder gewünschten Tonart und im Tempo, dessen Modulation zu einem Rhythmus hinführt
analysis-eeg-erp = Ereigniskorrelierte Potentiale
analysis-eeg-erp-summary = Mittelwerte um die Ereignisse einer Aufnahme mit Vertrauensbändern, Gipfeln und wo sich zwei Bedingungen unterscheiden
analysis-eeg-overview = EEG-Überblick
analysis-eeg-overview-summary = Kanalqualität, Spektrum, Bandleistungen, Alpha-Gipfel und aperiodischer Exponent einer Aufnahme
plot-audio-overview-chroma = Tonklassen
plot-audio-overview-loudness = Lautheit über die Zeit
plot-audio-overview-rhythm = Tempo und Abschnitte
plot-brainsync-compose-schedule = Modulation über die Zeit
plot-eeg-erp-butterfly = Mittelwert der ersten Bedingung
plot-eeg-erp-butterfly2 = Mittelwert der zweiten Bedingung
plot-eeg-erp-contrast = Differenz der ersten beiden Bedingungen
plot-eeg-erp-heads = Verteilung über dem Kopf
plot-eeg-overview-bands = Bandleistung je Kanal
plot-eeg-overview-psd = Spektrale Leistungsdichte
plot-eeg-overview-quality = Kanalqualität über die Zeit
plot-eeg-overview-topomap = Bandleistung über dem Kopf
