"""A grant in words: its role, its region, until when it holds."""

from datetime import datetime

from workstation.domain.records import Grant
from workstation.security.authority import in_force
from workstation.views.ages import full_time
from workstation.views.columns import NameOf, word
from workstation.words import catalogue, t

GRANTING = "grant_authority"


def role_text(role: str | None) -> str:
    """A role by its code and its name."""
    return f"{role} {word('role', role)}" if role and f"role.{role}" in catalogue() else role or t("unknown")


def region_text(region: str | None, name_of: NameOf) -> str:
    """A region by its name; the root is the whole house."""
    return t("administration.everywhere") if region == "" else name_of(region)


def until_text(grant: Grant, now: datetime) -> tuple[str, str]:
    """Until when it holds, or who ended it; and the colour that is written in."""
    if grant.revoked_at is not None:
        who, at = grant.revoked_by or t("unknown"), time_text(grant.revoked_at)
        return t("administration.revoked_by", who=who, at=at), "muted"
    return time_text(grant.valid_to), "text" if in_force(grant, now) else "muted"


def time_text(at: datetime | None) -> str:
    return full_time(at) if at else t("unknown")
