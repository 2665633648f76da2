figure-hertz = { NUMBER($value, maximumFractionDigits: 2) } Hz
