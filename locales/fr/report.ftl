report-title = Rapport d’analyse
