"""From a playbook to the steps of a run: which apply at a level, by when, and what their conditions say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Incident, Run, Step
from workstation.playbooks.expressions import Facts, Truth
from workstation.playbooks.facts import IncidentFacts
from workstation.playbooks.library import Ready, condition
from workstation.playbooks.schema import StepPlan

YELLOW, RED, ESCALATED = "yellow", "red", "escalated"
SYSTEM = "SYSTEM"
OPEN_STEPS = ("active", "first_confirmed", "waiting", "unknown")


@dataclass(frozen=True, slots=True)
class Clocks:
    """T0: the first word of the incident; TA: the activation of the run."""

    t0: datetime
    ta: datetime

    def due(self, plan: StepPlan, level: str) -> datetime | None:
        """When a step is due; None while the moment its clock begins at has not come."""
        start = {"T0": self.t0, "TA": self.ta}.get(plan.clock)
        return None if start is None else start + timedelta(minutes=plan.due_at(level))


def planned_steps(ready: Ready, run: Run, level: str, clocks: Clocks, facts: Facts) -> Iterator[Step]:
    """The steps that a response level calls for, in order. A condition not known leaves the step to a person."""
    for position, plan in enumerate(ready.steps):
        if plan.applies(level):
            yield _step(plan, run, position, clocks.due(plan, level), facts)


def _step(plan: StepPlan, run: Run, position: int, due: datetime | None, facts: Facts) -> Step:
    truth = truth_of(plan, facts)
    return Step(
        id=f"{run.id}:{plan.id}",
        run=run.id,
        incident=run.incident,
        step=plan.id,
        position=position,
        title_zh=plan.do.zh,
        title_en=plan.do.en,
        role=plan.role,
        mode=plan.mode,
        condition=word_of(truth),
        state="waiting" if due is None else state_of(truth),
        due_at=due,
        planned_at=due,
        overrun="none",
    )


def repeated(plan: StepPlan, done: Step, level: str, now: datetime) -> Step | None:
    """The next turn of a step that repeats, after one was done; None for one that does not."""
    minutes = plan.repeats(level)
    if minutes is None or not done.run:
        return None
    turn = int(done.id.rsplit("#", 1)[1]) if "#" in done.id else 1
    due = now + timedelta(minutes=minutes)
    return Step(
        id=f"{done.run}:{plan.id}#{turn + 1}",
        run=done.run,
        incident=done.incident,
        step=plan.id,
        position=done.position,
        title_zh=plan.do.zh,
        title_en=plan.do.en,
        role=plan.role,
        mode=plan.mode,
        condition="true",
        state="active",
        due_at=due,
        planned_at=due,
        overrun="none",
    )


def truth_of(plan: StepPlan, facts: Facts) -> Truth:
    """What the step's condition says; True for a step without one."""
    return True if plan.if_ is None else condition(plan.if_).judge(facts)


def word_of(truth: Truth) -> str:
    return {True: "true", False: "false", None: "unknown"}[truth]


def state_of(truth: Truth) -> str:
    return {True: "active", False: "not_applicable", None: "unknown"}[truth]


def overrun_of(step: Step, started: datetime, now: datetime) -> str:
    """none; yellow from the due time; red half the span later; escalated a whole span later.

    The span runs from the start of the step's clock to its due time, and counts as a minute at least.
    """
    if step.due_at is None or now < step.due_at:
        return "none"
    span = max(step.due_at - started, timedelta(minutes=1))
    late = now - step.due_at
    if late >= span:
        return ESCALATED
    return RED if late >= span / 2 else YELLOW


def escalated_to(plan: StepPlan | None) -> str | None:
    """Who hears of a step that nobody did: the first of its `esc`, the supervisor where it names none."""
    if plan is None:
        return None
    return plan.esc[0] if plan.esc else "SUP"


def run_id(playbook: str, incident: str) -> str:
    """One playbook runs once for an incident, whoever starts it."""
    return f"run:{playbook}:{incident}"


def suggestion(ready: Ready, incident: Incident, facts: IncidentFacts, author: str, now: datetime) -> Draft:
    """The draft that speaks for a playbook: at which level, and from which values of now. A person starts it."""
    level, inputs = ready.suggested(facts), facts.as_inputs(ready.names)
    run = replace(_run(ready, incident, author), suggested=level, inputs=inputs, judged_at=now, state="suggested")
    return Draft(author, "run.suggest", changes_of(run), scope=incident.street or "", cause=incident.id)


def started(ready: Ready, incident: Incident, suggested: str | None, author: str, now: datetime) -> Draft:
    """The draft that starts a playbook for an incident; the steps follow from it."""
    run = replace(_run(ready, incident, author), suggested=suggested, state="running", started_at=now)
    return Draft(author, "run.start", changes_of(run), scope=incident.street or "", cause=incident.id)


def _run(ready: Ready, incident: Incident, author: str) -> Run:
    """The run of a playbook for an incident, whatever becomes of it."""
    return Run(
        id=run_id(ready.id, incident.id),
        playbook=ready.id,
        version=ready.plan.version,
        incident=incident.id,
        trigger=author,
    )


def automatic(step: Step, now: datetime) -> Step:
    """A step as it is planned; one the machine may do alone is done at once."""
    if step.mode != "auto" or step.state != "active":
        return step
    return replace(step, state="done", done_by=SYSTEM, done_at=now)


def machine_done(now: datetime) -> dict[str, object]:
    """The fields of a step that the machine did when its time came."""
    return {"state": "done", "done_by": SYSTEM, "done_at": now}
