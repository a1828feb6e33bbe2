"""The log as lines of JSON, for machines that gather it. What a message was given beside its words is in `told`.

An exception is told by its kind and where it was raised, not by its words, which may quote a record.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

from workstation.domain.clock import iso


class JsonLines(logging.Formatter):
    """One object a line: at (UTC), level, logger, message, and told and error where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": iso(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if told := getattr(record, "told", None):
            line["told"] = told
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["raised"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False)


def log_json() -> None:
    """Have every handler of the root logger write so from now on."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
