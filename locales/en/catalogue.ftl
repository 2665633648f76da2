# Titles of analyses and their pictures.
