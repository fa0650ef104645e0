"""CDS4xx: what publishing keeps beside the plan cannot be used. Nothing is published then (exit 2)."""

from __future__ import annotations

from cdsplan.messages import msg
from cdsplan.problems import Severity
from cdsplan.rulebook.model import Rule

PUBLISHING = (
    Rule(
        id="CDS401",
        name="unreadable-record",
        severity=Severity.ERROR,
        summary=msg("The record of what was published last ({file}) cannot be read.", file="feeds.json"),
        why=msg("Without it calendars would be told again what they know, or miss what was moved or cancelled."),
        mend=msg(
            "Fetch it anew from where the feeds are published; {option} does without it.", option="--previous none"
        ),
        example=None,
    ),
    Rule(
        id="CDS402",
        name="foreign-record",
        severity=Severity.ERROR,
        summary=msg("The record of what was published last is of other plans."),
        why=msg("What another plan had published would be cancelled in the calendars of its subscribers."),
        mend=msg("Name the folder into which this plan is published, or the record that belongs to it."),
        example=None,
    ),
    Rule(
        id="CDS411",
        name="unusable-tokens",
        severity=Severity.ERROR,
        summary=msg("The file of secret addresses cannot be used."),
        why=msg("Feeds published under other addresses would reach none of those who have subscribed."),
        mend=msg(
            "Restore it from a copy; {command} writes a new one, with other addresses.", command="cdsplan token new"
        ),
        example=None,
    ),
    Rule(
        id="CDS412",
        name="missing-address",
        severity=Severity.ERROR,
        summary=msg("An agency has no secret address that is known, so nothing can be published there."),
        why=msg("Its subscribers would keep a calendar that is never brought up to date, and not know it."),
        mend=msg("Make one and keep it: {command}.", command="cdsplan token new AGENCY --keep"),
        example=None,
    ),
    Rule(
        id="CDS413",
        name="missing-tokens",
        severity=Severity.ERROR,
        summary=msg("Addresses were secret, and the file in which they are kept is missing."),
        why=msg("What only those who know an address could read would be open to everybody."),
        mend=msg("Name the file with {option}, or restore it from a copy.", option="--tokens FILE"),
        example=None,
    ),
)
