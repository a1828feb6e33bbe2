"""Personal values as a screen or a document may show them, and free text with the personal values in it masked.

Full-width and other decimal digits are read as digits, separators inside a number are read over, and a run of digits
that hides a mobile number is masked whole: what is masked too much can be asked for again, what once left the house
cannot be called back.
"""

import re
import unicodedata
from collections.abc import Callable

STAR = "*"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[ \t\u00a0\u3000\-\u2010-\u2015\u2212.·•_/()（）－．]{0,3}"
_RUN = re.compile(rf"[+＋]?\d(?:{_GAP}\d)*(?:{_GAP}[xX])?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_COUNTRY = re.compile(r"(?:00|0)?86(?=1[3-9]\d{9}$)")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})")
_ID = re.compile(r"\d{17}[\dX]|\d{15}")
_PLATE = re.compile(
    rf"(?:[{PROVINCES}][A-HJ-NP-Z])[ \t·•\-]?(?:[A-HJ-NP-Z0-9]{{4}}[港澳学挂警领]|[A-HJ-NP-Z0-9]{{5,6}})(?![A-Z0-9])"
)
_CELL = re.compile(r"^.*(?:社区|村|居委会)|^.*(?:街道|镇|乡)|^.*?[路街巷道](?!道)|^.*(?:区|县|市)")
_LONGEST_OPEN = 14


def mask_name(name: str) -> str:
    """The first character, every other one starred; a name of one character is a star."""
    name = name.strip()
    if len(name) == 1:
        return STAR
    return name[:1] + "".join(char if char.isspace() else STAR for char in name[1:])


def mask_phone(phone: str) -> str:
    """A mobile keeps 3 and 4 digits, a landline its area code and 2; service numbers (110, 12345) are nobody's."""
    digits = _digits(phone)
    country = _COUNTRY.match(digits)
    if country:
        return f"+86 {_mask_mobile(digits[country.end() :])}"
    if _MOBILE.fullmatch(digits):
        return _mask_mobile(digits)
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        area, number = landline.groups()
        return f"{area}-{STAR * (len(number) - 2)}{number[-2:]}"
    return digits if len(digits) <= 5 else STAR * (len(digits) - 2) + digits[-2:]


def mask_id(number: str) -> str:
    """Resident ID of 18 or 15 places: the first 3 and last 2; anything else is starred whole."""
    compact = re.sub(r"[\s\-]", "", plain(number)).upper()
    if not _ID.fullmatch(compact):
        return STAR * len(compact)
    return compact[:3] + STAR * (len(compact) - 5) + compact[-2:]


def mask_plate(plate: str) -> str:
    """Province and letter, then stars, then the last 3."""
    compact = plate_number(plate)
    if len(compact) < 6:
        return STAR * len(compact)
    return f"{compact[:2]}·{STAR * (len(compact) - 5)}{compact[-3:]}"


def mask_address(address: str) -> str:
    """As far as the community, else the street office, else the road; house and door are hidden."""
    found = _CELL.match(plain(address))
    kept = address[: found.end()] if found else ""
    return kept if kept == address else f"{scrub(kept)}***"


def scrub(text: str) -> str:
    """Free text with every mobile, landline, resident ID and plate in it masked; all else as it was written."""
    return _replace(_replace(text, _PLATE, mask_plate), _RUN, _mask_run)


def phones_in(text: str) -> list[str]:
    """Mobile numbers named in free text, as 11 digits."""
    runs = (_digits(found.group()) for found in _RUN.finditer(plain(text)))
    return [number for number in map(phone_number, runs) if _MOBILE.fullmatch(number)]


def plates_in(text: str) -> list[str]:
    """Plates named in free text, upper case without separators."""
    return [plate_number(found.group()) for found in _PLATE.finditer(plain(text).upper())]


def phone_number(text: str) -> str:
    """A phone number as it is compared: digits alone, without the country code of the mainland."""
    return _COUNTRY.sub("", _digits(text))


def plate_number(text: str) -> str:
    """A plate as it is compared: upper case, without separators."""
    return re.sub(r"[\s·•\-]", "", plain(text)).upper()


def plain(text: str) -> str:
    """The text with every decimal digit and full-width letter as ASCII, place for place."""
    return text if text.isascii() else text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """How each character reads, learned as it is met: a table of all of them would be a million rows."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        number = unicodedata.decimal(char, None)
        if number is not None:
            char = str(number)
        elif "\uff21" <= char <= "\uff5a":
            char = unicodedata.normalize("NFKC", char)
        self[code] = char
        return char


_PLAIN = _Plain()


def _digits(text: str) -> str:
    return "".join(char for char in plain(text) if char.isdecimal())


def _mask_mobile(digits: str) -> str:
    return f"{digits[:3]}{STAR * 4}{digits[-4:]}"


def _replace(text: str, pattern: re.Pattern[str], mask: Callable[[str], str | None]) -> str:
    """Replace what `pattern` finds in the plain reading; None leaves the original characters alone."""
    pieces, end = [], 0
    for found in pattern.finditer(plain(text).upper() if pattern is _PLATE else plain(text)):
        masked = mask(found.group())
        if masked is not None:
            pieces += [text[end : found.start()], masked]
            end = found.end()
    return "".join([*pieces, text[end:]])


def _mask_run(run: str) -> str | None:
    """The masked form of a run of digits, or None for one that names nobody."""
    compact = _digits(run) + ("X" if run[-1] in "xX" else "")
    if _ID.fullmatch(compact):
        return mask_id(compact)
    digits = compact.rstrip("X")
    tail = run[-1] if compact != digits else ""
    if _MOBILE.fullmatch(phone_number(digits)) or _LANDLINE.fullmatch(digits):
        return mask_phone(digits) + tail
    if _MOBILE.search(digits) or len(digits) > _LONGEST_OPEN:
        return digits[:3] + STAR * (len(digits) - 5) + digits[-2:] + tail
    return None
