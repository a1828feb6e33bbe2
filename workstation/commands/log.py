"""A free line of the operations log, with or without an incident."""

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Log


def write_log(text: str, incident: str | None = None) -> Command:
    """Write a line. Refused: `log.text` for an empty one."""

    def command(seat: Seat) -> Draft:
        if not text.strip():
            raise Refused("log.text")
        line = Log(id=f"log:{seat.new_id()}", incident=incident, at=seat.now, author=seat.author, text=text.strip())
        return Draft(seat.author, "log.write", changes_of(line), reason=text.strip(), scope=seat.scope)

    return command
