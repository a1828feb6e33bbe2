"""The link between a station and its hub: what goes over the wire, and the thread that keeps both equal.

Each module is imported by its own name: whoever asks for a station's address or state loads no HTTP.
"""
