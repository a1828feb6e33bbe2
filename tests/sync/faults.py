"""Things that stand where a hub should: each a real listener on loopback that misbehaves in one way."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Act = Callable[[socket.socket], None]
TODAY = datetime.now(UTC)


@dataclass
class Stand:
    """Where it listens, and how many have called."""

    url: str
    calls: list[int] = field(default_factory=list)


@contextmanager
def standing(act: Act, context: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Stand]:
    """A listener that does `act` with everybody who connects; connections stay open until the end."""
    listener = socket.create_server(("127.0.0.1", port))
    scheme = "https" if context else "http"
    stand = Stand(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
    opened: list[socket.socket] = []
    talkers: list[threading.Thread] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                stand.calls.append(1)
                opened.append(line)
                talkers.append(threading.Thread(target=talk, args=(line,), daemon=True))
                talkers[-1].start()

    def talk(line: socket.socket) -> None:
        with suppress(OSError):
            if context is not None:
                line = context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
                opened.append(line)
                line.do_handshake()
            act(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield stand
    finally:
        _hang_up(listener)
        listener.close()
        thread.join()
        for one in [*opened]:
            _hang_up(one)
        for talker in talkers:
            talker.join()
        for one in opened:
            one.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def silent(line: socket.socket) -> None:
    """Accepts, reads and never answers."""
    while line.recv(65536):
        pass


def saying(answer: bytes, *, hold: bool = False) -> Act:
    """Answers each request with these very bytes, and hangs up unless told to `hold` the line."""

    def act(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(answer)
        if hold:
            silent(line)
        line.shutdown(socket.SHUT_RDWR)
        line.close()

    return act


def http(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """An answer; `length` promises another length than it has."""
    size = len(body) if length is None else length
    head = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {size}", "Connection: close")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Authority:
    """One that issues certificates, known to those who are given its file."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls, name: str = "City") -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, _certificate((name, name), key, key, (TODAY - timedelta(9), TODAY + timedelta(9)), ""))

    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def server(self, folder: Path, host: str, begin: int = -1, end: int = 1) -> ssl.SSLContext:
        """A server's TLS side, its certificate valid between two days counted from today."""
        key = ec.generate_private_key(ec.SECP256R1())
        days = (TODAY + timedelta(begin), TODAY + timedelta(end))
        name = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        made = _certificate(("hub", str(name)), key, self.key, days, host)
        file = folder / "server.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + made.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _certificate(
    names: tuple[str, str],
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    days: tuple[datetime, datetime],
    host: str,
) -> x509.Certificate:
    subject, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in names)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(days[0]).not_valid_after(days[1])
    made = made.add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
    if host:
        address = x509.IPAddress(ip) if (ip := _address(host)) else x509.DNSName(host)
        made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return made.sign(signer, SHA256())


def _address(host: str):
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    return None
