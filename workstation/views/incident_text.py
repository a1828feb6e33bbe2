"""Facts of an incident in words: its level, the people harmed, and what is near."""

from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Incident
from workstation.situation import Situation
from workstation.views.columns import word
from workstation.words import pick, t

COUNTED = ("deaths", "missing", "injured", "trapped", "evacuated")


def level_text(incident: Incident) -> str:
    if isinstance(incident, ClosedIncident):
        return t("unknown")
    return word("severity", incident.level) if incident.level else t("desk.level_not_set")


def state_text(incident: Incident, situation: Situation) -> str:
    """Its state; of one that was merged into another that is known here, into which."""
    said = word("incident.state", incident.state)
    is_merged = incident.state == "merged" and incident.merged_into is not None
    into = situation.get(Incident, incident.merged_into or "") if is_merged else None
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
