"""What an incident is called: of place and kind, in whichever language it is read."""

from collections.abc import Callable

from workstation.domain.records import Incident
from workstation.intake.rules import kinds
from workstation.words import LANGUAGES, tell

MAX_TITLE = 60
NameOf = Callable[[str], str]


def made_title(language: str, place: str, kind: str) -> str:
    """The title of a kind of incident (N02) at a place. Raises KeyError for a kind the table lacks."""
    name = kinds()[kind].short[LANGUAGES.index(language)]
    return tell(language, "intake.title", place=place, kind=name)[:MAX_TITLE]


def title_in(language: str, incident: Incident, name_of: NameOf) -> str:
    """An incident's title; one that was made of place and kind is said anew in the language asked for.

    `name_of` gives a place's name in that language. What a person has called it stays as it is.
    """
    kind, place, title = incident.type, incident.place, incident.title
    if not title:
        return incident.number or incident.id
    if kind not in kinds() or kind is None or place is None:
        return title
    is_made = any(title == made_title(one, place, kind) for one in LANGUAGES)
    return made_title(language, name_of(place), kind) if is_made else title
