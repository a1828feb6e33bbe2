"""What the operator and the supervisor of the centre do during the evening, in minutes of the scenario.

They see only what their desk shows: alarms are acknowledged after a glance, the flood is verified by camera, the level
follows the playbook's suggestion, steps are confirmed at a pace that leaves some of them late.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.conflict import decide
from workstation.commands.incident import change_level, count_casualties, set_state
from workstation.commands.report import accept_proposal, reject_proposal
from workstation.commands.run import confirm_step, decide_step, start_run, stop_run
from workstation.commands.seat import Command
from workstation.commands.task import acknowledge_task, complete_task, move_task, phone_receipt, send_task
from workstation.demo.shift import Do, Somebody
from workstation.domain.levels import severity_rank
from workstation.domain.records import Alarm, Incident, Report, Run, Step, Task
from workstation.playbooks import read_library
from workstation.playbooks.planning import OPEN_STEPS
from workstation.situation import Situation

OPERATOR = Somebody("王芳", "operator")
SUPERVISOR = Somebody("李强", "SUP")
CENTRE, STREET = "ZX", "JD03"
GLANCE = timedelta(seconds=40)
CALL_BACK = timedelta(minutes=6)
UNANSWERED = timedelta(minutes=3)
TRAPPED_MINUTE, DOOR_MINUTE, DECIDE_MINUTE, END_MINUTE = 40.0, 48.0, 78.0, 104.0
DONE = {
    "WATER": "龙吸水泵车到位,开泵 600 m3/h",
    "TRAFFIC_POLICE": "两端设障,绕行牌已立",
    "STREET": "已值守,清点完毕",
    "POWER": "积水区配电已停电",
}
EVIDENCE = "CAM 视频核实:积水属实"
APPLIES = {"F6": True, "F7": False}


Act = tuple[Somebody, Command]


class CentreScript:
    """Operator and supervisor. `begin` is minute 0."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin
        self._once: set[str] = set()

    def beat(self, situation: Situation, now: datetime, do: Do) -> None:
        minute = (now - self._begin).total_seconds() / 60
        flood = worst_flood(situation)
        for who, command in self._due(situation, flood, now, minute):
            do(who, command)

    def _due(self, situation: Situation, flood: Incident | None, now: datetime, minute: float) -> Iterator[Act]:
        yield from _alarms(situation, now)
        yield from _proposals(situation, now)
        yield from _tasks(situation, now)
        yield from self._others(situation, flood, now)
        if flood is not None:
            yield from self._lead(situation, flood)
            yield from self._steps(situation, flood, now)
            yield from self._by_the_clock(flood, minute)
            yield from self._end(situation, flood, minute)
        if minute >= DECIDE_MINUTE:
            for one in situation.conflicts(state="open"):
                worse = max((claim.value for claim in one.heads), key=lambda value: (str(type(value)), value))
                yield SUPERVISOR, decide(one.kind, one.id, one.field, worse, "现场清点核对,以街道数字为准")

    def _lead(self, situation: Situation, flood: Incident) -> Iterator[Act]:
        """Verify it, start the playbook that is suggested, set its level, respond."""
        if flood.state == "reported" and situation.count(Report, incident=flood.id) >= 2:
            yield OPERATOR, set_state(flood.id, "verified", EVIDENCE)
            return
        run = next(iter(situation.find(Run, incident=flood.id, state=("suggested", "running"))), None)
        if run is None or run.suggested is None or flood.state == "reported":
            return
        if run.state == "suggested":
            yield OPERATOR, start_run(flood.id, run.playbook or "", read_library())
        elif severity_rank(run.suggested) > severity_rank(flood.level):
            yield SUPERVISOR, change_level(flood.id, run.suggested, "按预案分级条件")
        elif flood.state == "verified":
            yield OPERATOR, set_state(flood.id, "responding", "启动响应")

    def _steps(self, situation: Situation, flood: Incident, now: datetime) -> Iterator[Act]:
        """Confirm what is due by now, at each step's own pace; two persons where two are asked for."""
        for step in situation.find(Step, incident=flood.id, state=OPEN_STEPS):
            if step.due_at is None or step.mode == "auto" or not self._is_time(situation, step, now):
                continue
            if step.state == "unknown":
                applies = APPLIES.get(step.step or "", True)
                yield SUPERVISOR, decide_step(step.id, applies, "电话核实" if applies else "轨道控制中心回复无进水")
            elif situation.count(Task, step=step.id) == 0:
                yield (SUPERVISOR if step.state == "first_confirmed" else OPERATOR), confirm_step(step.id, "已办")

    def _is_time(self, situation: Situation, step: Step, now: datetime) -> bool:
        run = situation.get(Run, step.run or "")
        if run is None or run.started_at is None or step.due_at is None:
            return False
        pace = 0.35 + 0.75 * (zlib.crc32((step.step or "").encode()) % 100) / 100
        span = min(step.due_at - run.started_at, timedelta(minutes=45))
        return now >= step.due_at - span * (1 - pace)

    def _others(self, situation: Situation, flood: Incident | None, now: datetime) -> Iterator[Act]:
        """Every other report is called back; what turns out to be real gets a level and an answer."""
        for one in situation.find(Incident, state=("reported", "verified", "responding", "controlled")):
            opened = one.opened_at
            if opened is None or (flood is not None and one.id == flood.id):
                continue
            if one.state == "reported" and now - opened >= CALL_BACK:
                yield OPERATOR, set_state(one.id, "verified", "电话回访核实")
            elif one.state == "verified" and now - opened >= 2 * CALL_BACK:
                if one.level is None:
                    yield OPERATOR, change_level(one.id, "IV", "影响局部")
                else:
                    yield OPERATOR, set_state(one.id, "responding", "属地处置")
            elif one.state == "responding" and now - opened >= 7 * CALL_BACK:
                yield OPERATOR, set_state(one.id, "controlled", "现场已处置")

    def _by_the_clock(self, flood: Incident, minute: float) -> Iterator[Act]:
        """What happens while the street is cut off: a count of the trapped, and an order the street cannot hear yet."""
        if minute >= TRAPPED_MINUTE and self._first("trapped"):
            yield OPERATOR, count_casualties(flood.id, "交警视频估计", trapped=2)
        if minute >= DOOR_MINUTE and self._first("door"):
            yield OPERATOR, send_task(flood.id, STREET, "沿人民路逐户提示,劝离低洼商铺", 20)

    def _end(self, situation: Situation, flood: Incident, minute: float) -> Iterator[Act]:
        """The water is gone: controlled, the playbook stopped, the response ended."""
        if minute < END_MINUTE:
            return
        if flood.state == "responding":
            yield SUPERVISOR, set_state(flood.id, "controlled", "积水消退,视频确认")
        elif flood.state == "controlled":
            for run in situation.find(Run, incident=flood.id, state="running"):
                yield SUPERVISOR, stop_run(run.id, "下穿水深低于 5 cm,雨势减弱")
            if flood.deaths is None:
                yield SUPERVISOR, count_casualties(flood.id, "终报核对", deaths=0, missing=0, injured=0, trapped=0)
            yield SUPERVISOR, set_state(flood.id, "ended", "恢复通行")

    def _first(self, what: str) -> bool:
        new = what not in self._once
        self._once.add(what)
        return new


def worst_flood(situation: Situation) -> Incident | None:
    """The flood with the most reports; None while there is none."""
    floods = situation.find(Incident, type="N02", state=("reported", "verified", "responding", "controlled", "ended"))
    return max(floods, key=lambda one: situation.count(Report, incident=one.id), default=None)


def _alarms(situation: Situation, now: datetime) -> Iterator[Act]:
    for alarm in situation.find(Alarm, state=("raised", "returned")):
        if alarm.raised_at is not None and now - alarm.raised_at >= GLANCE:
            yield OPERATOR, acknowledge_alarm(alarm.id)


def _proposals(situation: Situation, now: datetime) -> Iterator[Act]:
    for report in situation.find(Report, merge="proposed"):
        if report.received_at is not None and now - report.received_at >= GLANCE:
            about = situation.get(Incident, report.proposed or "")
            alike = (report.score or 0) >= 0.6 and about is not None and about.state not in ("ended", "merged")
            command = accept_proposal(report.id, "同一地点同一积水") if alike else reject_proposal(report.id, "另一处")
            yield OPERATOR, command


def _tasks(situation: Situation, now: datetime) -> Iterator[Act]:
    """Tasks of departments without a station: the centre keeps them; and those a street has not answered."""
    for task in situation.find(Task, state=("sent", "delivered", "acknowledged", "under_way", "on_scene")):
        waited = now - (task.sent_at or now)
        if task.office != CENTRE:
            if task.delivered_at is None and task.phoned_at is None and waited >= UNANSWERED:
                yield OPERATOR, phone_receipt(task.id, "赵敏")
            continue
        yield from advance(task, waited, OPERATOR, DONE.get(task.role or "", "已完成"))


def advance(task: Task, waited: timedelta, who: Somebody, result: str) -> Iterator[Act]:
    """An office at work on a task: read, on the way, there, done."""
    if task.state in ("sent", "delivered") and waited >= timedelta(minutes=1):
        yield who, acknowledge_task(task.id)
    elif task.state == "acknowledged" and waited >= timedelta(minutes=3):
        yield who, move_task(task.id, "under_way")
    elif task.state == "under_way" and waited >= timedelta(minutes=6):
        yield who, move_task(task.id, "on_scene")
    elif task.state == "on_scene" and waited >= timedelta(minutes=9):
        yield who, complete_task(task.id, result)
