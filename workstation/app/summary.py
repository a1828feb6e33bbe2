"""What came of the evening, in figures: the `summary.json` of the demo."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from workstation.app.evening import DemoEvening, Node
from workstation.demo.centre_script import worst_flood
from workstation.documents.files import Written
from workstation.domain.clock import iso
from workstation.domain.records import Alarm, Incident, Quarantine, Report, Run, Step, Task
from workstation.situation import Situation
from workstation.station import Station

LATE_SECONDS = 300.0
"""Of the scenario: what is shorter is the time between two looks and no outage."""


def summary_of(evening: DemoEvening, documents: Sequence[Written], pictures: Sequence[Path]) -> dict[str, Any]:
    """Counts, times and digests, read from the stations as they stand."""
    situation = evening.centre.station.situation()
    try:
        return {
            "scenario": {"minutes": round(evening.minute, 1), "measurements": evening.world.published},
            "reports": _reports(situation),
            "incidents": _incidents(situation),
            "alarms": _alarms(situation),
            "playbook": _playbook(situation),
            "tasks": _tasks(situation),
            "sync": _sync(evening),
            "conflicts": _conflicts(situation),
            "sensor_to_alarm": evening.latency.milliseconds(),
            "refused": dict(Counter(evening.centre_shift.refused + evening.street_shift.refused)),
            "documents": [{"file": one.path.name, "sha256": one.sha256, "bytes": one.size} for one in documents],
            "screenshots": len(pictures),
        }
    finally:
        situation.close()


def write_summary(path: Path, summary: dict[str, Any]) -> Path:
    path.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    return path


def _reports(situation: Situation) -> dict[str, Any]:
    reports = situation.find(Report)
    return {
        "in": len(reports),
        "quarantined": situation.count(Quarantine),
        "by_source": dict(Counter((report.source or "").split(":")[0] for report in reports)),
        "merged": dict(Counter(report.merge or "none" for report in reports)),
    }


def _incidents(situation: Situation) -> dict[str, Any]:
    incidents = situation.find(Incident)
    flood = worst_flood(situation)
    calls = situation.find(Report, incident=flood.id) if flood else []
    return {
        "after_merging": sum(one.state != "merged" for one in incidents),
        "by_state": dict(Counter(one.state or "unknown" for one in incidents)),
        "worst": flood.number if flood else None,
        "calls_about_the_worst": sum((one.source or "").startswith("calls") for one in calls),
        "reports_about_the_worst": len(calls),
    }


def _alarms(situation: Situation) -> dict[str, Any]:
    alarms = situation.find(Alarm)
    return {
        "raised": len(alarms),
        "acknowledged": sum(alarm.acknowledged_at is not None for alarm in alarms),
        "cleared": sum(alarm.state == "cleared" for alarm in alarms),
        "standing": sum(alarm.state != "cleared" for alarm in alarms),
    }


def _playbook(situation: Situation) -> dict[str, Any]:
    """The run that was started, each step with its planned and actual time."""
    runs = situation.find(Run, state=("running", "stopped"))
    steps = [step for run in runs for step in situation.find(Step, run=run.id)]
    return {
        "suggested": situation.count(Run, state="suggested"),
        "runs": [{"playbook": run.playbook, "state": run.state, "suggested": run.suggested} for run in runs],
        "steps_done": sum(step.state == "done" for step in steps),
        "steps": [
            {
                "step": step.step,
                "state": step.state,
                "planned": iso(step.planned_at) if step.planned_at else None,
                "actual": iso(step.done_at) if step.done_at else None,
                "overrun": step.overrun,
                "by": step.done_by,
            }
            for step in sorted(steps, key=lambda step: (step.run or "", step.position or 0, step.id))
        ],
    }


def _tasks(situation: Situation) -> dict[str, Any]:
    tasks = situation.find(Task)
    waits = {
        task.id: (task.delivered_at - task.sent_at).total_seconds()
        for task in tasks
        if task.delivered_at and task.sent_at
    }
    late = {task: seconds for task, seconds in waits.items() if seconds > LATE_SECONDS}
    return {
        "sent": len(tasks),
        "done": sum(task.state == "done" for task in tasks),
        "delivered": len(waits),
        "delivered_late": len(late),
        "latest_delivery_minutes": round(max(late.values(), default=0) / 60, 1),
        "told_by_telephone": sum(task.phoned_at is not None for task in tasks),
    }


def _sync(evening: DemoEvening) -> dict[str, Any]:
    nodes: dict[str, Station | Node] = {"hub": evening.hub, "centre": evening.centre, "street": evening.street}
    return {name: _held(node.station if isinstance(node, Node) else node) for name, node in nodes.items()} | {
        "equal": evening.is_equal
    }


def _held(station: Station) -> dict[str, Any]:
    entries = station.ask(lambda journal: sum(journal.exchange.heads().values())).result()
    return {"entries": entries, "tables": station.ask(lambda journal: journal.digest()).result()}


def _conflicts(situation: Situation) -> dict[str, Any]:
    conflicts = situation.conflicts()
    return {
        "shown": len(conflicts),
        "by_state": dict(Counter(conflict.state for conflict in conflicts)),
        "fields": sorted({f"{conflict.kind}.{conflict.field}" for conflict in conflicts}),
    }
