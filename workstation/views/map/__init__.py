"""The live map: a QPainter widget over numpy arrays, its ground painted as tiles on a thread of its own.

A web map needs a second engine, ten times the memory and up to a second a zoom step; this one draws a hundred thousand
points inside a frame, is tested with plain mouse events, and has no HTML into which a name could be injected.
"""
