"""What a playbook file may hold. Anything else in it is a mistake that is named, not passed over."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

LevelName = Literal["I", "II", "III", "IV"]
LEVELS: tuple[LevelName, ...] = ("I", "II", "III", "IV")
Minutes = Annotated[float, Field(ge=0, le=60 * 24 * 30)]
ByLevel = dict[LevelName, Minutes]
Mode = Literal["auto", "manual", "confirm", "double"]
FIELD_ROLES = frozenset(
    {
        *("STREET", "TRAFFIC_POLICE", "POLICE", "FIRE", "HEALTH_EMERG", "CDC", "WATER", "POWER", "GAS_CO", "UTILITIES"),
        *("SUBWAY", "ROADS", "HOUSING", "PROPERTY", "EDU", "ENV", "MARINE", "MARKET_REG", "EVENT_ORG", "PLANT"),
        "PLANT_INSPECT",
    }
)
"""Roles outside the command room: what they are to do goes out as a task."""
ROOM_ROLES = frozenset({"OP", "SUP", "SYSTEM", "DEPUTY", "LEADER"})
ROLES = FIELD_ROLES | ROOM_ROLES | {"STREET_HEAD"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Bilingual(_Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _in_both(text: object) -> object:
    """A text that was written in one language stands for both."""
    return {"zh": text, "en": text} if isinstance(text, str) else text


class Trigger(_Strict):
    """`any`: one true condition starts it; `all`: every one must be true."""

    any: list[str] = []
    all: list[str] = []


class LevelRule(_Strict):
    """The first rule from the top that holds suggests its level."""

    level: LevelName
    when: str


class StepPlan(_Strict):
    """A step as planned. `due` in minutes from activation (clock TA), from the first report (T0), or from the end of a
    typhoon's landfall, before which the step waits."""

    id: str = Field(pattern=r"^[A-Z]{1,3}\d{1,3}$")
    due: Minutes | ByLevel
    clock: Literal["TA", "T0", "landfall_end"] = "TA"
    role: str
    mode: Mode
    do: Bilingual
    show: list[str] = []
    done_when: str = Field(min_length=1)
    from_level: LevelName = "IV"
    if_: str | None = Field(default=None, alias="if")
    esc: list[str] = []
    repeat_min: Minutes | ByLevel | None = None

    def due_at(self, level: str) -> float:
        """Minutes until it is due at a response level."""
        return _at(self.due, level)

    def repeats(self, level: str) -> float | None:
        return None if self.repeat_min is None else _at(self.repeat_min, level)

    def applies(self, level: str) -> bool:
        """Whether a response level calls for it: `from_level` III means I, II and III."""
        return LEVELS.index(level) <= LEVELS.index(self.from_level) if level in LEVELS else self.from_level == "IV"


class Stop(_Strict):
    """All conditions, held for `hold_min` minutes, speak for stopping."""

    hold_min: Minutes
    all: list[str] = Field(min_length=1)


class Playbook(_Strict):
    """One playbook. `use: common` puts the common steps first; `prohibit` is what nobody may do while it runs."""

    id: str = Field(pattern=r"^PB-[A-Z]+$")
    version: int = Field(ge=1)
    name: Bilingual
    types: list[str] = Field(min_length=1)
    trigger: Trigger
    levels: list[LevelRule] = Field(min_length=1)
    prohibit: list[Annotated[Bilingual, BeforeValidator(_in_both)]] = []
    use: Literal["common"] | None = None
    steps: list[StepPlan] = Field(min_length=1)
    stop: Stop
    report: dict[str, list[str]] = {}
    data: list[str] = []


class Common(_Strict):
    """The steps that every playbook may take in."""

    common: list[StepPlan] = Field(min_length=1)


def _at(value: float | ByLevel, level: str) -> float:
    if isinstance(value, dict):
        return next((minutes for name, minutes in value.items() if name == level), max(value.values()))
    return float(value)
