"""`hub`: run the centre's hub, invite a station to it, move its journal."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli import safekeeping
from workstation.cli.nodes import stop_signals, wait
from workstation.cli.refusing import refuse
from workstation.cli.spaces import known_space
from workstation.cli.terms import print_json
from workstation.domain.clock import WallClock
from workstation.domain.errors import KnownError
from workstation.hub.api import LOOPBACK, Setting
from workstation.hub.exchange import Hub
from workstation.hub.invitations import Invitations
from workstation.hub.logs import log_json
from workstation.hub.migration import to_file, to_shared
from workstation.hub.server import HubServer, TlsFiles
from workstation.journal.places import is_shared
from workstation.reactions.disuse import Disuse
from workstation.reactions.roots import DailyRoot
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import is_loopback

HUB_FOLDER = Path("hub")


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(invoke_without_command=True)
    group.callback()(hub)
    safekeeping.join(group)
    group.command("migrate")(migrate)
    group.command("refuse")(refuse)
    app.add_typer(group, name="hub")


def hub(  # noqa: PLR0913  a command's options
    context: typer.Context,
    space: Annotated[Path, typer.Option("--space", help="Folder of the hub's space")] = HUB_FOLDER,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8710,
    invite: Annotated[str, typer.Option("--invite", help="Print a one-time code for this station and end")] = "",
    region: Annotated[str, typer.Option("--region", help="Region code the invited station works for")] = "990100",
    cert: Annotated[Path | None, typer.Option("--cert", help="TLS certificate, PEM; else one is made")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Its private key, PEM")] = None,
    tls: Annotated[bool | None, typer.Option(help="TLS; the default but on loopback")] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Let --no-tls be on another address too")] = False,
    metrics_for: Annotated[
        list[str] | None, typer.Option("--metrics-for", help="Network that may read /metrics, besides this machine")
    ] = None,
    database: Annotated[
        str, typer.Option("--database", envvar="WORKSTATION_DATABASE", help="postgresql:// URL that hubs share; kept")
    ] = "",
    log_lines: Annotated[bool, typer.Option("--log-json", help="Log as lines of JSON")] = False,
) -> None:
    """Run the hub, or invite a station to it."""
    if context.invoked_subcommand:
        return
    if log_lines:
        log_json()
    place = Space.at(space, "HUB")
    if database:
        place.share(database)
    if invite:
        invitations = Invitations(place.folder / "keys" / "invitations.json")
        typer.echo(invitations.invite(invite, region, WallClock().now()))
        return
    if (cert is None) != (key is None):
        raise typer.BadParameter("--cert and --key go together")
    speaks_tls = tls if tls is not None else bool(cert) or not is_loopback(host)
    if not (speaks_tls or insecure or is_loopback(host)):
        raise KnownError(f"{host}: not without TLS; say --insecure if the network is one nobody else hears")
    setting = Setting(metrics_for=(*LOOPBACK, *(_network(one) for one in metrics_for or ())))
    with _running(place) as heart:
        files = (
            TlsFiles(cert, key) if cert and key else TlsFiles.own(heart, [host, "localhost"]) if speaks_tls else None
        )
        _serve(HubServer(Hub(heart), host, port, setting, files), space)


def migrate(
    source: Annotated[str, typer.Argument(help="The hub's space, or the postgresql:// URL its journal lies at")],
    target: Annotated[str, typer.Argument(help="The URL of an empty database, or the hub's space")],
) -> None:
    """Move a hub's journal to PostgreSQL or back, while no hub runs over it, and prove that it is the same."""
    if is_shared(source) == is_shared(target):
        raise typer.BadParameter("one of the two is the folder of the space, the other a postgresql:// URL")
    if is_shared(target):
        moved = to_shared(known_space(Path(source)), target, WallClock())
    else:
        moved = to_file(known_space(Path(target)), source)
    print_json({"entries": moved.entries, "digest": moved.digest})


@contextmanager
def _running(space: Space) -> Iterator[Station]:
    heart = Station(space, WallClock(), Parts(reactions=[DailyRoot(space.station), Disuse()]))
    heart.start()
    try:
        yield heart
    finally:
        heart.stop()


def _serve(server: HubServer, space: Path) -> None:
    """Until the process is told to end."""
    stopped = stop_signals()
    print_json({"url": server.start(), "space": str(space)})
    wait(stopped)
    server.stop()


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        raise typer.BadParameter(f"--metrics-for: {error}") from error
