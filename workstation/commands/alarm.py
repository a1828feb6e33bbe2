"""What a person does with an alarm: to acknowledge it is to say "seen by me", and stops no clock."""

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Alarm


def acknowledge_alarm(alarm_id: str, note: str = "") -> Command:
    """Seen by the seat's author. An alarm that has returned already is cleared by it.

    Refused: `alarm.unknown`, `alarm.acknowledged_already` (by, at), `alarm.cleared_already`.
    """

    def command(seat: Seat) -> Draft:
        alarm = seat.situation.get(Alarm, alarm_id)
        if alarm is None or alarm.deleted:
            raise Refused("alarm.unknown", id=alarm_id)
        if alarm.state == "cleared":
            raise Refused("alarm.cleared_already", place=alarm.place or alarm_id)
        if alarm.state == "acknowledged":
            raise Refused("alarm.acknowledged_already", by=alarm.acknowledged_by or "")
        seen: dict[str, object] = {"acknowledged_at": seat.now, "acknowledged_by": seat.author, "state": "acknowledged"}
        if alarm.state == "returned":
            seen |= {"state": "cleared", "cleared_at": seat.now}
        return Draft(
            seat.author,
            "alarm.acknowledge",
            set_fields("alarm", alarm_id, **seen),
            reason=note.strip(),
            scope=seat.scope,
        )

    return command
