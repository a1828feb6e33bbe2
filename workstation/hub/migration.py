"""A hub's journal moved between the file in its space and a PostgreSQL database, while no hub runs over it."""

from workstation.domain.clock import Clock
from workstation.journal.moving import Moved, MoveError, move
from workstation.journal.places import Shared
from workstation.station import Space


def to_shared(space: Space, url: str, clock: Clock) -> Moved:
    """Move the journal from its file to the database at `url`. The file is kept, under a name that nothing opens."""
    if space.place != space.journal or not space.journal.is_file():
        raise MoveError(f"{space.folder} has no journal in a file")
    moved = move(space.journal, Shared(url, space.journal))
    space.journal.rename(space.folder / f"journal.moved-{clock.now():%Y%m%dT%H%M%S}.sqlite")
    space.share(url)
    return moved


def to_file(space: Space, url: str) -> Moved:
    """Move the journal from the database at `url` to the file of its space. The database is kept, and not opened."""
    if space.place != Shared(url, space.journal):
        raise MoveError(f"{space.folder} has its journal elsewhere")
    moved = move(space.place, space.journal)
    space.share_no_more()
    return moved
