"""The calendar feeds of one or more plans, as values: who subscribes to what, on which day, in which words."""

from cdsplan.feeds.model import SERVED, Event, EventKind, Feed, Reminder, Role
from cdsplan.feeds.subscribers import feeds

__all__ = ["SERVED", "Event", "EventKind", "Feed", "Reminder", "Role", "feeds"]
