"""The calendar feeds of one or more plans, as values: who subscribes to what, on which day, in which words."""

from cdsplan.feeds.choice import DEFAULT_CHOICE, SERVED, Choice
from cdsplan.feeds.model import Event, EventKind, Feed, Reminder, Role
from cdsplan.feeds.state import NOTHING_PUBLISHED, State
from cdsplan.feeds.subscribers import feeds

__all__ = [
    "DEFAULT_CHOICE",
    "NOTHING_PUBLISHED",
    "SERVED",
    "Choice",
    "Event",
    "EventKind",
    "Feed",
    "Reminder",
    "Role",
    "State",
    "feeds",
]
