"""An incident's timeline: what was decided when, and of each entry whether it is here alone, at the centre, where."""

from collections.abc import Mapping, Sequence

from workstation.situation import Holding, Name, TimelineLine
from workstation.views import columns
from workstation.views.ages import full_time
from workstation.views.labels import Passage
from workstation.views.list_page import ListPage
from workstation.views.reader import Reader
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.workplace import Workplace
from workstation.words import pick, t


class TimelinePage(ListPage[TimelineLine]):
    """Receipts come while nothing is written, so they are read anew while the page is seen. `whole` tells the chosen
    line in full, also where the window is too narrow for the column."""

    def __init__(self, workplace: Workplace, reader: Reader) -> None:
        held: Column[TimelineLine] = Column("timeline.held", lambda line: self._held(line), 236, 640)
        told = columns.log_columns(named=self.named)
        super().__init__(RowTable([*told, held], columns.identity, "desk.tab.timeline"))
        self._workplace, self._reader = workplace, reader
        self._holding = Holding(workplace.station)
        self._subjects: Mapping[str, Name] = {}
        self.whole = Passage("second")
        self.whole.setContentsMargins(10, 6, 10, 4)
        self.put_under(self.whole)
        self.table.chosen.connect(lambda line: self._tell_whole())

    def show_lines(self, lines: Sequence[TimelineLine], subjects: Mapping[str, Name]) -> None:
        """The lines of an incident, the newest first, and what each speaks of."""
        self._subjects = subjects
        self.show_rows(lines, "desk.none.timeline")
        self.ask()
        self._tell_whole()

    def named(self, line: TimelineLine) -> str:
        """What a line speaks of, in the current language; empty where it is the incident itself."""
        return pick(*self._subjects.get(line.ref, ("", "")))

    def show_holding(self, holding: Holding) -> None:
        """What was confirmed by whom."""
        if holding != self._holding:
            self._holding = holding
            self.table.viewport().update()
        self._tell_whole()

    def ask(self) -> None:
        """Have the receipts read."""
        station = self._workplace.station
        self._reader.ask("holding", lambda situation: situation.holding(station), self.show_holding)

    def tick(self) -> None:
        if self.isVisible():
            self.ask()

    def _held(self, line: TimelineLine) -> Shown:
        here_alone = self._holding.of(line.ref).is_only_here
        return Shown(held_text(self._holding, line), "text" if here_alone else "text2")

    def _tell_whole(self) -> None:
        line = self.table.chosen_row()
        self.whole.setVisible(line is not None)
        if line is not None:
            said, held = columns.said_text(line, self.named(line)), held_text(self._holding, line)
            self.whole.tell(t("timeline.whole", at=full_time(line.at), station=line.station, said=said, held=held))


def held_text(holding: Holding, line: TimelineLine) -> str:
    """Where an entry is: only here; at the centre; at which stations."""
    where = holding.of(line.ref)
    if where.is_only_here:
        return t("timeline.only_here")
    seen = t("timeline.seen_by", stations=", ".join(where.stations)) if where.stations else ""
    return " · ".join(filter(None, (t("timeline.at_centre") if where.at_centre else "", seen)))
