report-title = Informe de análisis
