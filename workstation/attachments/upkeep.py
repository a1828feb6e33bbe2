"""What a shelf no longer needs, by what the situation says of it."""

from workstation.attachments.manifest import is_sha256
from workstation.attachments.shelf import Shelf
from workstation.domain.records import Attachment, Incident
from workstation.situation import Situation

OVER = ("false_report", "merged", "handed_over", "closed")
"""The states of an incident whose media are no longer wanted at hand."""


def drop_removed(situation: Situation, shelf: Shelf) -> list[str]:
    """Drop every file of which all records are deleted; what was dropped."""
    gone = {one.digest for one in situation.removed(Attachment) if one.digest and is_sha256(one.digest)}
    gone = {digest for digest in gone if shelf.manifest(digest) is not None}
    kept = {one.digest for one in situation.find(Attachment, digest=sorted(gone) or [""])}
    for digest in sorted(gone - kept):
        shelf.drop(digest)
    return sorted(gone - kept)


def unneeded(situation: Situation, shelf: Shelf) -> list[str]:
    """Files that may be dropped to make room, the oldest first: held by the hub too, their incident over."""
    wanted, over = set[str](), dict[str, None]()
    states = {one.id: one.state for one in situation.find(Incident, state=OVER)}
    for one in situation.find(Attachment, order="added_at"):
        if not one.digest or not is_sha256(one.digest):
            continue
        if one.incident in states and shelf.is_confirmed(one.digest):
            over[one.digest] = None
        else:
            wanted.add(one.digest)
    return [digest for digest in over if digest not in wanted]
