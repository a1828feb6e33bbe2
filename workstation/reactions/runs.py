"""Playbook runs: suggested by their trigger, moved on by what people do, watched for what they do not do in time.

Automatic steps are what a machine may do alone (open panels, compute, log); all else waits for a person. Ids come from
playbook, incident and step, so that two stations that come to the same conclusion speak of the same record.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, differences, set_fields
from workstation.domain.entry import Entry
from workstation.domain.observation import Observation
from workstation.domain.records import Incident, Run, Step, Task
from workstation.playbooks.facts import IncidentFacts, Scene
from workstation.playbooks.library import Library, Ready
from workstation.playbooks.planning import (
    OPEN_STEPS,
    Clocks,
    automatic,
    escalated_to,
    machine_done,
    overrun_of,
    planned_steps,
    repeated,
    state_of,
    suggestion,
    truth_of,
    word_of,
)
from workstation.situation import Situation

AUTHOR = "rule:playbook"
LIVE = ("reported", "verified", "responding", "controlled")
JUDGE_EVERY = timedelta(seconds=20)
AT_ONCE = 100
"""Incidents judged in one tick: a city in a storm has thousands open, and the station has other work between them."""
LIGHTEST = "IV"


class Case(NamedTuple):
    """An incident, and what is known about it at a moment."""

    incident: Incident
    facts: IncidentFacts
    now: datetime


@dataclass(slots=True)
class Runs:
    """The rule of the station that holds the duty. `latest` gives the newest measurement of every sensor."""

    library: Library
    latest: Callable[[], Mapping[str, Observation]]
    _judged: datetime | None = None
    _scene: Scene | None = None
    _to_judge: list[str] = field(default_factory=list)
    _quiet_since: dict[str, datetime] = field(default_factory=dict)

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]:
        """What follows from what was just decided: a started run has steps, a step done comes round again."""
        drafts: list[Draft] = []
        for kind, record_id in dict.fromkeys((change.kind, change.id) for change in entry.changes):
            if kind == "task":
                drafts += self._task_done(situation, situation.get(Task, record_id))
            elif kind == "step":
                drafts += self._step_done(situation, record_id, entry, now)
            elif kind == "run":
                drafts += self._run_started(situation, record_id, entry, now)
            elif kind == "incident":
                drafts += self._level_changed(situation, record_id, entry, now)
        return drafts

    def tick(self, situation: Situation, now: datetime) -> list[Draft]:
        """Deadlines on every tick; triggers, conditions and stops a few times a minute."""
        drafts = [*self._answered(situation), *self._overruns(situation, now)]
        if not self._to_judge and (self._judged is None or now - self._judged >= JUDGE_EVERY):
            self._judged = now
            self._to_judge = situation.ids(Incident, state=LIVE)
            self._scene = Scene(situation, self.latest(), now) if self._to_judge else None
        if self._scene is not None:
            self._to_judge, some = self._to_judge[AT_ONCE:], self._to_judge[:AT_ONCE]
            drafts += self._judge(situation, self._scene, some, now)
            self._scene = self._scene if self._to_judge else None
        return drafts

    def _case(self, situation: Situation, incident: Incident, now: datetime) -> Case:
        return Case(incident, Scene(situation, self.latest(), now).facts(incident), now)

    def _judge(self, situation: Situation, scene: Scene, incidents: list[str], now: datetime) -> Iterator[Draft]:
        running = {(run.playbook, run.incident): run for run in situation.find(Run, incident=incidents)}
        for incident in situation.find(Incident, id=incidents, state=LIVE):
            fitting = self.library.fitting(incident.type)
            case = Case(incident, scene.facts(incident) if fitting else IncidentFacts(), now)
            for ready in fitting:
                run = running.get((ready.id, incident.id))
                if run is None:
                    if ready.is_triggered(case.facts):
                        yield suggestion(ready, incident, case.facts, AUTHOR, case.now)
                elif run.state != "stopped":
                    yield from self._moved(situation, ready, run, case)
                    if run.state == "running":  # a start whose steps were lost with the process gets them now
                        yield from self._steps(situation, ready, run, case)

    def _moved(self, situation: Situation, ready: Ready, run: Run, case: Case) -> Iterator[Draft]:
        """A run's new suggestion, steps whose condition became known, and whether it may stop."""
        facts = case.facts
        suggested = ready.suggested(facts) or run.suggested
        quiet = run.state == "running" and self._quiet(ready, run, facts, case.now)
        same = suggested == run.suggested
        inputs, at = (run.inputs, run.judged_at) if same else (facts.as_inputs(ready.names), case.now)
        fresh = replace(
            run, suggested=suggested, inputs=inputs, judged_at=at, stop_reason="stop_met" if quiet else run.stop_reason
        )
        if changes := differences(run, fresh):
            yield Draft(AUTHOR, "run.suggest", changes, cause=run.id)
        for step in situation.find(Step, run=run.id, state=("unknown", "not_applicable")):
            plan = ready.step(step.step or "")
            if plan is None or plan.if_ is None or step.done_by is not None:
                continue
            truth = truth_of(plan, facts)
            told = set_fields("step", step.id, condition=word_of(truth), state=state_of(truth))
            if word_of(truth) != step.condition and truth is not None:
                yield Draft(AUTHOR, "step.condition", told, reason=plan.if_, cause=run.id)

    def _quiet(self, ready: Ready, run: Run, facts: IncidentFacts, now: datetime) -> bool:
        if not ready.may_stop(facts):
            self._quiet_since.pop(run.id, None)
            return False
        since = self._quiet_since.setdefault(run.id, now)
        return now - since >= timedelta(minutes=ready.plan.stop.hold_min)

    def _run_started(self, situation: Situation, run_id: str, entry: Entry, now: datetime) -> Iterator[Draft]:
        run = situation.get(Run, run_id)
        ready = self.library.get(run.playbook if run else None)
        if entry.act != "run.start" or run is None or ready is None or not run.incident:
            return
        incident = situation.get(Incident, run.incident)
        if incident is not None:
            case = self._case(situation, incident, now)
            yield from self._steps(situation, ready, run, case)

    def _level_changed(self, situation: Situation, incident_id: str, entry: Entry, now: datetime) -> Iterator[Draft]:
        if not any(change.kind == "incident" and change.field == "level" for change in entry.changes):
            return
        incident = situation.get(Incident, incident_id)
        runs = situation.find(Run, incident=incident_id, state="running")
        if incident is None or not runs:
            return
        case = self._case(situation, incident, now)
        for run in runs:
            if ready := self.library.get(run.playbook):
                yield from self._steps(situation, ready, run, case)

    def _steps(self, situation: Situation, ready: Ready, run: Run, case: Case) -> Iterator[Draft]:
        """Steps of a run at its level: those it lacks are added, open ones get their new deadline."""
        incident, facts, now = case
        level = incident.level or run.suggested or LIGHTEST
        clocks = Clocks(incident.opened_at or incident.occurred_at or now, run.started_at or now)
        known = {step.id: step for step in situation.find(Step, run=run.id)}
        for step in planned_steps(ready, run, level, clocks, facts):
            before = known.get(step.id)
            if before is None:
                yield Draft(AUTHOR, "step.plan", changes_of(automatic(step, now)), cause=run.id)
            elif before.state in (*OPEN_STEPS, "not_applicable") and before.due_at != step.due_at:
                yield Draft(AUTHOR, "step.replan", set_fields("step", step.id, due_at=step.due_at), cause=run.id)

    def _step_done(self, situation: Situation, step_id: str, entry: Entry, now: datetime) -> Iterator[Draft]:
        said = {change.field: change.value for change in entry.changes if change.id == step_id}
        step = situation.get(Step, step_id)
        if said.get("state") != "done" or step is None or not step.run:
            return
        run = situation.get(Run, step.run)
        ready = self.library.get(run.playbook if run else None)
        plan = ready.step(step.step or "") if ready else None
        if run is None or plan is None or run.state != "running":
            return
        incident = situation.get(Incident, run.incident or "")
        level = (incident.level if incident else None) or run.suggested or LIGHTEST
        again = repeated(plan, step, level, now)
        if again is not None:
            yield Draft(AUTHOR, "step.plan", changes_of(again), cause=entry.ref)

    def _answered(self, situation: Situation) -> Iterator[Draft]:
        """Steps whose task another station has done: its entry came by sync, where only the origin reacts."""
        open_steps = [step.id for step in situation.find(Step, state=("active", "first_confirmed"))]
        if open_steps:
            for task in situation.find(Task, state="done", step=open_steps):
                yield from self._task_done(situation, task)

    def _task_done(self, situation: Situation, task: Task | None) -> Iterator[Draft]:
        """A task done is a step done."""
        if task is None or task.state != "done" or not task.step:
            return
        step = situation.get(Step, task.step)
        if step is not None and step.state in OPEN_STEPS:
            done = set_fields(
                "step", step.id, state="done", done_by=task.done_by, done_at=task.done_at, result=task.result
            )
            yield Draft(AUTHOR, "step.done", done, cause=task.id)

    def _overruns(self, situation: Situation, now: datetime) -> Iterator[Draft]:
        for step in situation.find(Step, state=OPEN_STEPS):
            run = situation.get(Run, step.run or "")
            if run is None or run.state != "running" or step.due_at is None or now < step.due_at:
                continue
            if step.mode == "auto":
                yield Draft(AUTHOR, "step.done", set_fields("step", step.id, **machine_done(now)), cause=run.id)
                continue
            overrun = overrun_of(step, run.started_at or step.due_at, now)
            if overrun != step.overrun:
                ready = self.library.get(run.playbook)
                to = escalated_to(ready.step(step.step or "") if ready else None) if overrun == "escalated" else None
                told = set_fields("step", step.id, overrun=overrun, **({"escalated_to": to} if to else {}))
                yield Draft(AUTHOR, "step.overrun", told, cause=run.id)
