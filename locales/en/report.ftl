report-title = Analysis report
