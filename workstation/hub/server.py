"""A hub answering on an address, over HTTP or TLS, in a thread of its own."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn

from workstation.domain.errors import KnownError
from workstation.hub.api import Api, Setting
from workstation.hub.door import door
from workstation.hub.doorbell import Doorbell
from workstation.hub.exchange import Hub
from workstation.hub.timed import Timed
from workstation.journal import Journal
from workstation.security.certificates import self_made
from workstation.security.keys import write_private
from workstation.station import Station


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """A certificate, or a chain of them, and its private key, as PEM files."""

    certificate: Path
    key: Path

    @classmethod
    def own(cls, station: Station, hosts: list[str]) -> "TlsFiles":
        """The hub's self-made certificate, kept with its keys; made when there is none yet."""
        keys = station.space.folder / "keys"
        files = cls(keys / "hub.pem", keys / "hub-tls.key")
        if not files.certificate.is_file():
            certificate, key = self_made(hosts, station.clock.now())
            write_private(files.key, key)
            files.certificate.write_text(certificate, encoding="ascii")
        return files


class HubServer:
    """Give it a hub and where to listen; with `tls` it speaks TLS and shows that certificate."""

    def __init__(
        self, hub: Hub, host: str, port: int, setting: Setting | None = None, tls: TlsFiles | None = None
    ) -> None:
        setting = setting or Setting()
        if tls is not None:
            setting = replace(setting, certificate=_read(tls.certificate))
        self._doorbell = Doorbell(lambda: hub.station.ask(_newest))
        self.api = Api(hub, self._doorbell, setting)
        config = uvicorn.Config(
            Timed(self.api.app(), hub.station.clock),
            host=host,
            port=port,
            http=door(setting.limits),
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
            lifespan="off",
            ssl_certfile=str(tls.certificate) if tls else None,
            ssl_keyfile=str(tls.key) if tls else None,
        )
        self._scheme = "https" if tls else "http"
        try:
            config.load()
        except OSError as error:
            raise KnownError(f"{tls.certificate if tls else ''}: no usable certificate and key: {error}") from error
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="hub", daemon=True)
        self._host = host

    def start(self) -> str:
        """Begin to answer; the URL. Raises KnownError when the address cannot be had."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise KnownError(f"the hub cannot listen on {self._host}:{self._server.config.port}")
            self._thread.join(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"{self._scheme}://{self._host}:{port}"

    def stop(self) -> None:
        self._doorbell.close()
        self._server.should_exit = True
        self._thread.join()


def _newest(journal: Journal) -> int:
    return journal.exchange.end()


def _read(certificate: Path) -> str:
    try:
        return certificate.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise KnownError(f"{certificate}: no certificate in PEM: {error}") from error
