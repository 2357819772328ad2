"""The engines that users know, each at its best and as people write first; a module loads one engine and no other.

Every function takes the folder of the contest. `pairs…` give a table i, j, m2 of parcels, `survey…` one of parcels (i)
and survey polygons (j).
"""
