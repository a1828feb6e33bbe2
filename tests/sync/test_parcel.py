"""Parcels on the way: whole, or not a parcel."""

from dataclasses import replace
from random import Random

import pytest
import zstandard

from workstation.journal import DEFERRED, Batch, SentEntry, Stamp
from workstation.sync.parcel import Parcel, ParcelError, pack, unpack

BLOCK = 128 * 1024
"""What zstd decodes at once: a frame cut behind one gives all before it without a word."""


def batch(seq: int, size: int) -> Batch:
    content = Random(seq).randbytes(size)
    return Batch("ZX", "a1", seq, seq, b"hash", b"signature", (SentEntry(Stamp(seq, 1, 0, 3, "", 2), content),))


def test_a_parcel_comes_out_as_it_went_in():
    parcel = Parcel((batch(1, 900), batch(2, 10)), heads={("ZX", "a1"): 2}, wants={("ZX", "a1"): [(1, 2)]}, more=True)
    assert unpack(pack(parcel)) == parcel


@pytest.mark.parametrize(
    "stamp", [("5", 1, 0, 3, "", 2), (5, 1.0, 0, 3, "", 2), (5, 1, 0, 3, 99, 2), (5, 1, True, 3, "", 2)]
)
def test_one_stamp_of_anything_but_numbers_and_a_scope_is_no_parcel(stamp):
    good, bad = batch(1, 10).entries[0], SentEntry(Stamp(*stamp), b"content")
    with pytest.raises(ParcelError, match="stamps"):
        unpack(pack(Parcel((replace(batch(1, 10), entries=(good, bad)),))))


def test_entries_without_contents_keep_their_places_among_those_with():
    whole, header = batch(1, 10).entries[0], SentEntry(Stamp(2, 1, 0, 3, "", 2), b"", bytes(32), DEFERRED)
    parcel = Parcel((replace(batch(1, 10), entries=(whole, header, whole)), replace(batch(2, 1), entries=())))
    assert unpack(pack(parcel)) == parcel


@pytest.mark.parametrize("missing", [1, 2, 500, 1000])
def test_a_parcel_cut_where_a_batch_ends_is_not_taken_for_a_shorter_one(missing):
    heads = zstandard.frame_content_size(pack(Parcel((batch(1, BLOCK - 400),)))) - (BLOCK - 400)
    body = pack(Parcel((batch(1, BLOCK - heads), batch(2, 1000))))
    with pytest.raises(ParcelError, match="cut off"):
        unpack(body[:-missing])
