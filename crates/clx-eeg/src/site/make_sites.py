"""Writes sites.csv: names of the 10-05 system and their place on the unit head.

Needs eeg_positions 2.1.2 (BSD-3-Clause): ideal positions on a sphere after Oostenveld and
Praamstra 2001 (Clin. Neurophysiol. 112:713-719). The projection is azimuthal equidistant with the
circle through Nz, T10, Iz and T9 at radius 1, x to the right and y to the front.
"""
import math
import pathlib

from eeg_positions import get_elec_coords

rows = ["name,x,y"]
for _, e in get_elec_coords(system="1005", dim="3d").iterrows():
    if e.label.upper() in ("A1", "A2", "M1", "M2", "T3", "T4", "T5", "T6"):
        continue  # earlobes and mastoids are references here; old names are aliases in site.rs
    angle = math.acos(max(-1.0, min(1.0, e.z))) / (math.pi / 2)
    flat = math.hypot(e.x, e.y)
    x, y = (e.x / flat * angle, e.y / flat * angle) if flat else (0.0, 0.0)
    rows.append(f"{e.label},{x + 0.0:.4f},{y + 0.0:.4f}".replace("-0.0000", "0.0000"))
pathlib.Path(__file__).with_name("sites.csv").write_text("\n".join(rows) + "\n")
