"""The pages beside the feeds, as values: how each agency stands, where its calendar is, how one subscribes to it."""

from cdsplan.pages.addresses import Addresses, is_base
from cdsplan.pages.content import pages
from cdsplan.pages.model import Entry, Group, Page, Row

__all__ = ["Addresses", "Entry", "Group", "Page", "Row", "is_base", "pages"]
