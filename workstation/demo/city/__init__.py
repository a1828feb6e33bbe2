"""The invented city 临江市 Linjiang: a pure, seeded generator and nothing that is true of any real place.

Everything is planned on a lattice of 30 x 20 cells in coordinates (u, v), east and north; one smooth warp lays the plan
on the ground. Whoever needs the street of a point takes the cell of its (u, v): no geometry is searched, and the
tiling of the unit grid is exact because neighbours share their rounded corner points.

Run `python -m workstation.demo.city maps/linjiang` to write the committed content again, byte for byte.
"""
