"""A call is taken by keyboard alone while the caller speaks, and joins what is known already."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.desks import Room, cells, press, texts, type_in
from workstation.domain.draft import Sealed
from workstation.domain.records import Incident, Report
from workstation.views.call_form import CallForm

CTRL = Qt.KeyboardModifier.ControlModifier
INCIDENT, LIKENESS, DISTANCE, HAPPENED = range(4)


def opened_form(room: Room) -> CallForm:
    press(Qt.Key.Key_F2)
    room.until(lambda: room.window.calls.form and room.window.calls.form.isActiveWindow())
    return room.window.calls.form


def take_call(room: Room, said: str) -> CallForm:
    """F2, the place by its initials, and what the caller says: as far as the last key."""
    form = opened_form(room)
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Tab)
    type_in(said)
    return form


def save(room: Room) -> None:
    """Ctrl+Enter, and the desk shows one incident more and no form."""
    press(Qt.Key.Key_Return, CTRL)
    room.until(lambda: room.window.calls.form is None)


def test_a_call_becomes_an_incident_without_a_mouse(room: Room) -> None:
    form = opened_form(room)
    assert form.place.hasFocus()
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    assert form.place.text() == "人民路下穿"
    assert form.where.text() == "已定位:29.60648, 124.19021 · 人民路街道"
    press(Qt.Key.Key_Tab)
    assert form.text.hasFocus()
    type_in("下穿里面水很深，有车熄火")
    save(room)
    room.until(lambda: room.window.queue.table.rows_model.rows)
    [row] = room.window.queue.table.rows_model.rows
    assert (row.incident.number, row.incident.type) == ("SJ20261124-0001", "N02")
    assert (row.incident.place, row.incident.street) == ("人民路下穿", "990101003")
    assert room.said() == "已登记 SJ20261124-0001 人民路下穿城市内涝"


def test_a_suggestion_chosen_with_the_arrows_is_the_one_taken(room: Room) -> None:
    form = opened_form(room)
    type_in("rm")
    names = form.place.completer().completionModel()
    second = str(names.index(1, 0).data())
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert form.place.text() == second
    assert form.where.text().startswith("已定位")


def test_enter_in_the_place_saves_nothing(room: Room) -> None:
    form = opened_form(room)
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    room.station.tick().result()
    assert form.isEnabled()
    assert room.known(Incident) == []


def test_a_place_that_nobody_knows_is_kept_as_it_was_said(room: Room) -> None:
    form = opened_form(room)
    type_in("老槐树底下")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Tab)
    type_in("积水")
    assert form.where.text() == "地点待核"
    save(room)
    [incident] = room.known(Incident)
    assert (incident.place, incident.lat) == ("老槐树底下", None)


def test_what_was_not_counted_stays_unknown_and_is_not_zero(room: Room) -> None:
    form = take_call(room, "有车熄火")
    assert {field.text() for field in form.counts.values()} == {"未知"}
    assert min(field.lineEdit().width() for field in form.counts.values()) > 40  # what is typed is seen
    for key in ("", "2", "0"):
        press(Qt.Key.Key_Tab)
        type_in(key)
    save(room)
    [incident] = room.known(Incident)
    assert (incident.injured, incident.trapped, incident.deaths) == (0, 2, None)
    room.turn_to(incident.id)
    assert any("死亡 未知" in text for text in texts(room.window.incident))


def test_a_second_call_about_the_same_water_joins_the_first(room: Room) -> None:
    take_call(room, "下穿里面水很深，有车熄火")
    save(room)
    room.until(lambda: len(room.window.queue.table.rows_model.rows) == 1)
    room.clock.advance(120)
    form = take_call(room, "下穿积水，车被淹了")
    room.until(lambda: form.similar.rows_model.rows)
    assert cells(form.similar, INCIDENT) == ["人民路下穿城市内涝"]
    [row] = form.similar.rows_model.rows
    assert int(cells(form.similar, LIKENESS)[0]) == pytest.approx(100 * sum(row.likeness.parts.values()), abs=2)
    assert (cells(form.similar, DISTANCE), cells(form.similar, HAPPENED)) == (["0 m"], ["2 分前"])
    press(Qt.Key.Key_J, CTRL)
    room.until(lambda: room.window.calls.form is None)
    assert len(room.known(Incident)) == 1
    assert [report.merge for report in room.known(Report, order="received_at")] == ["founding", "manual"]


def test_twenty_calls_on_one_flood_are_one_incident(room: Room) -> None:
    take_call(room, "下穿积水，有车熄火")
    save(room)
    for _ in range(19):
        room.clock.advance(30)
        form = take_call(room, "下穿积水，有车熄火")
        room.until(lambda form=form: form.similar.rows_model.rows)
        press(Qt.Key.Key_J, CTRL)
        room.until(lambda: room.window.calls.form is None)
    assert (len(room.known(Incident)), len(room.known(Report))) == (1, 20)


def test_a_refusal_says_why_and_leaves_what_was_typed_under_the_hands(room: Room) -> None:
    form = opened_form(room)
    form.text.setFocus()
    type_in("积水")
    press(Qt.Key.Key_Return, CTRL)
    room.until(form.wrong.text)
    assert form.wrong.text() == "请填写地点"
    assert form.isEnabled()
    assert form.text.toPlainText() == "积水"
    assert QApplication.focusWidget() is form.text
    form.place.setFocus()
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    save(room)
    assert len(room.known(Incident)) == 1


def test_a_call_with_nothing_like_it_cannot_be_added_to_anything(room: Room) -> None:
    form = take_call(room, "积水")
    press(Qt.Key.Key_J, CTRL)
    assert form.wrong.text() == "没有可加入的事件"
    assert room.known(Report) == []


def test_esc_puts_the_form_aside_and_f2_brings_it_back_with_every_word(room: Room) -> None:
    form = take_call(room, "水很深")
    press(Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert opened_form(room) is form
    assert (form.place.text(), form.text.toPlainText()) == ("人民路下穿", "水很深")


def test_a_call_counts_from_the_moment_the_form_was_opened(room: Room) -> None:
    opened_form(room)
    press(Qt.Key.Key_Escape)
    began = room.clock.advance(600)
    take_call(room, "积水")
    room.clock.advance(90)
    save(room)
    [incident] = room.known(Incident)
    assert (incident.occurred_at, incident.opened_at) == (began, room.clock.now())


def test_a_place_pointed_at_on_the_map_goes_before_the_one_typed_earlier(room: Room) -> None:
    form = take_call(room, "积水")
    room.window.calls.open(29.61, 124.2)
    assert (form.notes().lat, form.notes().lon) == (29.61, 124.2)
    assert form.where.text() == "已定位:29.61000, 124.20000"
    form.place.setFocus()
    form.place.clear()
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    assert form.notes().street == "990101003"


def test_who_calls_is_kept_sealed_with_the_report_and_the_saved_incident_is_the_chosen_one(room: Room) -> None:
    take_call(room, "积水")
    save(room)
    room.until(lambda: room.window.chosen)
    form = take_call(room, "起火冒烟")
    form.caller.setText("张三")
    form.phone.setText("13800001111")
    form.at_place(29.7, 124.3)
    save(room)
    newest = max(room.known(Incident), key=lambda one: one.number)
    room.until(lambda: room.window.chosen == newest.id)
    [report] = room.known(Report, incident=newest.id)
    assert isinstance(report.reporter_name, Sealed) and isinstance(report.reporter_phone, Sealed)
    assert report.phone_digest


def test_a_form_put_aside_says_whose_call_it_goes_on_with_and_is_cleared_for_another(room: Room) -> None:
    form = take_call(room, "积水")
    assert not form.draft.isVisible()
    press(Qt.Key.Key_Escape)
    room.clock.advance(600)
    assert opened_form(room).draft.text() == "续填 19:40 接的来电;另一起来电请先清空"
    form.clear.click()
    assert (form.place.text(), form.text.toPlainText(), form.draft.isVisible()) == ("", "", False)
    assert form.notes().at == room.clock.now()


def test_nothing_is_added_to_an_incident_without_a_word_about_it(room: Room) -> None:
    take_call(room, "积水")
    save(room)
    form = opened_form(room)
    type_in("rmlxc")
    press(Qt.Key.Key_Return)
    room.until(lambda: form.similar.chosen_row())
    press(Qt.Key.Key_J, CTRL)
    room.until(lambda: form.wrong.text())
    assert len(room.known(Report)) == 1


def test_the_next_call_begins_with_an_empty_form(room: Room) -> None:
    take_call(room, "积水")
    save(room)
    form = opened_form(room)
    assert (form.place.text(), form.text.toPlainText(), form.similar.rows_model.rows) == ("", "", [])
