"""The sync page: how the link to the centre stands, what remains to be sent by urgency, and each entry it lacks.

It reads while it is seen. Unknown stays a word; a link that is not well says why and since when.
"""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.situation import OwnEntry, Sending
from workstation.views.ages import age, full_time
from workstation.views.columns import author_text, word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import t

LISTED = 500
"""Entries listed at most; the counts above the list are of all."""
URGENT = {0: "red_i", 1: "yellow_iii"}


class SyncPage(QWidget):
    """`ask` reads anew; `table` lists what waits in the order in which it travels, then what was refused."""

    def __init__(self, workplace: Workplace, reader: Reader) -> None:
        super().__init__()
        self._workplace = workplace
        self._reader = reader
        self.state = Passage()
        self.queue = Passage("second")
        self.lacking = Passage("second")
        self.about = Caption("", "second")
        self.whole = Passage("second")
        self.table: RowTable[OwnEntry] = RowTable(_columns(), lambda entry: entry.line.ref, "desk.sync_title")
        self.retry = Action("desk.do.sync_now", look="primary")
        self.retry.clicked.connect(workplace.hurry)
        self.table.chosen.connect(lambda ref: self._tell_whole())
        self._lay_out()

    def ask(self) -> None:
        """Have the list and its counts read; the link's own state is at hand."""
        self._show_link()
        station = self._workplace.station
        self._reader.ask("sync", lambda situation: situation.sending(station, LISTED), self.show_sending)

    def show_sending(self, sending: Sending) -> None:
        total, alone = sum(sending.queue), self._workplace.link().state == "alone"
        counts = [f"{t(f'precedence.{number}')} {count}" for number, count in enumerate(sending.queue)]
        self.queue.tell("" if alone else t("desk.sync.queue", count=total, classes=" · ".join(counts)))
        waiting = () if alone else tuple(one for one in sending.waiting if not one.refused)
        self.lacking.tell(
            t(
                "desk.sync.lacking",
                deferred=sending.deferred,
                withheld=sending.withheld,
                refused=sending.refusals,
            )
        )
        if alone:
            self.about.say("desk.sync.alone")
        elif sending.refusals:
            key = "desk.sync.refused_first" if waiting else "desk.sync.refused_only"
            self.about.say(key, refused=len(sending.refused), count=total)
        elif total > len(sending.waiting):
            self.about.say("desk.sync.first", shown=len(sending.waiting), count=total)
        else:
            self.about.say("desk.sync_title" if total else "desk.sync_none")
        self.table.show_rows([*sending.refused, *waiting])
        self._tell_whole()

    def _tell_whole(self) -> None:
        """The chosen entry whole, where the table had to cut it."""
        one = self.table.chosen_row()
        self.whole.setVisible(one is not None)
        if one is not None:
            told = (word("act", one.line.act), _about(one).text, author_text(one.line.author), full_time(one.line.at))
            self.whole.tell(" · ".join(filter(None, (*told, one.line.reason, _receipt(one).text))))

    def _show_link(self) -> None:
        link, now = self._workplace.link(), self._workplace.clock.now()
        alone = link.state == "alone"
        self.retry.setEnabled(not alone)
        said = [t(f"desk.link.{link.state}")]
        if not alone:
            said[0] = t("desk.sync.since", state=said[0], at=full_time(link.since), age=age(link.since, now))
            if link.reason:
                said.append(t(f"link.reason.{link.reason}"))
            offset = link.offset_ms
            said.append(
                t("desk.sync.offset_unknown")
                if offset is None
                else t("desk.sync.offset", seconds=f"{offset / 1000:+.1f}")
            )
            if link.state in ("online", "syncing"):
                said.append(t(f"desk.sync.news.{link.news}"))
            if link.following:
                said.append(t("link.following", count=link.following))
        self.state.tell("\n".join([" · ".join(said), link.last_error]).strip())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for label in (self.state, self.queue, self.lacking, self.about):
            label.setContentsMargins(10, 6, 10, 4)
            column.addWidget(label)
        column.addWidget(self.table, 1)
        self.whole.setContentsMargins(10, 4, 10, 2)
        self.whole.hide()
        column.addWidget(self.whole)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(8, 4, 8, 8)
        buttons.addWidget(self.retry)
        buttons.addStretch()
        column.addLayout(buttons)


def _columns() -> list[Column[OwnEntry]]:
    return [
        Column("desk.col.precedence", _precedence, 84),
        Column("desk.col.time", lambda entry: Shown(full_time(entry.line.at), "text2"), 160, 540),
        Column("desk.col.what", lambda entry: Shown(word("act", entry.line.act)), 116),
        Column("desk.col.record", _about, 150, 700),
        Column("desk.col.who", lambda entry: Shown(author_text(entry.line.author), "text2"), 84),
        Column("desk.col.receipt", _receipt),
    ]


def _about(entry: OwnEntry) -> Shown:
    """The record that an entry changes first."""
    if not entry.line.changes:
        return Shown("—", "muted")
    first = entry.line.changes[0]
    return Shown(f"{word('desk.kind', first.kind)} {first.id}", "text2")


def _precedence(entry: OwnEntry) -> Shown:
    return Shown(t(f"precedence.{entry.precedence}"), URGENT.get(entry.precedence, "text2"))


def _receipt(entry: OwnEntry) -> Shown:
    if entry.refused:
        return Shown(
            t("desk.sync.refused", reason=word("authority", entry.refused.removeprefix("authority."))), "red_i"
        )
    return Shown(t("desk.sync.local"), "text2")
