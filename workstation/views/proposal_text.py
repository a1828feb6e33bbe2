"""What was proposed, in words: the act, its level, and the incidents it is about by number and title."""

from collections.abc import Mapping, Sequence

from workstation.commands.proposal import is_proposal
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Approval, Incident
from workstation.situation import Situation
from workstation.views.ages import short_time
from workstation.views.columns import NameOf, title_of, word
from workstation.words import t


def incidents_of(situation: Situation, asked: Sequence[Approval]) -> dict[str, Incident]:
    """The incidents that proposals are about, by id."""
    about = {name for one in asked if is_proposal(one) for name in _about(one)}
    return situation.these(Incident, about) if about else {}


def is_for(one: Approval, incidents: Mapping[str, Incident]) -> bool:
    """Whether somebody who sees these incidents so may read a request: not a proposal about one closed to them."""
    return not is_proposal(one) or not any(isinstance(incidents.get(name), ClosedIncident) for name in _about(one))


def named(incidents: Mapping[str, Incident], name_of: NameOf) -> dict[str, str]:
    """Number and title of incidents, by id."""
    return {one.id: " ".join(filter(None, (one.number, title_of(one, name_of)))) for one in incidents.values()}


def proposed_text(one: Approval, names: Mapping[str, str]) -> str:
    """An act and what it is about: the incidents by these names, of one not known here its id."""
    told = " → ".join(names.get(name, name) for name in _about(one))
    return " · ".join(filter(None, (_act(one), told)))


def waiting_text(one: Approval) -> str:
    """A proposal that waits, told beside its incident: the act, by whom, since when and why, and until when."""
    by, since, until = one.asked_by or t("unknown"), short_time(one.asked_at), short_time(one.expires_at)
    return t("proposal.waiting", what=_act(one), by=by, since=since, why=one.reason or "", until=until)


def _act(one: Approval) -> str:
    act, wanted = word("act", one.act), (one.object or "").rpartition(" ")[2]
    return f"{act} {word('severity', wanted)}" if one.act == "incident.level.set" else act


def _about(one: Approval) -> list[str]:
    """The incidents an act is about, the one that it changes first."""
    first, _, second = (one.object or "").rpartition(" ")
    if one.act == "report.unmerge":
        return [one.incident] if one.incident else []
    return [first, second] if one.act == "incident.merge" else [first]
