"""Files about incidents, reports and tasks: attached once, never opened by name, deleted when their time is over."""

import hashlib
from datetime import timedelta

import pytest

from tests.attachments.photographs import recording, shelf_in, stream
from tests.journals import opened
from workstation.attachments.taking import LONGEST_NAME, shown_name, take_file
from workstation.attachments.upkeep import drop_removed
from workstation.commands.attachment import attach, remove
from workstation.commands.retention import delete_expired, expired, read_rules
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Attachment, Deletion
from workstation.security.sealing import Sealer

PHOTO = b"\xff\xd8\xff\xe0" + recording(3000)


class Post:
    """A journal, a shelf and a person between them."""

    def __init__(self, folder, clock: ManualClock) -> None:
        self.journal, self.clock = opened(folder, "ZX", clock), clock
        self.shelf, self.sealer = shelf_in(folder / "attachments"), Sealer.create()
        told = [("incident", "i1"), ("incident", "i2"), ("report", "r1"), ("report", "r2"), ("task", "t1")]
        changes = [change for kind, name in told for change in set_fields(kind, name, title=name)]
        belongs = set_fields("report", "r1", incident="i1") + set_fields("task", "t1", incident="i1")
        self.journal.append([Draft("wang", "test", (*changes, *belongs))])

    def give(self, command, role: str = "OP"):
        seat = Seat("wang", role, "ZX", "", self.clock.now(), self.journal.situation, self.journal.new_id)
        return self.journal.append([command(seat)])

    def take(self, body: bytes = PHOTO, name: str = "IMG.jpg", personal: bool = True):
        return take_file(stream(body), name, self.shelf, self.sealer, personal=personal)

    def known(self, **equals) -> list[Attachment]:
        return self.journal.situation.find(Attachment, **equals)


@pytest.fixture
def post(tmp_path, clock):
    made = Post(tmp_path, clock)
    yield made
    made.journal.close()


def test_a_photograph_is_attached_with_what_it_is_and_by_whom(post, clock):
    (entry,) = post.give(attach(post.take(name="合同.pdf"), "i1"))
    (known,) = post.known(incident="i1")
    assert (known.media_type, known.size, known.added_by, known.added_at) == (
        "image/jpeg",
        len(PHOTO),
        "wang",
        clock.now(),
    )
    assert (known.name, known.source, entry.data_class) == ("合同.pdf", "desk", 3)
    assert post.shelf.holds(known.digest)
    assert known.root == post.shelf.manifest(known.digest).root


def test_the_key_of_a_personal_file_is_sealed_and_its_clear_digest_told_to_nobody(post):
    taken = post.take()
    (entry,) = post.give(attach(taken, "i1"))
    said = str(entry.changes)
    assert taken.key not in said
    assert hashlib.sha256(PHOTO).hexdigest() not in said
    (known,) = post.known()
    assert post.journal.reveal(known.key) == taken.key


def test_a_file_without_personal_data_is_kept_in_clear(post):
    (entry,) = post.give(attach(post.take(personal=False), "i1"))
    (known,) = post.known()
    assert (known.digest, known.key, entry.data_class) == (hashlib.sha256(PHOTO).hexdigest(), None, 2)


@pytest.mark.parametrize("to", ["r1", "t1"])
def test_a_file_about_a_report_or_task_is_found_at_its_incident_too(post, to):
    post.give(attach(post.take(), to))
    (known,) = post.known(incident="i1")
    assert to in (known.report, known.task)


def test_the_same_file_is_attached_once_to_one_thing_and_may_be_to_another(post):
    post.give(attach(post.take(name="a.jpg"), "i1"))
    with pytest.raises(Refused) as refusal:
        post.give(attach(post.take(name="b.jpg"), "i1"))
    assert (refusal.value.rule, refusal.value.details) == ("attachment.known", {"name": "a.jpg"})
    post.give(attach(post.take(), "i2"))
    assert len(post.known()) == 2


@pytest.mark.parametrize("to", ["i9", "", "attachment:1"])
def test_a_file_is_not_attached_to_nothing(post, to):
    with pytest.raises(Refused, match="to_unknown"):
        post.give(attach(post.take(), to))


def test_a_removed_file_leaves_a_tombstone_and_then_the_shelf(post):
    taken = post.take()
    post.give(attach(taken, "i1"))
    (known,) = post.known()
    with pytest.raises(Refused, match="reason"):
        post.give(remove(known.id, "  "))
    post.give(remove(known.id, "传错了"))
    assert post.known() == []
    assert drop_removed(post.journal.situation, post.shelf) == [taken.manifest.sha256]
    with pytest.raises(Refused, match="unknown"):
        post.give(remove(known.id, "再删一次"))


def test_a_file_that_something_else_still_needs_stays_on_the_shelf(post):
    taken = post.take(personal=False)
    post.give(attach(taken, "i1"))
    post.give(attach(taken, "i2"))
    post.give(remove(post.known(incident="i1")[0].id, "传错了"))
    assert drop_removed(post.journal.situation, post.shelf) == []
    assert post.shelf.holds(taken.manifest.sha256)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("IMG_0001.jpg", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"),
        ("照片 1.png", "照片 1.png"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("..", ".."),
        ("", ""),
        ("长" * 10_000 + ".jpg", "长" * (LONGEST_NAME - 4) + ".jpg"),
        ("x." + "y" * 10_000, "x." + "y" * (LONGEST_NAME - 2)),
    ],
)
def test_a_hostile_name_is_text_and_short(name, shown):
    assert shown_name(name) == shown


def test_a_camera_s_picture_that_belongs_to_nothing_is_listed_after_thirty_days(post, clock):
    post.give(attach(post.take(), None, "camera"))
    post.give(attach(post.take(recording(10)), "i1", "camera"))
    post.give(attach(post.take(recording(20)), None, "desk"))
    clock.advance(30 * 86400)
    assert expired(post.journal.situation, clock.now(), read_rules()) == []
    clock.advance(1)
    (found,) = expired(post.journal.situation, clock.now(), read_rules())
    assert (found.rule.name, found.count) == ("video_snapshots", 1)
    assert found.before == clock.now() - timedelta(days=30)


def test_a_deletion_names_who_confirmed_it_and_what_it_was(post, clock):
    post.give(attach(post.take(), None, "camera"))
    (picture,) = post.known()
    clock.advance(31 * 86400)
    (found,) = expired(post.journal.situation, clock.now(), read_rules())
    post.give(delete_expired(found), "SUP")
    (record,) = post.journal.situation.find(Deletion)
    assert post.known() == []
    assert (record.rule, record.what, record.count) == ("video_snapshots", "attachment", 1)
    assert record.sha256 == hashlib.sha256(f"{picture.id}\n".encode()).hexdigest()
    assert (record.confirmed_by, record.confirmed_at) == ("wang", clock.now())


def test_only_the_supervisor_or_the_security_officer_confirms_a_deletion(post, clock):
    post.give(attach(post.take(), None, "camera"))
    clock.advance(31 * 86400)
    (found,) = expired(post.journal.situation, clock.now(), read_rules())
    with pytest.raises(Refused, match="role"):
        post.give(delete_expired(found), "OP")


def test_what_was_linked_after_it_was_listed_is_not_deleted(post, clock):
    post.give(attach(post.take(), None, "camera"))
    clock.advance(31 * 86400)
    (found,) = expired(post.journal.situation, clock.now(), read_rules())
    post.journal.append([Draft("li", "attachment.add", set_fields("attachment", found.ids[0], incident="i1"))])
    with pytest.raises(Refused, match="changed"):
        post.give(delete_expired(found), "SUP")
    assert len(post.known()) == 1
