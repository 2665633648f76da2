report-title = Analiz raporu
