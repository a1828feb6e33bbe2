"""What a file is, by its first bytes; its name is not asked, since anybody can write a name.

Signatures as registered with IANA and listed in the WHATWG MIME Sniffing standard, section 6.
"""

HEAD = 512
"""Bytes that are looked at."""
UNKNOWN = "application/octet-stream"
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyphei", "image/heif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"MZ", "application/x-msdownload"),
)
_TEXT_CONTROLS = {0x09, 0x0A, 0x0C, 0x0D}


def media_type_of(head: bytes) -> str:
    """The media type of a file whose first bytes are `head`; `application/octet-stream` where nothing is known."""
    for at, mark, kind in _SIGNATURES:
        if head.startswith(mark, at):
            return kind
    return "text/plain" if head and _is_text(head[:HEAD]) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; a character cut off at the end is forgiven."""
    if any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and len(head) == HEAD
    return True
