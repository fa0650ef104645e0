"""How to subscribe, for each calendar program that people here use: three lines each, no more than one must know.

The names of menus are those of the programs in November 2026. What cannot be done is said too: nobody should look for a
button that is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cdsplan.messages import msg

if TYPE_CHECKING:
    from cdsplan.messages import Message


class Instruction(NamedTuple):
    """What to do in one program; `key` names it."""

    key: str
    heading: Message
    steps: tuple[Message, ...]


INSTRUCTIONS = (
    Instruction(
        "google",
        msg("Google Calendar, on a computer"),
        (
            msg("Open calendar.google.com. Beside “Other calendars” choose + and “From URL”."),
            msg("Paste the address that begins with https, and choose “Add calendar”."),
            msg(
                "Google fetches it anew every 4 to 24 hours. It drops the reminders: set your own in the settings of "
                "the calendar."
            ),
        ),
    ),
    Instruction(
        "outlook",
        msg("Outlook, on the web or on Windows"),
        (
            msg("Open the calendar, and choose “Add calendar”, then “Subscribe from web”."),
            msg("Paste the address that begins with https, give it a name, and choose “Import”."),
            msg("Do not choose “Upload from file”: that copies the deadlines once, and they never change again."),
        ),
    ),
    Instruction(
        "apple",
        msg("iPhone, iPad, Mac"),
        (
            msg("iPhone and iPad: open this page in Safari, choose “Open in the calendar program”, then “Subscribe”."),
            msg("Mac: in Calendar choose File, New Calendar Subscription, and paste the address."),
            msg("Reminders: leave “Remove alerts” off."),
        ),
    ),
    Instruction(
        "thunderbird",
        msg("Thunderbird"),
        (
            msg("Choose File, New, Calendar, then “On the Network”."),
            msg("Leave the user name empty, paste the address that begins with https, and choose “Find Calendars”."),
            msg("Choose “Subscribe”. How often it is fetched stands in the properties of the calendar."),
        ),
    ),
    Instruction(
        "android",
        msg("Android and Zalo: what does not work there"),
        (
            msg(
                "Google’s calendar program on Android cannot add an address. Add it once on a computer, with the same "
                "account: then the phone shows it too."
            ),
            msg("Inside Zalo the calendar link does nothing: choose “Open in browser” in Zalo’s menu first."),
            msg("A calendar file that is downloaded and opened is a copy, which never changes again."),
        ),
    ),
)
