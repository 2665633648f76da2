report-title = Raport analize
