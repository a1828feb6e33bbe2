"""A line of a timeline names the step, task, instrument or file it speaks of, in whichever language it is read."""

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.records import Alarm, Assignment, Attachment, Incident, Report, Run, Sensor, Step, Task, Unit
from workstation.journal import Journal
from workstation.situation import subjects_of

GUARD = ("F3 拦车值守", "F3 Guard the underpass")


def step(number: int, zh: str, en: str) -> Step:
    return Step(id=f"s{number}", incident="i1", run="run1", step=f"F{number}", title_zh=zh, title_en=en)


def told(journal: Journal) -> list[tuple[str, tuple[str, str] | None]]:
    """Each line's act, and what it speaks of."""
    lines = journal.situation.timeline("i1")
    named = subjects_of(journal.situation, lines)
    return [(line.act, named.get(line.ref)) for line in lines]


def test_a_line_names_what_it_speaks_of_in_both_languages(journal: Journal) -> None:
    journal.append([Draft("content", "city.load", changes_of(Sensor(id="RM-07", name_zh="积水计", name_en="Gauge")))])
    journal.append(
        [Draft("content", "city.load", changes_of(Unit(id="U1", name_zh="一号泵车", name_en="Pump truck 1")))]
    )
    guard, pump = step(3, "拦车值守", "Guard the underpass"), step(4, "调度泵车", "Dispatch pump trucks")
    for act, *records in (
        ("incident.open", Incident(id="i1", title="内涝"), Report(id="r1", incident="i1", text="水很深")),
        ("alarm.raise", Alarm(id="a1", sensor="RM-07", incident="i1")),
        ("run.start", Run(id="run1", playbook="PB-FLOOD", incident="i1")),
        ("step.plan", guard, pump),
        ("task.send", Task(id="t1", incident="i1", step="s3", title="拦车")),
        ("task.send", Task(id="t2", incident="i1", title="送沙袋")),
        ("assignment.release", Assignment(id="as1", incident="i1", unit="U1")),
        ("attachment.add", Attachment(id="f1", incident="i1", name="现场.jpg")),
    ):
        journal.append([Draft("wang", act, tuple(one for record in records for one in changes_of(record)))])
    journal.append([Draft("wang", "incident.state.verified", set_fields("incident", "i1", state="verified"))])
    journal.append([Draft("zhao", "task.done", set_fields("task", "t1", state="done"))])
    assert told(journal) == [
        ("incident.open", None),
        ("alarm.raise", ("积水计", "Gauge")),
        ("run.start", ("PB-FLOOD", "PB-FLOOD")),
        ("step.plan", (f"{GUARD[0]} +1", f"{GUARD[1]} +1")),
        ("task.send", GUARD),
        ("task.send", ("送沙袋", "送沙袋")),
        ("assignment.release", ("一号泵车", "Pump truck 1")),
        ("attachment.add", ("现场.jpg", "现场.jpg")),
        ("incident.state.verified", None),
        ("task.done", GUARD),
    ]


def test_a_line_about_what_is_not_known_here_names_nothing(journal: Journal) -> None:
    journal.append([Draft("wang", "incident.open", changes_of(Incident(id="i1", title="内涝")))])
    journal.append([Draft("rule:watch", "alarm.raise", changes_of(Alarm(id="a1", sensor="gone", incident="i1")))])
    journal.append([Draft("wang", "task.send", changes_of(Task(id="t1", incident="i1", step="gone", title="送沙袋")))])
    assert told(journal) == [("incident.open", None), ("alarm.raise", None), ("task.send", ("送沙袋", "送沙袋"))]
