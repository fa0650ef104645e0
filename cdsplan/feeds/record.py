"""The record of what was last published, `feeds.json`, which travels with the published folder: reading and writing it.

One object, one event a line, in a stable order, so that the same state is the same bytes. It holds what subscribers
see of an item (its name and day) and nothing else of the plan. It is checked on reading like any input, because what it
says becomes part of feeds: a record that is broken, or that no `publish` wrote, is a `PlanError` with places. The form
is described in docs/publishing.md.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from cdsplan.feeds.state import Published, PublishedFeed, State
from cdsplan.messages import msg
from cdsplan.plan.fields import FIRST_YEAR, LAST_YEAR, are_ids
from cdsplan.plan.reader import RESERVED_NAMES
from cdsplan.plan.source import Source
from cdsplan.problems import PlanError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cdsplan.messages import Message

FORMAT, VERSION = "cdsplan-feeds", 1
LARGEST_SEQUENCE = 2**31 - 1  # an iCalendar INTEGER
UNREADABLE, FOREIGN = "CDS401", "CDS402"


def write_state(state: State) -> bytes:
    """Write a state as the content of `feeds.json`."""
    feeds = ",\n".join(
        f'{_text(key)}: {{"name": {_text(feed.name)}, "description": {_text(feed.description)}, '
        + (f'"ids": {_text(feed.ids)}, ' if feed.ids else "")
        + '"events": {\n'
        + ",\n".join(f"{_text(uid)}: {_text(_fields(event))}" for uid, event in feed.events.items())
        + "\n}}"
        for key, feed in state.feeds.items()
    )
    head = f'{{"format": {_text(FORMAT)}, "version": {VERSION}, "plans": {_text(state.plans)}, "feeds": {{\n'
    return f"{head}{feeds}\n}}}}\n".encode()


_text = json.JSONEncoder(ensure_ascii=False).encode


def _fields(event: Published) -> dict[str, Any]:
    found: dict[str, Any] = {"sequence": event.sequence, "stamp": _written(event.stamp)}
    if event.content is not None:
        found["content"] = event.content
    if event.name is not None and event.day is not None:
        found["name"], found["day"] = event.name, event.day.isoformat()
    if event.time is not None:
        found["time"] = event.time.isoformat("minutes")
    if event.cancelled is not None:
        found["cancelled"] = event.cancelled.isoformat()
    return found


def _written(stamp: datetime) -> str:
    return f"{stamp.replace(tzinfo=None).isoformat()}Z"


def read_state(data: bytes, file: str, plans: Iterable[str]) -> State:
    """Read the content of a `feeds.json` for publishing the plans with these ids; messages call it `file`.

    Raises:
        PlanError: it is broken, or made of other plans only.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        source = Source(file, before + data[error.start :].decode(errors="replace"))
        raise PlanError((_problem(msg("this is no UTF-8 text"), source, len(before)),)) from None
    source = Source(file, text)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise PlanError((_problem(msg("this is no JSON from here on"), source, error.pos),)) from None
    except (RecursionError, ValueError):  # nested too deeply; a number of thousands of digits
        raise PlanError((_problem(msg("this is no record of published feeds"), source, 0),)) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PlanError((_problem(msg("this is no record of published feeds"), source, 0),))
    if document.get("version") != VERSION:
        message = msg("another version of cdsplan wrote this record of published feeds")
        hint = msg("publish with that version, or a newer one")
        raise PlanError((_problem(message, source, _offset(text, ("version",)), hint=hint),))
    reader = _Reader(source)
    state = reader.state(document)
    if reader.problems:
        raise PlanError(tuple(reader.problems))
    wanted = tuple(plans)
    if set(state.plans).isdisjoint(wanted):
        message = msg(
            "these feeds were published of other plans ({others}), not of {plans}", others=state.plans, plans=wanted
        )
        hint = msg("publish into a folder of its own, or with --previous none into this one")
        raise PlanError((_problem(message, source, _offset(text, ("plans",)), code=FOREIGN, hint=hint),))
    return state


def _problem(
    message: Message, source: Source, at: int, *, code: str = UNREADABLE, hint: Message | None = None
) -> Problem:
    otherwise = msg(
        "fetch it anew from where the feeds are published, or restore it; --previous none does without, and then "
        "subscribers may miss changes"
    )
    return Problem(code=code, message=message, hint=hint or otherwise, place=source.place_at(at))


UID = re.compile(r"[a-z0-9_][a-z0-9_.@+-]{0,399}@[a-z0-9-]{1,64}")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}|all_")
MOST_PROBLEMS = 5
"""Such a file is restored, not mended: a few show what is the matter."""


class _Reader:
    """Takes a parsed document apart and notes what no `publish` writes."""

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self._source = source

    def state(self, document: dict[str, Any]) -> State:
        """Read the whole."""
        plans = self._field(document, "plans", (), _ids) or ()
        feeds = self._field(document, "feeds", (), _table) or {}
        return State(plans, {key: self._feed(feed, ("feeds", key)) for key, feed in feeds.items()})

    def _feed(self, feed: object, at: tuple[str, ...]) -> PublishedFeed:
        if KEY.fullmatch(at[-1]) is None or at[-1] in RESERVED_NAMES or not isinstance(feed, dict):
            self._refuse(at, at[-1])
            feed = {"name": "-", "description": "-", "events": {}}
        events = self._field(feed, "events", at, _table) or {}
        return PublishedFeed(
            name=self._field(feed, "name", at, _line) or "",
            description=self._field(feed, "description", at, _line) or "",
            events={uid: self._event(event, (*at, "events", uid)) for uid, event in events.items()},
            ids=(self._field(feed, "ids", at, _file_names) or ()) if "ids" in feed else (),
        )

    def _event(self, event: object, at: tuple[str, ...]) -> Published:
        if UID.fullmatch(at[-1]) is None or not isinstance(event, dict):
            self._refuse(at, at[-1])
            return NOTHING
        found: dict[str, Any] = {}
        for key, read in FIELDS.items():
            if key in event or key in REQUIRED:
                found[key] = self._field(event, key, at, read)
        if ("name" in found) != ("day" in found):  # an item has both
            self._refuse(at, at[-1])
        return Published(**found)

    def _field(self, table: dict[str, Any], key: str, at: tuple[str, ...], read: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as JSON has it
        """Read a value; None, and a problem, where it is not what belongs there."""
        try:
            return read(table[key])
        except KeyError:
            self._refuse(at, key)
        except (TypeError, ValueError):
            self._refuse((*at, key), key)
        return None

    def _refuse(self, at: tuple[str, ...], key: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            message = msg("the value of “{key}” is missing, or not one that publish writes", key=key)
            self.problems.append(_problem(message, self._source, _offset(self._source.text, at)))


def _offset(text: str, path: tuple[str, ...]) -> int:
    """Find where the value at a path stands, or the nearest thing around it; good enough for a message."""
    offset = 0
    for key in path:
        found = re.compile(rf"{re.escape(_text(key))}\s*:").search(text, offset)
        if found is None:
            break
        offset = found.start()
    return offset


def _table(value: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has it
    if not isinstance(value, dict):
        raise TypeError
    return value


def _ids(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not are_ids(value):
        raise TypeError
    return tuple(value)


def _file_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read ids of an agency, which name the files of its feed."""
    found = _ids(value)
    if not RESERVED_NAMES.isdisjoint(found):
        raise ValueError
    return found


def _line(value: Any) -> str:  # noqa: ANN401
    """Read words for one line: what a feed can hold."""
    if not isinstance(value, str) or not value.isprintable() or not value:
        raise TypeError
    return value


def _digest(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or re.fullmatch("[0-9a-f]{32}", value) is None:
        raise TypeError
    return value


def _count(value: Any) -> int:  # noqa: ANN401
    if type(value) is not int or not 0 <= value < LARGEST_SEQUENCE:
        raise TypeError
    return value


def _instant(value: Any) -> datetime:  # noqa: ANN401
    found = datetime.fromisoformat(value)
    if _written(found) != value:  # in another way, or to the microsecond
        raise ValueError
    _in_range(found.date())
    return found


def _day(value: Any) -> date:  # noqa: ANN401
    found = date.fromisoformat(value)
    if found.isoformat() != value:  # a week date
        raise ValueError
    return _in_range(found)


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day


def _time(value: Any) -> time:  # noqa: ANN401
    found = time.fromisoformat(value)
    if found.isoformat("minutes") != value:
        raise ValueError
    return found


FIELDS: dict[str, Callable[[Any], Any]] = {
    "sequence": _count,
    "stamp": _instant,
    "content": _digest,
    "name": _line,
    "day": _day,
    "time": _time,
    "cancelled": _day,
}
REQUIRED = ("sequence", "stamp")
NOTHING = Published(0, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
