"""What an installation is told beyond its content: its city, its feeds and brokers. One TOML file, checked when read.

```toml
city = "linjiang"
language = "zh"

[[feeds]]
name = "cap"
url = "https://weather.example/alerts.atom"
seconds = 60

[[mqtt]]
url = "mqtt://user:password@broker.example:1883"
```
"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workstation.domain.errors import ContentError

MAX_BYTES = 1024 * 1024


class FeedSettings(BaseModel):
    """One address that is polled. `name` is the source that its records carry; `seconds` between two good rounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z0-9_-]{1,32}$")
    url: str = Field(pattern=r"^https?://")
    seconds: float = Field(default=60.0, gt=0)


class MqttSettings(BaseModel):
    """One broker. How its messages are read is content: `resources/mappings/mqtt.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str = Field(pattern=r"^mqtt://")


class Settings(BaseModel):
    """A whole configuration; without a file these are the defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    city: str = "linjiang"
    language: Literal["zh", "en"] = "zh"
    feeds: tuple[FeedSettings, ...] = ()
    mqtt: tuple[MqttSettings, ...] = ()


def read_settings(path: Path | None) -> Settings:
    """The settings in a file; the defaults for None. Raises ContentError naming file, field and what is wrong."""
    if path is None:
        return Settings()
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        raise ContentError(str(path), "", "not a file, or too large")
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(str(path), "", str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError(str(path), ".".join(str(part) for part in first["loc"]), first["msg"]) from error
