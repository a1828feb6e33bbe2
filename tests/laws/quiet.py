"""What must be so in the town when all is quiet again."""

from tests.laws.apart import disagreements, inbox
from tests.laws.held import Contents, contents, refs, refusals, rows
from tests.laws.town import HUB, SCOPES, Town, sees, station_of
from workstation.journal.granted import ALONE_CLOCK, LAW_KINDS


def check(town: Town, existed: Contents) -> None:
    """All hold the same, whatever was said and is not lost counts, and each inbox lists what it must."""
    hub = town.journals[HUB]
    assert existed <= town.acknowledged.keys() | town.founding, "invented"
    assert town.acknowledged.keys() - existed <= town.lost, "lost"
    headers, refused = refs(hub), refusals(hub)
    assert _may_be_refused(town, refused, existed), "counted where it was written"
    seen_by = {who: _visible(town, who, existed) for who in town.journals}
    for who, journal in town.journals.items():
        held = refs(journal)
        assert sorted(held) == sorted(headers), f"lost, invented or doubled at {who}"
        assert contents(journal) == seen_by[who], f"content at {who}"
        assert refusals(journal) == {ref for ref in refused if ref in seen_by[who]}, f"judged otherwise at {who}"
        counting = [town.acknowledged[ref] for ref in town.acknowledged.keys() & seen_by[who] - refused]
        assert inbox(journal) == disagreements(counting), who
        cut_off = {fault.where for fault in journal.verify()}
        assert cut_off <= town.lost, f"altered at {who}"
    tables = {who: rows(journal) for who, journal in town.journals.items()}
    for who in town.journals:
        hidden = {row for row in tables[HUB] if _is_hidden(town, row, who)}
        assert tables[who] == tables[HUB] - hidden, f"tables at {who}"


def _may_be_refused(town: Town, refused: Contents, existed: Contents) -> bool:
    """Whether a bench let pass what does not count: only where it had heard nothing of authority for too long, or
    where the word it went by is lost."""
    said = [town.acknowledged[ref] for ref in town.acknowledged.keys() & existed]
    began = min((one.clock for one in said if one.act == "account.create"), default=0)
    alone = all(one.seen < began < one.clock - ALONE_CLOCK for one in said if one.ref in refused)
    return alone or any(ref.startswith(f"{HUB}/") for ref in town.acknowledged.keys() - existed)


def _visible(town: Town, who: str, existed: Contents) -> Contents:
    """Of all that there is what a participant may read."""
    sight, found = town.sight(HUB, who), set()
    for stream in town.journals[HUB].store.streams():
        for number, seq, stamp, *_ in town.journals[HUB].store.rows(stream.number, 1, stream.seq):
            ref = f"{stream.station}/{stream.incarnation}/{seq}"
            told = town.acknowledged.get(ref)
            is_law = stream.station == HUB and (told is None or told.changes[0].kind in LAW_KINDS)
            if is_law or sight(number, stamp):
                found.add(ref)
    return found & existed


def _is_hidden(town: Town, row: tuple[object, ...], who: str) -> bool:
    """Whether a row of a table tells of the street that a participant does not see."""
    if sees(town.journals[HUB], station_of(who), SCOPES["fire"]):
        return False
    record = str(row[1])
    return record.startswith(("fire", "incident fire"))
