"""Feeds that lie at an address: how they are fetched."""

from collections.abc import Callable

from workstation.feeds.atom import follow_links
from workstation.feeds.importing import parse_any
from workstation.feeds.parsed import Parsed
from workstation.wire import Wire


def fetcher(url: str, wire: Wire) -> Callable[[], bytes]:
    """A fetch for a Poller; one `Wire` for one poller's thread. It raises WireError."""

    def fetch() -> bytes:
        return wire.get(url).body

    return fetch


def reader(wire: Wire) -> Callable[[bytes, str], Parsed]:
    """A parse that follows an index to the full messages it lists."""

    def read(raw: bytes, source: str) -> Parsed:
        parsed = parse_any(raw, source)
        return follow_links(parsed, lambda url: wire.get(url).body) if parsed.links else parsed

    return read
