"""A person at the page of one incident: the page, its buttons, and what is said when asked."""

from tests.desks import Room, visible
from workstation.views.labels import Action


class Answers:
    """What the person says when asked, and what they were asked."""

    def __init__(self) -> None:
        self.said, self.chosen, self.asked, self.offered = "", 0, [], []

    def text(self, parent: object, title: str, label: str) -> tuple[str, bool]:
        self.asked.append(label)
        return self.said, bool(self.said)

    def item(self, parent: object, title: str, label: str, choices: list[str], *rest: object) -> tuple[str, bool]:
        self.asked.append(label)
        self.offered = choices
        return choices[self.chosen], True


def page(room: Room, incident: str = "i1") -> None:
    room.until(lambda: room.window.snapshot.queue)
    room.turn_to(incident)


def button(room: Room, words: str) -> Action:
    """The button of the incident's page that says so."""
    [found] = [one for one in visible(room.window.incident, Action) if one.accessibleName() == words]
    return found


def click(room: Room, words: str) -> None:
    button(room, words).click()
