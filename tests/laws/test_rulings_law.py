"""A bench remembers what it ruled: it comes to the same verdict as one that is asked for the first time, whatever was
asked before, on both sides of every moment at which a grant begins, ends or is withdrawn."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.clock import millis
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.journal.fold import ROOT_STATION
from workstation.journal.granted import GrantBench
from workstation.journal.past import Past
from workstation.security.permission import matrix, remits

EVENING = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
CITY, STREET = "990100", "990101003"
ACTS = ("incident.state.verified", "incident.level.set", "log.write")
NO_PAST = Past(None)
"""Asked for by nothing that was written without broken glass."""
moments = st.integers(-20, 20).map(lambda number: EVENING + timedelta(microseconds=number * 500))
finely = moments.map(lambda moment: moment.isoformat().replace("+00:00", "Z"))
"""Moments on a millisecond and between two, as another implementation may write them."""


def entry(author: str, station: str, moment: datetime, **told: object) -> Entry:
    fields = {
        "incarnation": "a",
        "seq": 1,
        "scope": CITY,
        "data_class": 1,
        "act": "log.write",
        "reason": "",
        "cause": "",
    }
    return Entry(author=author, station=station, clock=millis(moment) << 16, **{**fields, "changes": (), **told})


def law(moment: datetime, kind: str, name: str, **fields: object) -> Entry:
    return entry("sec", ROOT_STATION, moment, act=f"{kind}.give", changes=set_fields(kind, name, **fields))


@st.composite
def grants(draw: st.DrawFn) -> list[Entry]:
    """What the root says before the evening: two stations, two accounts, up to four grants between them."""
    early = EVENING - timedelta(hours=1)
    said = [law(early, "station", "ZX", region=CITY), law(early, "station", "JD03", region=STREET)]
    said += [law(early, "account", one, state="active") for one in ("wang", "zhao")]
    for number in range(draw(st.integers(1, 4))):
        terms = {"account": draw(st.sampled_from(["wang", "zhao"])), "role": draw(st.sampled_from(["SUP", "OP"]))}
        ends = {"valid_from": draw(finely), "valid_to": draw(finely), "revoked_at": draw(st.none() | finely)}
        region, level = draw(st.sampled_from([CITY, STREET])), draw(st.integers(1, 4))
        said.append(law(early, "grant", f"g{number}", **terms, **ends, region=region, level=level, purposes=["duty"]))
    return said


written = st.builds(
    entry,
    st.sampled_from(["wang", "zhao", "rule:intake"]),
    st.sampled_from(["ZX", "JD03"]),
    moments,
    act=st.sampled_from(ACTS),
    scope=st.sampled_from([CITY, STREET]),
    data_class=st.integers(1, 2),
    seen=st.just(millis(EVENING) << 16),
)


def bench(said: list[Entry]) -> GrantBench:
    made = GrantBench(matrix, remits)
    for one in said:
        made.learn(one)
    return made


@given(grants(), st.lists(written, min_size=10, max_size=40))
def test_what_was_ruled_before_changes_no_verdict(said: list[Entry], entries: list[Entry]) -> None:
    experienced = bench(said)
    asked_first = [bench(said).verdict(one, NO_PAST) for one in entries]
    assert [experienced.verdict(one, NO_PAST) for one in entries] == asked_first
