"""The header answers what is worst and what is due next, whatever page is open; and where, when and who one is."""

from datetime import datetime

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.levels import Severity
from workstation.security.permission import may
from workstation.views.ages import age, clock_text, countdown, date_text, day_text, span
from workstation.views.columns import title_of
from workstation.views.labels import Action, Caption, Fact, Line
from workstation.views.palette import SeverityMark, paint_severity
from workstation.views.snapshot import Snapshot
from workstation.views.theme import look
from workstation.views.workplace import LinkState, Workplace
from workstation.words import catalogue, language, pick, t

ROOMY_PX = 1500
"""From this width on there is room for the words of the keys and for the year."""


class Mark(QWidget):
    """The sign of a severity."""

    def __init__(self, radius: float = 13) -> None:
        super().__init__()
        self._severity: Severity | None = None
        self._radius = radius
        self.setFixedSize(QSize(round(radius * 2 + 6), round(radius * 2 + 6)))

    def show_severity(self, severity: Severity | None) -> None:
        self._severity = severity
        self.setAccessibleName(t(f"severity.{severity.value}") if severity else t("unknown"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._severity is not None:
            centre = QPointF(self.width() / 2, self.height() / 2)
            paint_severity(QPainter(self), SeverityMark(self._severity), centre, self._radius)


class Answer(QWidget):
    """Two lines that answer one question; a click turns to the incident they speak of."""

    used = Signal(str)

    def __init__(self, upper: Fact) -> None:
        super().__init__()
        self.first, self.second = upper, Line("second")
        self.incident = ""
        self.setLayout(_pair(self.first, self.second))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.incident:
            self.used.emit(self.incident)


class Header(QWidget):
    """`incident_used` and `due_used` carry an incident's id, the second that of what is due in it; the others say which
    button was pressed."""

    incident_used = Signal(str)
    due_used = Signal(str)
    language_used = Signal()
    sync_used = Signal()
    alarms_used = Signal()
    conflicts_used = Signal()
    new_used = Signal()
    help_used = Signal()
    glass_used = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._snapshot: Snapshot | None = None
        look(self, "header")
        self.setFixedHeight(64)
        self._mark = Mark()
        self._worst, self._due = Answer(Line("title")), Answer(Fact("title"))
        self._clock, self._date = Fact("title"), Fact("muted")
        self._mode = Caption(f"desk.mode.{workplace.mode}", "mode")
        self._mode.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.new = Action("desk.new", "F2", "primary")
        self.alarms = Action("desk.tab.alarms", "", "flat")
        self.conflicts = Action("desk.tab.conflicts", "", "warn")
        self.sync = Action("desk.sync", "", "flat")
        self.switch = Action("desk.other_language", "", "flat")
        self.help = Action("desk.help", "F1", "flat")
        self.glass = Action("glass.do.break", "", "flat")
        self.glass.setVisible(may(workplace.role, "break_glass"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._worst, 5)
        row.addWidget(self._due, 4)
        row.addWidget(self.new)
        row.addWidget(self.alarms)
        row.addWidget(self.conflicts)
        self.conflicts.hide()
        row.addWidget(self.glass)
        row.addWidget(self.sync)
        row.addWidget(self.switch)
        row.addWidget(self.help)
        row.addWidget(self._mode)
        row.addLayout(_pair(self._clock, self._date))
        for widget in (self._clock, self._date):
            widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            widget.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        for button, signal in (
            (self.new, self.new_used),
            (self.alarms, self.alarms_used),
            (self.conflicts, self.conflicts_used),
            (self.sync, self.sync_used),
            (self.switch, self.language_used),
            (self.help, self.help_used),
            (self.glass, self.glass_used),
        ):
            button.clicked.connect(signal)
        self._worst.used.connect(self.incident_used)
        self._due.used.connect(self.due_used)

    def changeEvent(self, event: QEvent) -> None:
        """The buttons say their own words again; what they tell of the moment follows them."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            QTimer.singleShot(0, self, self.tick)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is worst and due next gets what room there is: on a narrow desk the other words are short."""
        super().resizeEvent(event)
        self.help.shorten(not self._is_roomy)
        self._worst.first.restyle("title" if self._is_roomy else "close")
        self.tick()

    @property
    def _is_roomy(self) -> bool:
        return self.width() >= ROOMY_PX

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.tick()

    def tick(self) -> None:
        """Let the times move on. What nobody has read yet is not said to be absent."""
        now = self._workplace.clock.now()
        if self._snapshot is not None:
            self._show_worst(self._snapshot, now)
            self._show_due(self._snapshot, now)
            self._show_alarms(self._snapshot.unacknowledged)
            self.conflicts.setText(t("desk.conflicts_count", count=self._snapshot.undecided))
            self.conflicts.setVisible(self._snapshot.undecided > 0)
        self._clock.tell(clock_text(now))
        day = date_text(now) if self._is_roomy else day_text(now)
        self._date.tell(f"{day} · {self._workplace.station} {self._who()}")
        self._date.hint(date_text(now))
        self._show_link(now)
        self.switch.setText(t("desk.other_language"))

    def _who(self) -> str:
        """Who is on duty here and, where they signed in, since when."""
        duty = self._workplace.duty
        if duty is None:
            return self._workplace.author
        return t("desk.on_duty", account=duty.account, at=clock_text(duty.since)[:5])

    def _show_alarms(self, count: int) -> None:
        self.alarms.setText(t("desk.alarms_count", count=count) if count else t("desk.alarms_none"))
        self.alarms.restyle("primary" if count else "flat")

    def _show_worst(self, snapshot: Snapshot, now: datetime) -> None:
        row = next(iter(snapshot.queue), None)
        self._mark.setVisible(row is not None)
        if row is None:
            self._worst.incident = ""
            self._worst.first.tell(t("desk.no_incident"))
            self._worst.second.tell("")
            return
        self._worst.incident = row.incident.id
        severity = row.severity
        self._mark.show_severity(severity)
        word = t(f"severity.{severity.value}") if severity else t("unknown")
        self._worst.first.tell(title_of(row.incident, self._workplace.name_of))
        since = age(row.incident.opened_at, now)
        self._worst.second.tell(f"{t('desk.worst')} · {word} · {since} · {row.incident.number or ''}")

    def _show_due(self, snapshot: Snapshot, now: datetime) -> None:
        due = next(iter(snapshot.dues), None)
        if due is None:
            self._due.incident = ""
            self._due.first.restyle("title")
            self._due.first.tell(t("desk.nothing_due"))
            self._due.second.tell("")
            return
        self._due.incident = due.incident
        late = due.at < now
        self._due.first.restyle("late" if late else "title")
        self._due.first.tell(f"{t('desk.overdue') if late else t('desk.next_due')} {countdown(due.at, now)}")
        self._due.second.tell(f"{self._who_of(due.who)} · {pick(due.title_zh, due.title_en)}")

    def _who_of(self, code: str) -> str:
        """A role or an office by its name."""
        return t(f"role.{code}") if f"role.{code}" in catalogue() else self._workplace.name_of(code)

    def _show_link(self, now: datetime) -> None:
        link = self._workplace.link()
        state = t(f"desk.link.{link.state}")
        if link.state == "alone":
            self.sync.setText(state)
        elif link.state == "offline":
            since = t("desk.link_since", state=state, span=span(now - link.since))
            self.sync.setText(t("desk.link_unsent", state=since, count=link.unsent))
        elif link.state == "online" and not link.unsent and link.following:
            self.sync.setText(t("desk.link_following", state=state, count=link.following))
        elif link.state == "online" and not link.unsent:
            self.sync.setText(t("desk.link_equal", state=state))
        else:
            self.sync.setText(t("desk.link_unsent", state=state, count=link.unsent))
        self.sync.hint(_told_of(link, now) if link.state != "alone" else state)


def _told_of(link: LinkState, now: datetime) -> str:
    """Everything known of a link: its state and age, what is wrong, and how far its clock is from the hub's."""
    told = [t(f"desk.link.{link.state}"), age(link.since, now)]
    if link.reason:
        told.append(t(f"link.reason.{link.reason}"))
    if link.reason == "clock" and link.offset_ms is not None:
        told.append(t("link.offset", seconds=round(link.offset_ms / 1000)))
    if link.news == "polling":
        told.append(t("link.news.polling"))
    if link.following:
        told.append(t("link.following", count=link.following))
    return f"{' · '.join(told)} {link.last_error}"


def _pair(upper: QWidget, lower: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch()
    column.addWidget(upper)
    column.addWidget(lower)
    column.addStretch()
    return column


def other_language() -> str:
    """The language the switch leads to."""
    return "en" if language() == "zh" else "zh"
