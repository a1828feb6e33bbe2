"""Times from outside to UTC. A time without a zone is used only where its source has declared one."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.feeds.parsed import Notes, flaw

EARLIEST = 1000
_CAP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_CAP_STRICT = re.compile(r"[-0-9]{10}T[:0-9]{8}[+-]\d\d:\d\d", re.ASCII)
_LOOSE = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?"
    r"(?:(?:[T\s]+|(?<=日))(\d{1,2})[:：时](\d{1,2})(?:[:：分](?:(\d\d?)(?:\.(\d{1,9}))?秒?)?)?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def cap_time(value: str, place: str, notes: Notes) -> datetime:
    """CAP's dateTime: an offset is required; Z, +0800, a blank for T and fractions are accepted with a remark; -00:00
    is UTC.

    Raises FeedError for anything else.
    """
    found = _CAP.fullmatch(value)
    if found is None or found.group(4) is None:
        key = "feeds.time.no_zone" if found else "feeds.time.invalid"
        raise flaw(place, key, value=value)
    if not _CAP_STRICT.fullmatch(value):
        notes.add(place, "feeds.time.loose", value=value)
    day, time, fraction, offset = found.groups()
    return _utc(f"{day}T{time}{(fraction or '')[:7]}{offset}", place, value)


def _to_utc(moment: datetime) -> datetime:
    """Raises ValueError before the year 1000: no clock means it, and its text would not sort as its time does."""
    found = moment.astimezone(UTC)
    if found.year < EARLIEST:
        raise ValueError(moment)
    return found


def _utc(text: str, place: str, value: str) -> datetime:
    try:
        return _to_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise flaw(place, "feeds.time.invalid", value=value) from error


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises ValueError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error


def loose_time(value: str, place: str, zone: str | None) -> datetime:
    """A time as offices write it: -, / or 年月日, T or blanks, with or without seconds, fractions, offset.

    `zone` is what the source declares for times without an offset. Raises FeedError without either.
    """
    found = _LOOSE.fullmatch(value.strip())
    if found is None:
        raise flaw(place, "feeds.time.invalid", value=value)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if offset is None and zone is None:
        raise flaw(place, "feeds.time.no_zone", value=value)
    numbers = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        whole = datetime(numbers[0], numbers[1], numbers[2])  # noqa: DTZ001  zoned below
        if numbers[3] > 23 or numbers[4] > 59 or numbers[5] > 59:
            raise ValueError(value)
        naive = whole + timedelta(hours=numbers[3], minutes=numbers[4], seconds=numbers[5], microseconds=micro)
    except ValueError as error:
        raise flaw(place, "feeds.time.invalid", value=value) from error
    return in_zone(naive, place, offset, zone)


def in_zone(naive: datetime, place: str, offset: str | None, zone: str | None) -> datetime:
    """A wall-clock time to UTC by its own offset or its source's zone (the first of a doubled hour)."""
    if offset:
        tidy = "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[-2:]}"
        return _utc(naive.isoformat() + tidy, place, naive.isoformat() + offset)
    if zone is None:
        raise flaw(place, "feeds.time.no_zone", value=naive.isoformat(sep=" "))
    try:
        return _to_utc(naive.replace(tzinfo=zone_of(zone)))
    except (ValueError, OverflowError) as error:
        raise flaw(place, "feeds.time.invalid", value=naive.isoformat(sep=" ")) from error


def mail_time(value: str, place: str) -> datetime:
    """RFC 822 as RSS uses it. Raises FeedError; a time without a zone counts as invalid."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise flaw(place, "feeds.time.invalid", value=value) from error
    if moment.tzinfo is None:
        raise flaw(place, "feeds.time.no_zone", value=value)
    try:
        return _to_utc(moment)
    except (ValueError, OverflowError) as error:
        raise flaw(place, "feeds.time.invalid", value=value) from error


def millis_time(value: object, place: str) -> datetime:
    """Milliseconds since 1970 (UTC). Raises FeedError for what is no number or no date."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise flaw(place, "feeds.time.invalid", value=value)
    try:
        return _to_utc(datetime.fromtimestamp(value / 1000, UTC))
    except (ValueError, OverflowError, OSError) as error:
        raise flaw(place, "feeds.time.invalid", value=value) from error
