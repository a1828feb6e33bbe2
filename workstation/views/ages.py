"""Moments as an operator reads them: local time, age, and time left, always with enough words to be sure.

The store holds UTC. Everything shown goes through here, so that no page can show a bare number of seconds.
"""

from datetime import datetime, timedelta

from workstation.domain.clock import CITY_ZONE
from workstation.words import language, t


def clock_text(moment: datetime | None) -> str:
    """Local time of day, 20:14:05."""
    return moment.astimezone(CITY_ZONE).strftime("%H:%M:%S") if moment else "—"


def short_time(moment: datetime | None) -> str:
    """Local time to the minute, 20:14."""
    return moment.astimezone(CITY_ZONE).strftime("%H:%M") if moment else "—"


def date_text(moment: datetime) -> str:
    """2026-11-24 周二, or Tue 24 Nov 2026."""
    local = moment.astimezone(CITY_ZONE)
    day = t(f"desk.weekday.{local.isoweekday()}")
    if language() == "zh":
        return f"{local:%Y-%m-%d} {day}"
    return f"{day} {local.day} {t(f'desk.month.{local.month}')} {local.year}"


def day_text(moment: datetime) -> str:
    """11-24 周二, or Tue 24 Nov: the day where there is no room for its year."""
    local = moment.astimezone(CITY_ZONE)
    day = t(f"desk.weekday.{local.isoweekday()}")
    return f"{local:%m-%d} {day}" if language() == "zh" else f"{day} {local.day} {t(f'desk.month.{local.month}')}"


def full_time(moment: datetime | None) -> str:
    """2026-11-24 20:14:05, or 24 Nov 2026 20:14:05."""
    if moment is None:
        return "—"
    local = moment.astimezone(CITY_ZONE)
    if language() == "zh":
        return f"{local:%Y-%m-%d %H:%M:%S}"
    return f"{local.day} {t(f'desk.month.{local.month}')} {local:%Y %H:%M:%S}"


def span(length: timedelta) -> str:
    """A length of time in its two largest parts that matter: 45 秒, 12 分, 3 小时 05 分, 2 天 4 小时."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return t("desk.span.seconds", seconds=seconds)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours == 0:
        return t("desk.span.minutes", minutes=minutes)
    if days == 0:
        return t("desk.span.hours", hours=hours, minutes=f"{minutes % 60:02d}")
    return t("desk.span.days", days=days, hours=hours % 24)


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago, "3 分前"; unknown stays a word."""
    return t("desk.age", span=span(now - moment)) if moment else t("unknown")


def countdown(due: datetime | None, now: datetime) -> str:
    """Time left as mm:ss or h:mm:ss; past due with a plus sign, +03:20. A dash where nothing is due."""
    if due is None:
        return "—"
    seconds = int((due - now).total_seconds())
    sign, seconds = ("+", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{sign}{rest // 60:02d}:{rest % 60:02d}"


def due_words(due: datetime | None, now: datetime) -> str:
    """Time left with its word: "剩 04:32", "超时 +03:20"."""
    if due is None:
        return t("desk.due.none")
    key = "desk.due.over" if due < now else "desk.due.left"
    return t(key, time=countdown(due, now).lstrip("+"))
