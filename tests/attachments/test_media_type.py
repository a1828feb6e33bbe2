"""A file is what its bytes say, whatever it is called."""

import pytest

from workstation.attachments.media_type import HEAD, UNKNOWN, media_type_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
        (b"%PDF-1.7", "application/pdf"),
        (b"MZ\x90\x00", "application/x-msdownload"),
        ("积水 30 厘米\n".encode(), "text/plain"),
        (("水" * 300).encode()[:HEAD], "text/plain"),
        (b"\x00\x01\x02", UNKNOWN),
        ("水".encode()[:2], UNKNOWN),
        (b"\xff\xff\xff", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head, kind):
    assert media_type_of(head) == kind
