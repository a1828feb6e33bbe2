"""The files of an incident at the desk: attached by key, seen small, saved as a copy, never opened by themselves."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog

from tests.attachments.photographs import recording, shelf_in, stream
from tests.desks import Room, cells, flood, press
from workstation.attachments.taking import take_file
from workstation.commands.attachment import attach
from workstation.domain.records import Attachment, Document
from workstation.views import thumbnails
from workstation.views.files_page import FilesPage, size_text
from workstation.views.thumbnails import HEIGHT, WIDTH, thumbnail
from workstation.words import t

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NAME, KIND, SIZE, STATE = range(4)


def picture(folder: Path, width: int = 800, height: int = 600, form: str = "PNG", name: str = "积水.png") -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("steelblue"))
    path = folder / name
    assert image.save(str(path), form)
    return path


@pytest.fixture
def page(room: Room) -> FilesPage:
    """The files of an incident that has none."""
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    room.window.incident.turn_to("files")
    return room.window.incident.files


@pytest.fixture
def dialog(monkeypatch) -> dict[str, str]:
    """What the person chooses in the dialogs of files; empty: they would not."""
    chosen = {"open": "", "save": "", "proposed": ""}
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda parent, title: (chosen["open"], ""))

    def save(parent, title, name):
        chosen["proposed"] = name
        return chosen["save"], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    return chosen


def attach_by_key(room: Room, dialog: dict[str, str], path: Path) -> None:
    dialog["open"] = str(path)
    press(Qt.Key.Key_F, CTRL, SHIFT)


def test_a_photograph_is_attached_by_key_and_seen_beside_the_list(room, page, dialog, tmp_path):
    attach_by_key(room, dialog, picture(tmp_path))
    room.until(lambda: cells(page.table, NAME) == ["积水.png"])
    assert (cells(page.table, KIND), cells(page.table, STATE)) == ([t("files.kind.image")], [t("files.state.here")])
    page.table.choose(page.table.rows_model.rows[0].id)
    room.until(lambda: not page.picture.pixmap().isNull())
    assert (page.picture.pixmap().width(), page.picture.pixmap().height()) == (WIDTH, HEIGHT)
    assert "积水.png" in page.page.about.text()
    assert room.window.incident.tabs.tabText(5).endswith(" 1")


def test_a_file_attached_twice_is_refused_in_words(room, page, dialog, tmp_path):
    path = picture(tmp_path)
    attach_by_key(room, dialog, path)
    room.until(lambda: cells(page.table, NAME) == ["积水.png"])
    attach_by_key(room, dialog, path)
    room.until(lambda: t("refused.attachment.known", name="积水.png") in page.page.about.text())
    assert len(room.known(Attachment)) == 1
    assert len([one for one in room.station.space.attachments.glob("??/??/*") if not one.suffix]) == 1


@pytest.mark.parametrize(("content", "said"), [(b"", "files.trouble.empty"), (None, None)])
def test_a_file_that_cannot_be_taken_says_why(room, page, dialog, tmp_path, content, said):
    path = tmp_path / "leer.txt"
    if content is not None:
        path.write_bytes(content)
    attach_by_key(room, dialog, path)
    room.until(lambda: page.page.about.text().startswith(t("files.failed", reason="")))
    assert said is None or t(said) in page.page.about.text()
    assert room.known(Attachment) == []


def test_nobody_who_closes_the_dialog_attaches_anything(room, page, dialog):
    press(Qt.Key.Key_F, CTRL, SHIFT)
    assert page.page.about.isHidden()
    assert room.known(Attachment) == []


def test_a_copy_is_saved_where_the_person_says_and_recorded(room, page, dialog, tmp_path):
    path = picture(tmp_path)
    attach_by_key(room, dialog, path)
    room.until(lambda: cells(page.table, NAME) == ["积水.png"])
    page.table.choose(page.table.rows_model.rows[0].id)
    page.table.setFocus()
    dialog["save"] = str(tmp_path / "copy.png")
    press(Qt.Key.Key_Return)
    room.until(lambda: t("files.saved", name="copy.png") in page.page.about.text())
    assert dialog["proposed"] == "积水.png"
    assert (tmp_path / "copy.png").read_bytes() == path.read_bytes()
    assert [one.name for one in room.known(Document)] == ["积水.png"]


def test_a_file_that_is_elsewhere_is_sent_for_and_followed(room, page, dialog, tmp_path):
    elsewhere = shelf_in(tmp_path / "elsewhere")
    body = recording(2 * 1024 * 1024)
    taken = take_file(stream(body), "现场.mp4", elsewhere, room.station.space.sealer())
    room.station.submit(attach(taken, "i1", "officer"), "li", "ST").result()
    room.until(lambda: cells(page.table, STATE) == [t("files.state.away")])
    page.table.choose(page.table.rows_model.rows[0].id)
    page.save()
    page.tick()
    assert cells(page.table, STATE) == [t("files.state.fetching", percent=0)]
    here = shelf_in(room.station.space.attachments)
    assert here.is_asked_for(taken.manifest.sha256)
    here.begin(taken.manifest)
    for index in range(4):
        here.put_chunk(taken.manifest.sha256, index, elsewhere.chunk(taken.manifest.sha256, index))
    page.tick()
    assert cells(page.table, STATE) == [t("files.state.fetching", percent=49)]
    for index in range(4, len(taken.manifest.chunks)):
        here.put_chunk(taken.manifest.sha256, index, elsewhere.chunk(taken.manifest.sha256, index))
    here.confirm(taken.manifest.sha256)
    page.tick()
    assert cells(page.table, STATE) == [t("files.state.hub")]


def test_a_removed_file_leaves_the_list(room, page, dialog, tmp_path, monkeypatch):
    attach_by_key(room, dialog, picture(tmp_path))
    room.until(lambda: cells(page.table, NAME) == ["积水.png"])
    page.table.choose(page.table.rows_model.rows[0].id)
    monkeypatch.setattr(QInputDialog, "getText", lambda *asked: ("传错了", True))
    page.remove()
    room.until(lambda: cells(page.table, NAME) == [])
    assert not page.page.empty.isHidden()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "WEBP"])
def test_an_image_is_shown_small(dressed, tmp_path, form):
    image = thumbnail(picture(tmp_path, 4000, 1000, form).read_bytes(), f"image/{form.lower()}")
    assert (image.width(), image.height()) == (WIDTH, 60)


def test_a_small_image_is_not_enlarged(dressed, tmp_path):
    assert thumbnail(picture(tmp_path, 7, 5).read_bytes(), "image/png").width() == 7


@pytest.mark.qt_log_ignore("JPEG")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + recording(500), "image/png"),
        (b"\xff\xd8\xff\xe0" + recording(500), "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"%PDF-1.7", "application/pdf"),
        (b"", "image/png"),
    ],
)
def test_what_is_no_sound_image_has_no_picture(dressed, body, kind):
    assert thumbnail(body, kind) is None


@pytest.mark.qt_log_ignore("JPEG")
def test_a_file_is_decoded_as_what_it_was_found_to_be_and_nothing_else(dressed, tmp_path):
    assert thumbnail(picture(tmp_path).read_bytes(), "image/jpeg") is None


def test_an_image_larger_than_bearable_is_not_decoded(dressed, tmp_path, monkeypatch):
    body = picture(tmp_path, 300, 300).read_bytes()
    monkeypatch.setattr(thumbnails, "MOST_PIXELS", 89_999)
    assert thumbnail(body, "image/png") is None
    monkeypatch.setattr(thumbnails, "MOST_PIXELS", 90_000)
    assert thumbnail(body, "image/png") is not None
    monkeypatch.setattr(thumbnails, "LARGEST_FILE", len(body) - 1)
    assert thumbnail(body, "image/png") is None


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (3_250_000, "3.1 MB"), (200 * 1024**2, "200 MB")]
)
def test_a_size_is_said_as_people_say_it(size, said):
    assert size_text(size) == said
