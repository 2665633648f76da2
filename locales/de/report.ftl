report-title = Analysebericht
