"""Facts of an incident in words: its level, the people harmed, and what is near."""

from datetime import datetime

from workstation.commands.proposal import is_waiting
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Incident
from workstation.views.ages import full_time
from workstation.views.columns import NameOf, kind_word, word
from workstation.views.proposal_text import waiting_text
from workstation.views.snapshot import Dossier
from workstation.views.suggestion import suggestion_text
from workstation.words import pick, t

FACTS = (
    *("number", "kind", "state", "level", "place", "street", "office", "opened", "people", "nearest", "suggested"),
    *("disputed", "proposed"),
)
COUNTED = ("deaths", "missing", "injured", "trapped", "evacuated")


def facts_of(dossier: Dossier, name_of: NameOf, now: datetime) -> dict[str, str]:
    """Each of `FACTS` in words; empty where there is nothing to be said."""
    incident = dossier.incident
    return {
        "number": incident.number or incident.id,
        "kind": kind_word(incident.type),
        "state": state_text(incident, dossier.into),
        "level": level_text(incident),
        "place": name_of(incident.place),
        "street": name_of(incident.street),
        "office": name_of(incident.office),
        "opened": full_time(incident.opened_at),
        "people": people_text(incident),
        "nearest": nearest_text(incident),
        "suggested": " / ".join(suggestion_text(run) for run in dossier.runs) or t("desk.no_suggestion"),
        "disputed": ", ".join(word("desk.field", name) for name in sorted(dossier.disputed)),
        "proposed": " / ".join(waiting_text(one) for one in dossier.proposals if is_waiting(one, now)),
    }


def level_text(incident: Incident) -> str:
    if isinstance(incident, ClosedIncident):
        return t("unknown")
    return word("severity", incident.level) if incident.level else t("desk.level_not_set")


def state_text(incident: Incident, into: Incident | None) -> str:
    """Its state; of one that was merged `into` another that is known here, into which."""
    said = word("incident.state", incident.state)
    return said if into is None else t("desk.merged_into", state=said, number=into.number or into.id)


def people_text(incident: Incident) -> str:
    counts = {name: getattr(incident, name) for name in COUNTED}
    return t("document.casualties_line", **{name: t("unknown") if n is None else n for name, n in counts.items()})


def nearest_text(incident: Incident) -> str:
    """The nearest of each kind of facility with its distance, the closest first."""
    found = []
    for category, one in (incident.nearest or {}).items():
        if isinstance(one, dict) and isinstance(one.get("metres", one.get("distance_m")), int | float):
            metres = float(one.get("metres", one.get("distance_m")))  # type: ignore[arg-type]
            name = pick(str(one.get("name_zh") or ""), str(one.get("name_en") or "")) or category
            found.append((metres, f"{name} {metres:.0f} m"))
    return " · ".join(text for _, text in sorted(found)[:4]) or t("unknown")
