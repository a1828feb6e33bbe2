"""A matter of the inbox in sentences: what it is about, why it is listed, what both had seen, who decided and why."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.encoding import to_value
from workstation.intake.values import value_in
from workstation.situation import Awaited, Base, Breach, Claim, Conflict
from workstation.views.columns import NameOf
from workstation.views.inbox import Matter
from workstation.views.inbox_columns import field_text, incident_text, moment_text, record_text, who_text
from workstation.words import language, t


@dataclass(frozen=True, slots=True)
class MatterText:
    """`name_of` names streets, offices and places."""

    name_of: NameOf

    def head(self, matter: Matter) -> str:
        return f"{record_text(matter, self.name_of)} · {field_text(matter)}"

    def why(self, matter: Matter) -> str:
        """Why it is listed, and what is shown until somebody decides; of a decided one the decision."""
        one = matter.about
        if isinstance(one, Awaited):
            return t("inbox.awaited", incident=one.incident)
        if isinstance(one, Breach):
            listed = "; ".join(incident_text(record, self.name_of) for record in matter.incidents)
            return t(f"inbox.because.{one.rule}", incidents=listed)
        if one.decision is None:
            shown = self.value(one, getattr(matter.record, one.field, None))
            return t("inbox.because.open" if one.state == "open" else "inbox.because.rule", value=shown)
        return t(
            "inbox.decided",
            value=self.value(one, one.decision.value),
            who=who_text(one.decision),
            at=moment_text(one.decision),
            reason=one.decision.reason or t("inbox.no_reason"),
        )

    def base(self, conflict: Conflict, base: Base) -> str:
        if base.claim is None:
            return t("inbox.base_none" if base.is_known else "inbox.base_unknown")
        value, who = self.value(conflict, base.claim.value), who_text(base.claim)
        return t("inbox.base", value=value, who=who, at=moment_text(base.claim))

    def said(self, conflict: Conflict, claim: Claim) -> str:
        """One claim whole, where the table had to cut it."""
        value, who = self.value(conflict, claim.value), who_text(claim)
        return f"{value} · {who} · {moment_text(claim)} · {claim.reason or t('inbox.no_reason')}"

    def value(self, conflict: Conflict, value: object) -> str:
        """A value of the disputed field, as an entry or as a record holds it."""
        plain = to_value(value) if isinstance(value, datetime | bool | int | float | str | list | dict) else None
        return value_in(language(), self.name_of, (conflict.kind, conflict.field), plain)
