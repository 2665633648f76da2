report-title = Rapporto di analisi
