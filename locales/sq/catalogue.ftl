# Titles of analyses, what they give, and the titles of their pictures.

analysis-audio-overview = Përmbledhje audio
analysis-audio-overview-summary = Zëshmëria, tempoja me rrahje, tonaliteti, përshkruesit në kohë, dinamika dhe segmentet e një tingulli
analysis-brainsync-compose = Pjesë BrainSync
analysis-brainsync-compose-summary = Një pjesë e masterizuar në tonalitetin dhe tempon e matur ose të dhënë, modulimi i së cilës çon drejt një ritmi
analysis-eeg-erp = Potenciale të lidhura me ngjarje
analysis-eeg-erp-summary = Mesatare rreth ngjarjeve të një regjistrimi me breza besimi, maja dhe ku ndryshojnë dy kushte
analysis-eeg-overview = Përmbledhje EEG
analysis-eeg-overview-summary = Cilësia e kanaleve, spektri, fuqitë e brezave, maja alfa dhe eksponenti aperiodik i një regjistrimi
plot-audio-overview-chroma = Klasat e lartësisë
plot-audio-overview-loudness = Zëshmëria në kohë
plot-audio-overview-rhythm = Tempoja dhe segmentet
plot-brainsync-compose-schedule = Modulimi në kohë
plot-eeg-erp-butterfly = Mesatarja e kushtit të parë
plot-eeg-erp-butterfly2 = Mesatarja e kushtit të dytë
plot-eeg-erp-contrast = Ndryshimi i dy kushteve të para
plot-eeg-erp-heads = Shpërndarja mbi kokë
plot-eeg-overview-bands = Fuqia e brezave sipas kanalit
plot-eeg-overview-psd = Dendësia spektrale e fuqisë
plot-eeg-overview-quality = Cilësia e kanaleve në kohë
plot-eeg-overview-topomap = Fuqia e brezave mbi kokë
