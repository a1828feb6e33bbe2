"""Sticks that go from hand to hand in the town: real bundles, read whole, cut off, twice, or by a third."""

from pathlib import Path

from tests.laws.town import Town, station_of
from workstation.sync.bundle import Taken, import_bundle
from workstation.sync.bundle_file import BundleError
from workstation.sync.bundle_writing import Order, export_bundle


class Sticks:
    """The bundles that were written, each with who wrote it and the stations it was written for."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.written: list[tuple[Path, str, tuple[str, ...]]] = []

    def write(self, writer: str, takers: list[str], whole: bool, page: int) -> None:
        """Write a bundle for these participants' stations, oneself not among them."""
        names = tuple(sorted({station_of(one) for one in takers} - {station_of(writer)}))
        if names:
            path = self._town.new_path("stick")
            export_bundle(self._town.hand(writer).carrier(), path, Order(names, whole, attachments=False, page=page))
            self.written.append((path, writer, names))

    def plug_in(self, which: int, taker: int, cut: float | None) -> None:
        """Read a bundle at one it is for; where it has a gap for him, the writer writes him everything."""
        path, writer, names = self.written[which % len(self.written)]
        takers = [who for who in self._town.journals if station_of(who) in names]
        who = takers[taker % len(takers)]
        if cut is not None:
            self._cut_off(path, who, cut)
        if self._read(path, who) is None:
            self.write(writer, [who], whole=True, page=50)
            assert self._read(self.written[-1][0], who), "a bundle with everything closes a gap"

    def _read(self, path: Path, who: str) -> Taken | None:
        """What came of it, and a second time nothing; None where it was refused for a gap."""
        carrier = self._town.hand(who).carrier()
        try:
            taken = import_bundle(carrier, path)
        except BundleError as error:
            assert error.reason == "refused"
            assert str(error).startswith(("bundle: gap at", "bundle: root at"))
            return None
        assert taken.is_whole
        before = self._town.journals[who].digest()
        assert import_bundle(carrier, path).entries == 0
        assert self._town.journals[who].digest() == before
        return taken

    def _cut_off(self, path: Path, who: str, cut: float) -> None:
        """What is left of a file says that it is not all."""
        whole = path.read_bytes()
        left = self._town.new_path("cut")
        left.write_bytes(whole[: int(len(whole) * cut * 0.999)])
        try:
            assert not import_bundle(self._town.hand(who).carrier(), left).is_whole
        except BundleError as error:
            assert error.reason in ("format", "truncated", "refused")
