"""The hub over TLS: a certificate it makes itself, which stations come to know when they enrol, and no other."""

import json
import socket
import ssl
import stat
from datetime import UTC, datetime

import pytest

from tests.hubs import enrolled_station, entries, linked, running_hub, until, write_incident
from tests.sync.faults import Authority, http, saying, standing
from workstation.hub.server import TlsFiles
from workstation.security.certificates import fingerprint, self_made
from workstation.security.enrolment import seal_answer
from workstation.security.keys import Identity
from workstation.sync.enrolling import Insecure, enrol
from workstation.sync.hub_address import HubAddress
from workstation.wire import WireError


def test_a_station_enrols_over_tls_and_syncs_with_the_certificate_it_was_told(tmp_path, clock):
    with running_hub(tmp_path, clock, tls=True) as (hub, url):
        assert url.startswith("https://")
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        kept = HubAddress.read(office.space.hub_file)
        assert fingerprint(kept.certificate) == fingerprint((tmp_path / "HUB/keys/hub.pem").read_text())
        with linked(office) as link:
            write_incident(office, "i1")
            until(lambda: entries(hub.station) == 2 and link.state.state == "online")
            until(lambda: link.state.news == "stream")
        office.stop()


def test_another_certificate_at_the_hubs_address_is_not_believed(tmp_path, clock):
    with running_hub(tmp_path, clock, tls=True) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
    impostor = Authority.create().server(tmp_path, "127.0.0.1")
    with standing(saying(http("200 OK")), impostor) as stand, linked(office, stand.url) as link:
        until(lambda: link.state.reason == "certificate_untrusted")
    office.stop()


def test_who_sits_between_cannot_show_a_certificate_of_his_own_at_enrolment(tmp_path):
    """He passes the hub's sealed answer on, but the hub's key vouches for another certificate than he shows."""
    code, street = "ABCD-EFGH-JKLM-NPQR", Identity.create("JD03")
    hub = Identity.create("HUB")
    certificate, _ = self_made(["127.0.0.1"], datetime.now(UTC))
    sealed = seal_answer(code, "JD03", f'{{"hub": "{hub.public.hex()}", "space": "{bytes(32).hex()}"}}'.encode())
    vouched = hub.sign(f"hub certificate JD03 {fingerprint(certificate)}".encode()).hex()
    body = f'{{"answer": "{sealed}", "certificate": {json.dumps(certificate)}, "signature": "{vouched}"}}'.encode()
    with (
        standing(saying(http("200 OK", body)), Authority.create().server(tmp_path, "127.0.0.1")) as stand,
        pytest.raises(WireError, match="not the one the hub vouches for"),
    ):
        enrol(stand.url, code, street)


def test_the_hub_keeps_the_certificate_it_made_and_its_key_from_other_eyes(tmp_path, clock):
    with running_hub(tmp_path, clock, tls=True) as (hub, _):
        again = TlsFiles.own(hub.station, ["elsewhere"])
        assert stat.S_IMODE(again.key.stat().st_mode) == 0o600
        before = again.certificate.read_text()
    with running_hub(tmp_path, clock, tls=True):
        assert again.certificate.read_text() == before


def test_a_station_does_not_speak_to_another_machine_without_tls():
    with pytest.raises(Insecure, match="--insecure"):
        enrol("http://hub.example:8710", "ABCD-EFGH-JKLM-NPQR", Identity.create("JD03"))


def test_old_tls_is_not_spoken(tmp_path, clock):
    with running_hub(tmp_path, clock, tls=True) as (_, url):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port)) as line:
            context.wrap_socket(line)
