"""The bytes another implementation must come to: `resources/journal/vectors.json`, checked here without our codec.

`WRITE_VECTORS=1` writes the file anew; the format changes then, and needs a new number.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.journals import identity
from workstation.content import folder
from workstation.domain.draft import Change
from workstation.domain.entry import Entry
from workstation.journal.codec import (
    FORMAT,
    GENESIS,
    Header,
    digest_of,
    encode_content,
    signed_words,
    stamp_of,
    vouched_words,
)
from workstation.security.keys import Identity

FILE = "journal/vectors.json"
BEGIN = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000)
USER = Identity.from_seed("li", bytes(range(32)))


def entries() -> list[Entry]:
    flood = {"changes": (Change("incident", "ZX-a1-1", "title", "人民路下穿积水", ()),), "act": "incident.open"}
    level = {
        "changes": (
            Change("incident", "ZX-a1-1", "level", "II", ("ZX/a1b2c3d4/1", "JD03/00ff00ff/7")),
            Change("incident", "ZX-a1-1", "lat", 10.25, ()),
            Change("incident", "ZX-a1-1", "tags", {"z": [1, None, True], "a": 'é\n"\\'}, ()),
        ),
        "act": "incident.level.set",
        "reason": "水深 30 cm",
        "cause": "ZX/a1b2c3d4/1",
        "precedence": 0,
        "data_class": 3,
    }
    made = []
    for seq, (author, told) in enumerate((("wang", flood), ("li", level)), 1):
        clock = (BEGIN + seq * 1000 << 16) + seq
        fixed = {"station": "ZX", "incarnation": "a1b2c3d4", "seq": seq, "clock": clock, "scope": "990101003"}
        free = {"data_class": 2, "reason": "", "cause": "", "raw": BEGIN - 5, "seen": BEGIN << 16, **told}
        made.append(Entry(**fixed, author=author, **free))
    made[1] = _vouched(made[1])
    return made


def _vouched(entry: Entry) -> Entry:
    return entry._replace(voucher=USER.sign(vouched_words(entry)).hex())


def written() -> dict[str, object]:
    previous, told = GENESIS[FORMAT], []
    for entry in entries():
        content = encode_content(entry)
        header = Header("ZX", "a1b2c3d4", entry.seq, stamp_of(entry), digest_of(content))
        previous = header.hash(previous)
        stamp = [*header.stamp]
        told.append({"seq": entry.seq, "stamp": stamp, "content": content.decode(), "hash": previous.hex()})
    words = signed_words("ZX", "a1b2c3d4", len(told), previous)
    return {
        "format": FORMAT,
        "genesis": GENESIS[FORMAT].hex(),
        "station": "ZX",
        "incarnation": "a1b2c3d4",
        "entries": told,
        "signed": words.decode(),
        "signature": identity("ZX").sign(words).hex(),
        "public_key": identity("ZX").public.hex(),
        "user_key": USER.public.hex(),
    }


@pytest.fixture(scope="module")
def vectors():
    path = Path(folder("resources")) / FILE
    if os.environ.get("WRITE_VECTORS"):
        path.write_text(json.dumps(written(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def test_our_codec_comes_to_the_bytes_of_the_vectors(vectors) -> None:
    assert written() == vectors


def test_a_chain_is_checked_with_nothing_but_the_documented_rules(vectors) -> None:
    previous = hashlib.sha256(b"workstation-journal-2").digest()
    assert previous.hex() == vectors["genesis"]
    for entry in vectors["entries"]:
        digest = hashlib.sha256(entry["content"].encode()).hexdigest()
        header = [vectors["station"], vectors["incarnation"], entry["seq"], *entry["stamp"], digest]
        told = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        previous = hashlib.sha256(previous + told).digest()
        assert previous.hex() == entry["hash"]
    place = json.dumps(["ZX", vectors["incarnation"], 2, previous.hex()], separators=(",", ":"))
    assert vectors["signed"] == f"workstation-batch-2\n{place}"
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vectors["public_key"]))
    key.verify(bytes.fromhex(vectors["signature"]), vectors["signed"].encode())


def test_the_authors_own_signature_covers_place_and_content(vectors) -> None:
    content = json.loads(vectors["entries"][1]["content"])
    *said, voucher = content
    place = json.dumps(["ZX", vectors["incarnation"], 2], separators=(",", ":"))
    body = json.dumps(said, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vectors["user_key"]))
    key.verify(bytes.fromhex(voucher), f"workstation-act-2\n{place}{body}".encode())
