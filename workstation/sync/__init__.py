"""The link between a station and its hub: what goes over the wire, and the thread that keeps both equal."""

from workstation.sync.link import Link, LinkState
from workstation.sync.parcel import Parcel, pack, unpack
from workstation.sync.signing import signed_headers, words_of

__all__ = ["Link", "LinkState", "Parcel", "pack", "signed_headers", "unpack", "words_of"]
