"""What stood in the way of a request, by name: the name service, the line, a proxy, the certificate, half an answer.

Libraries wrap the cause several times over, each in its own way; what the operating system or TLS said first decides.
"""

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

DNS, CLOSED, UNREACHABLE, SILENT, CUT_OFF = "dns", "closed", "unreachable", "silent", "cut_off"
PROXY, ADDRESS, TLS = "proxy", "address", "tls"
EXPIRED, NOT_YET = "certificate_expired", "certificate_not_yet"
WRONG_HOST, UNTRUSTED = "certificate_host", "certificate_untrusted"
_CERTIFICATE = {10: EXPIRED, 9: NOT_YET, 62: WRONG_HOST, 64: WRONG_HOST}
"""OpenSSL's verification codes: X509_V_ERR_CERT_HAS_EXPIRED, _NOT_YET_VALID, HOSTNAME_MISMATCH, IP_ADDRESS_MISMATCH."""
_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationParseError,
)
_SILENT = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)
_CUT_OFF = (
    ConnectionResetError,
    BrokenPipeError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.ProtocolError,
    ssl.SSLEOFError,
)
_NAMES = (
    (_BAD_ADDRESS, ADDRESS, "not an address that can be fetched"),
    ((requests.exceptions.ProxyError, urllib3.exceptions.ProxyError), PROXY, "the proxy does not let us through"),
    ((socket.gaierror, urllib3.exceptions.NameResolutionError), DNS, "the name cannot be resolved"),
    ((ConnectionRefusedError,), CLOSED, "cannot be reached: nobody listens there"),
    (_SILENT, SILENT, "no answer in time"),
    (_CUT_OFF, CUT_OFF, "the answer broke off"),
    ((ssl.SSLError, requests.exceptions.SSLError), TLS, "no secure connection"),
    ((requests.ConnectionError, OSError), UNREACHABLE, "cannot be reached"),
)


def fault_of(error: Exception) -> tuple[str, str]:
    """The kind of failure and a short reason."""
    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return _CERTIFICATE.get(one.verify_code, UNTRUSTED), f"certificate: {one.verify_message}"
    for kinds, name, reason in _NAMES:
        if any(isinstance(one, kinds) for one in chain):
            return name, reason
    return CUT_OFF, f"the answer broke off: {type(error).__name__}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was raised from or wraps, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
