# What the fields of results and parameters are called, units taken off.
