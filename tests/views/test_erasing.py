"""A caller's data are erased from the desk: for a reason, for good, by who may."""

import pytest

from tests.desks import texts
from tests.views.incidents import Answers
from tests.views.test_unmasking import PHONE, ask, desk_of, is_clear, panel
from workstation.app.seat import Person
from workstation.domain.integrity import Erasure
from workstation.words import LANGUAGES, t

MASKED = "138****8000"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supervisor_erases_a_caller_with_a_reason_and_nothing_of_it_opens_again(
    tmp_path, clock, nothing_left, qtbot, person: Answers, language: str
) -> None:
    with desk_of(tmp_path, clock, Person("zhao", "SUP")) as room:
        room.window.speak(language)
        ask(room, "回拨核实")
        room.until(lambda: is_clear(room))
        panel(room).erase.click()
        assert person.asked == [t("erasure.ask")] and room.known(Erasure) == []
        person.said = "当事人要求删除"
        panel(room).erase.click()
        room.until(lambda: t("erasure.erased") in texts(panel(room)))
        assert not is_clear(room) and MASKED not in texts(panel(room)) and "***" in texts(panel(room))
        [order] = room.known(Erasure)
        assert (order.id, order.by, order.reason) == ("r1", "zhao", "当事人要求删除")
        panel(room).erase.click()
        room.until(lambda: t("refused.erasure.done") in texts(panel(room)))
        for file in tmp_path.rglob("journal.sqlite*"):
            assert PHONE.encode() not in file.read_bytes()


def test_an_operator_is_not_offered_to_erase_anybody(tmp_path, clock, nothing_left, qtbot) -> None:
    with desk_of(tmp_path, clock, Person("wang", "OP")) as room:
        assert MASKED in texts(panel(room)) and not panel(room).erase.isVisible()
