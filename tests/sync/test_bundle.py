"""Bundles between real stations: what is carried, what is refused, what a cut or a killed import leaves."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hubs import digest, entries, write_incident
from tests.stations import known
from tests.sync.offline import house, office_of
from workstation.attachments import Shelf
from workstation.attachments.taking import take_file
from workstation.commands.attachment import attach
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.security.boxing import box, unbox
from workstation.security.keys import Identity
from workstation.station import Parts, Space, Station
from workstation.sync.bundle import Carrier, import_bundle
from workstation.sync.bundle_file import BundleError
from workstation.sync.bundle_writing import Order, export_bundle

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 1200


def carrier(station: Station) -> Carrier:
    space = station.space
    return Carrier(station, space.identity(), space.sealer(), Shelf(space.attachments))


def carried(writer: Station, taker: Station, stick, order: Order | None = None):
    export_bundle(carrier(writer), stick, order or Order((taker.name,)))
    return import_bundle(carrier(taker), stick)


def titles(station: Station) -> list[str | None]:
    return [one.title for one in known(station, Incident, order="id")]


@pytest.fixture
def trio(tmp_path, clock):
    """A hub and two offices that are let in, and from then on without any line; each knows the other's name."""
    hub = house(tmp_path, clock)
    offices = [office_of(hub, tmp_path, code) for code in ("ZX", "JD03")]
    for office in offices:
        carried(hub, office, tmp_path / "first")
    yield hub, *offices
    for station in (hub, *offices):
        station.stop()


def test_a_stick_brings_an_office_s_entries_to_the_hub_and_a_second_time_nothing(trio, tmp_path):
    hub, _, street = trio
    write_incident(street, "i1", title="积水")
    taken = carried(street, hub, tmp_path / "stick")
    assert (taken.writer, taken.entries, taken.is_whole) == ("JD03", 1, True)
    assert digest(hub) == digest(street)
    before = entries(hub), digest(hub)
    assert import_bundle(carrier(hub), tmp_path / "stick").entries == 0
    assert (entries(hub), digest(hub)) == before


def test_an_office_s_entries_reach_the_hub_and_the_hub_s_the_office_through_a_third(trio, tmp_path):
    hub, centre, street = trio
    write_incident(street, "i1", title="积水")
    write_incident(hub, "i2", title="停电")
    carried(street, centre, tmp_path / "one")
    carried(centre, hub, tmp_path / "two")
    carried(hub, centre, tmp_path / "three")
    carried(centre, street, tmp_path / "four")
    assert titles(hub) == titles(centre) == titles(street) == ["积水", "停电"]
    assert digest(hub) == digest(street)


def test_what_the_taker_is_known_to_hold_is_not_written_again(trio, tmp_path):
    hub, _, street = trio
    write_incident(street, "i1", title="积水")
    carried(street, hub, tmp_path / "there")
    carried(hub, street, tmp_path / "back")
    assert export_bundle(carrier(street), tmp_path / "again", Order()).entries == 0
    assert export_bundle(carrier(street), tmp_path / "again", Order(whole=True)).entries == entries(street)


def test_a_photograph_goes_along_and_arrives_as_it_was(trio, tmp_path):
    hub, _, street = trio
    write_incident(street, "i1", title="积水", state="responding")
    photo = take_file(BytesIO(PHOTO), "1.jpg", Shelf(street.space.attachments), street.space.sealer(), personal=False)
    street.submit(attach(photo, "i1"), "wang", "officer").result()
    assert carried(street, hub, tmp_path / "stick").files == 1
    assert b"".join(Shelf(hub.space.attachments).clear(photo.manifest.sha256, None)) == PHOTO
    assert import_bundle(carrier(hub), tmp_path / "stick").files == 0


def test_what_the_taker_may_not_read_comes_as_its_header_and_the_rest_with_a_later_stick(trio, tmp_path):
    hub, centre, street = trio
    secret = Draft("wang", "incident.open", set_fields("incident", "i9", title="涉密"), data_class=4)
    street.write([secret]).result()
    carried(street, centre, tmp_path / "stick")
    assert titles(centre) == []
    assert entries(centre) == entries(street)
    hub.write([Draft("HUB", "station.level", set_fields("station", "ZX", level=4))]).result()
    carried(hub, street, tmp_path / "level")
    carried(street, centre, tmp_path / "later", Order(("ZX",), whole=True))
    assert titles(centre) == ["涉密"]


def test_what_a_bearer_withheld_is_asked_for_at_the_hub_and_what_the_hub_withheld_is_not(trio, tmp_path):
    hub, centre, street = trio
    for writer in (street, hub):
        secret = Draft("wang", "incident.open", set_fields("incident", f"i-{writer.name}", title="涉密"), data_class=4)
        writer.write([secret]).result()
        carried(writer, centre, tmp_path / "stick")
    assert [name for name, _ in centre.ask(lambda journal: journal.exchange.wanted()).result()] == ["JD03"]


def test_a_stick_for_another_station_is_named_as_that(trio, tmp_path):
    _, centre, street = trio
    export_bundle(carrier(street), tmp_path / "stick", Order(("HUB",)))
    with pytest.raises(BundleError, match="written for HUB"):
        import_bundle(carrier(centre), tmp_path / "stick")


def test_a_box_opens_for_the_station_it_was_shut_for_and_for_no_other():
    mine, other = Identity.create("ZX"), Identity.create("JD03")
    shut = box(mine.public, b"key of a section")
    assert unbox(mine, shut) == b"key of a section"
    with pytest.raises(ValueError, match="another station"):
        unbox(other, shut)


def test_a_stick_of_another_space_is_refused(trio, tmp_path, clock):
    _, _, street = trio
    other = house(tmp_path / "drill", clock)
    office = office_of(other, tmp_path / "drill", "JD03")
    export_bundle(carrier(office), tmp_path / "stick", Order())
    office.stop()
    other.stop()
    with pytest.raises(BundleError, match="foreign_space"):
        import_bundle(carrier(street), tmp_path / "stick")


def test_a_writer_the_hub_never_named_is_refused(trio, tmp_path, clock):
    hub, _, street = trio
    space = Space.found(tmp_path / "XX", "XX", street.space.sealer().space_key)
    stranger = Station(space, clock, Parts())
    stranger.start()
    stranger.ask(lambda journal: journal.pin_root(hub.space.identity().public)).result()
    export_bundle(carrier(stranger), tmp_path / "stick", Order())
    stranger.stop()
    with pytest.raises(BundleError, match="unknown_writer"):
        import_bundle(carrier(hub), tmp_path / "stick")


def test_a_station_that_was_shut_out_brings_nothing(trio, tmp_path, clock):
    hub, _, street = trio
    write_incident(street, "i1", title="积水")
    export_bundle(carrier(street), tmp_path / "stick", Order())
    hub.write([Draft("HUB", "station.revoke", set_fields("station", "JD03", revoked_at=clock.now()))]).result()
    with pytest.raises(BundleError, match="revoked"):
        import_bundle(carrier(hub), tmp_path / "stick")
    assert titles(hub) == []


def test_a_dry_run_says_what_would_come_and_takes_nothing(trio, tmp_path):
    hub, _, street = trio
    write_incident(street, "i1", title="积水")
    export_bundle(carrier(street), tmp_path / "stick", Order())
    assert import_bundle(carrier(hub), tmp_path / "stick", dry=True).entries == 1
    assert titles(hub) == []


class Killed(Exception):
    """The import ends here, as if the power had gone."""


def test_an_import_that_was_broken_off_goes_on_when_it_is_repeated(trio, tmp_path):
    hub, _, street = trio
    for number in range(6):
        write_incident(street, f"i{number}")
    export_bundle(carrier(street), tmp_path / "stick", Order(page=2))

    def gone(taken: int) -> None:
        if taken >= 3:
            raise Killed

    with pytest.raises(Killed):
        import_bundle(carrier(hub), tmp_path / "stick", told=gone)
    assert 0 < len(titles(hub)) < 6
    import_bundle(carrier(hub), tmp_path / "stick")
    assert digest(hub) == digest(street)


QUICK = settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(part=st.floats(0, 1, exclude_max=True))
def test_a_stick_cut_off_anywhere_brings_its_whole_pages_and_says_what_is_missing(trio, tmp_path, part):
    hub, _, street = trio
    while entries(street) < 12:
        write_incident(street, f"i{entries(street)}")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    promised = export_bundle(carrier(street), whole, Order(whole=True, page=2)).entries
    body = whole.read_bytes()
    cut.write_bytes(body[: int(len(body) * part)])
    before = entries(hub)
    with suppress(BundleError):  # cut off before its first page
        taken = import_bundle(carrier(hub), cut)
        assert not taken.is_whole
        assert entries(hub) == before + taken.entries
        assert taken.missing <= promised
    import_bundle(carrier(hub), whole)
    assert digest(hub) == digest(street)


@QUICK
@given(part=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_stick_altered_anywhere_brings_nothing_that_its_writer_did_not_sign(trio, tmp_path, part, bit):
    hub, _, street = trio
    if not titles(street):
        write_incident(street, "i1", title="积水")
        export_bundle(carrier(street), tmp_path / "whole", Order())
    body = bytearray((tmp_path / "whole").read_bytes())
    body[int(len(body) * part)] ^= 1 << bit
    (tmp_path / "altered").write_bytes(body)
    with suppress(BundleError):
        assert not import_bundle(carrier(hub), tmp_path / "altered").is_whole  # its length was altered: a cut
    assert set(titles(hub)) <= {"积水"}
