"""A file on the shelf is whole or known to be on its way, whatever happened to the power, the disk or the sender."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attachments.photographs import chunks_of, recording, shelf_in, stream
from workstation.attachments import CHUNK, ChunkRefused, Damaged, Limits, Manifest, MediaError, NoRoom, Shelf
from workstation.attachments.limits import GIGABYTE, free_bytes
from workstation.security.media import FileSeal

VIDEO = recording()


def described(folder, body: bytes = VIDEO) -> Manifest:
    """The manifest of a file, as the station that took it made it."""
    return shelf_in(folder / "elsewhere").put(stream(body))


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_file_comes_off_the_shelf_as_it_was_put(tmp_path, size):
    shelf, body = shelf_in(tmp_path), recording(size)
    kept = shelf.put(stream(body))
    assert kept.sha256 == hashlib.sha256(body).hexdigest()
    with shelf.open(kept.sha256) as file:
        assert file.read() == body
    assert b"".join(shelf.clear(kept.sha256, None)) == body
    assert kept.chunks == tuple(hashlib.sha256(one).hexdigest() for one in chunks_of(body))


def test_a_file_put_twice_lies_there_once(tmp_path):
    shelf = shelf_in(tmp_path)
    assert shelf.put(stream(VIDEO)) == shelf.put(stream(VIDEO))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.suffix == "" and path.is_file()) == len(
        VIDEO
    )


@pytest.mark.parametrize("size", [1, CHUNK - 16, CHUNK - 15, 2 * CHUNK])
def test_a_sealed_file_shows_nothing_of_itself_and_opens_under_its_key_alone(tmp_path, size):
    shelf, seal, body = shelf_in(tmp_path), FileSeal.create(), (b"13812345678 " * (size // 12 + 1))[:size]
    kept = shelf.put(stream(body), seal)
    lying = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert size < 12 or b"13812345678" not in lying
    assert b"".join(shelf.clear(kept.sha256, FileSeal.from_text(seal.text()))) == body
    with pytest.raises(ValueError, match="does not open"):
        list(shelf.clear(kept.sha256, FileSeal.create()))


def test_a_sealed_chunk_does_not_open_in_another_place():
    seal = FileSeal.create()
    with pytest.raises(ValueError, match="chunk 1"):
        seal.open(1, seal.seal(0, b"the first"))


def test_chunks_may_arrive_in_any_order_and_twice(tmp_path):
    kept, shelf = described(tmp_path), shelf_in(tmp_path / "here")
    assert shelf.begin(kept) == (0, 1, 2, 3)
    pieces = chunks_of(VIDEO)
    left = [shelf.put_chunk(kept.sha256, index, pieces[index]) for index in (3, 0, 3, 2, 1, 1)]
    assert left == [3, 2, 2, 1, 0, 0]
    assert b"".join(shelf.clear(kept.sha256, None)) == VIDEO


@pytest.mark.parametrize(
    ("index", "body"),
    [
        (0, b""),
        (0, chunks_of(VIDEO)[1]),
        (0, VIDEO[:CHUNK] + b"x"),
        (3, VIDEO[:1000]),
        (4, b"beyond the end"),
        (-1, chunks_of(VIDEO)[3]),
    ],
)
def test_a_wrong_chunk_is_refused_and_still_missing(tmp_path, index, body):
    kept, shelf = described(tmp_path), shelf_in(tmp_path / "here")
    shelf.begin(kept)
    with pytest.raises(ChunkRefused):
        shelf.put_chunk(kept.sha256, index, body)
    assert shelf.missing_chunks(kept) == (0, 1, 2, 3)


def test_a_chunk_of_a_file_never_announced_is_refused(tmp_path):
    with pytest.raises(ChunkRefused, match="never announced"):
        shelf_in(tmp_path).put_chunk("a" * 64, 0, b"x")


@settings(max_examples=40, deadline=None)
@given(
    order=st.permutations(range(4)),
    taken=st.integers(0, 3),
    cut=st.integers(0, len(VIDEO)),
    noise=st.binary(max_size=40),
)
def test_a_transfer_killed_at_any_byte_goes_on_behind_what_is_good(tmp_path_factory, order, taken, cut, noise):
    folder = tmp_path_factory.mktemp("cut")
    kept, pieces = described(folder), chunks_of(VIDEO)
    before = shelf_in(folder / "here")
    before.begin(kept)
    for index in order[:taken]:
        before.put_chunk(kept.sha256, index, pieces[index])
    part = folder / "here" / kept.sha256[:2] / kept.sha256[2:4] / f"{kept.sha256}.part"
    if part.exists():  # what the power cut left: the file as far as the disk had it, and something half written
        part.write_bytes(part.read_bytes()[:cut] + noise)
    after = shelf_in(folder / "here")
    missing = after.begin(kept)
    assert set(missing) >= set(order[taken:])
    for index in missing:
        after.put_chunk(kept.sha256, index, pieces[index])
    assert b"".join(after.clear(kept.sha256, None)) == VIDEO


def test_what_had_arrived_is_not_asked_for_again_after_a_restart(tmp_path):
    kept = described(tmp_path)
    before = shelf_in(tmp_path / "here")
    before.begin(kept)
    before.put_chunk(kept.sha256, 0, chunks_of(VIDEO)[0])
    after = shelf_in(tmp_path / "here")
    assert after.begin(kept) == (1, 2, 3)
    assert after.arrived(kept.sha256) == CHUNK / len(VIDEO)


def test_a_put_that_was_killed_leaves_nothing_under_a_digest(tmp_path):
    class PowerCut(Exception):
        pass

    class Failing:
        def __init__(self) -> None:
            self.reads = 0

        def read(self, size: int) -> bytes:
            self.reads += 1
            if self.reads == 3:
                raise PowerCut
            return VIDEO[:size]

    shelf = shelf_in(tmp_path)
    with pytest.raises(PowerCut):
        shelf.put(Failing())
    (tmp_path / "tmpkilled.new").write_bytes(VIDEO[:100])
    shelf.discard_unfinished()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_manifest_that_promised_another_file_is_found_out_with_the_last_chunk(tmp_path):
    kept, shelf = replace(described(tmp_path), sha256="0" * 64), shelf_in(tmp_path / "here")
    shelf.begin(kept)
    for index, piece in enumerate(chunks_of(VIDEO)[:3]):
        shelf.put_chunk(kept.sha256, index, piece)
    with pytest.raises(ChunkRefused, match="promised"):
        shelf.put_chunk(kept.sha256, 3, chunks_of(VIDEO)[3])
    assert not shelf.holds(kept.sha256)
    assert shelf.manifest(kept.sha256) is None


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"nothing",
        b"[" * 100_000,
        {"size": 0, "chunks": []},
        {"size": -1, "chunks": []},
        {"size": True, "chunks": ["0" * 64]},
        {"size": 1.0, "chunks": ["0" * 64]},
        {"size": 2**60, "chunks": ["0" * 64]},
        {"size": 10, "chunks": ["0" * 64] * 2},
        {"size": 10, "chunks": ["../../etc/passwd"]},
        {"size": 10, "chunks": [7]},
        {"size": 10, "chunks": ["0" * 64], "sha256": "1" * 64},
    ],
)
def test_a_manifest_that_describes_no_file_is_refused(told):
    body = told if isinstance(told, bytes) else json.dumps({"sha256": "0" * 64} | told).encode()
    with pytest.raises(ChunkRefused):
        Manifest.decode(body, "0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "C:\\x"])
def test_a_name_from_outside_is_never_a_path(tmp_path, name):
    shelf = shelf_in(tmp_path)
    for use in (shelf.open, shelf.manifest, shelf.holds, shelf.drop, shelf.confirm):
        with pytest.raises(MediaError, match="SHA-256 alone"):
            use(name)


def test_a_disk_nearly_full_takes_no_media_and_says_so(tmp_path):
    kept = described(tmp_path)
    full = shelf_in(tmp_path / "here", free=GIGABYTE + len(VIDEO) - 1)
    with pytest.raises(NoRoom, match="no media taken"):
        full.begin(kept)
    with pytest.raises(NoRoom):
        shelf_in(tmp_path / "here", free=GIGABYTE - 1).put(stream(VIDEO))
    assert shelf_in(tmp_path / "here", free=GIGABYTE + len(VIDEO)).begin(kept) == (0, 1, 2, 3)


def test_the_reserve_is_as_it_was_set(tmp_path):
    with pytest.raises(NoRoom):
        shelf_in(tmp_path, free=5000, reserve=5000).put(stream(b"x"))
    assert shelf_in(tmp_path, free=5001, reserve=5000).put(stream(b"x")).size == 1


def test_the_real_disk_can_be_measured(tmp_path):
    assert free_bytes(tmp_path) > 0


def test_room_is_made_by_the_oldest_unneeded_files_and_each_is_named(tmp_path):
    def free(folder) -> int:
        """A small disk, of which each file that lies there takes 2,000 bytes."""
        return 8000 - 2000 * sum(path.is_file() and not path.suffix for path in folder.glob("??/??/*"))

    shelf = Shelf(tmp_path, Limits(free=free, reserve=0))
    old = [shelf.put(stream(recording(2000, seed))).sha256 for seed in ("monday", "tuesday", "wednesday")]
    assert shelf.make_room(5000, old) == old[:2]
    assert [shelf.holds(one) for one in old] == [False, False, True]


@pytest.mark.parametrize("body", [b"", b"x" * 101])
def test_an_empty_and_an_endless_file_are_refused(tmp_path, body):
    with pytest.raises(MediaError):
        shelf_in(tmp_path, largest=100).put(stream(body))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_altered_on_the_disk_is_named_and_not_given_out(tmp_path):
    shelf = shelf_in(tmp_path)
    kept, other = shelf.put(stream(VIDEO)), shelf.put(stream(b"untouched"))
    path = tmp_path / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256
    body = bytearray(VIDEO)
    body[CHUNK] ^= 1
    path.write_bytes(body)
    assert [one.sha256 for one in shelf.verify()] == [kept.sha256]
    assert shelf.chunk(kept.sha256, 0) == VIDEO[:CHUNK]
    with pytest.raises(Damaged, match="chunk 1"):
        shelf.chunk(kept.sha256, 1)
    assert shelf.chunk(other.sha256, 0) == b"untouched"
