"""The outside world: one module a format, fetch (IO) and parse (pure).

A parser takes bytes and the name of their source and returns `Parsed`: records, rejects and remarks. It never raises
for what the bytes hold. Records are the domain's own; their ids and `source` come from what is inside, never from the
file's name, so that reading the same thing again from elsewhere adds nothing.
"""
