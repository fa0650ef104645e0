"""What to say where deadline words cannot be read: what is wrong, and how to write it in the language of the words.

CDS109 is a day that does not exist, CDS110 are words that have no single reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from cdsplan.messages import ENGLISH_MONTHS, msg
from cdsplan.plan.vocabulary import ENGLISH, NEUTRAL, VIETNAMESE, language

if TYPE_CHECKING:
    from datetime import date

    from cdsplan.messages import Message
    from cdsplan.plan.vocabulary import Symbol

NOT_UNDERSTOOD = "CDS110"
IMPOSSIBLE = "CDS109"

# Shown in hints, by language: what can be written, and what takes any other words.
FORMS = {
    VIETNAMESE: (
        "“trước ngày 30/9/2026”",
        "“chậm nhất ngày 30/9/2026”",
        "“giữa tháng 4/2026”",
        "“tháng 5/2026”",
        "“quý II/2026”",
        "“năm 2026”",
        "“từ ngày 01/10/2026 đến ngày 15/11/2026”",
        "“thường xuyên”",
    ),
    ENGLISH: (
        "“before 30/9/2026”",
        "“by 30 September 2026”",
        "“mid April 2026”",
        "“May 2026”",
        "“Q2 2026”",
        "“2026”",
        "“from 01/10/2026 to 15/11/2026”",
        "“ongoing”",
    ),
    NEUTRAL: ("“30/9/2026”", "“2026-09-30”", "“5/2026”", "“2026”", "“2026 - 2027”"),
}
SAMPLE_TASK = msg("survey")
"""The id of a task in hints, in the language of the reader."""
COUNT = msg('{{ after = "{task}", working-days = 10 }}', task=SAMPLE_TASK)
WAY_OUT = '{ words = "…", date = 2025-06-30 }'

_SHOWN = 80  # characters of the words that a message repeats


class PhraseError(ValueError):
    """Words that give no deadline: what is wrong, what to write instead, and the code of the problem.

    `in_words` is what to write where a deadline can be given in words only, as on a command line.
    """

    def __init__(self, message: Message, hint: Message | None, code: str, in_words: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
        self.code = code
        self.in_words = in_words or hint


def impossible(message: Message, hint: Message | None = None) -> PhraseError:
    """Refuse what no calendar or clock has."""
    return PhraseError(message, hint, IMPOSSIBLE)


def year_missing() -> PhraseError:
    """Refuse "30/9", "tháng 9", "30/9/21"."""
    return PhraseError(
        msg("the deadline does not give its year in full"),
        msg("write the year with four digits, as in {examples}", examples=("“30/9/2026”", "“9/2026”")),
        NOT_UNDERSTOOD,
    )


def ambiguous(unit: str, first: date, code: int) -> PhraseError:
    """Refuse "đến tháng 5/2022", "by May 2026": the beginning, or the end? Offer both.

    The period begins on `first`; `code` is the language to answer in.
    """
    year, month = first.year, first.month
    if code == VIETNAMESE:
        name = {
            "month": f"tháng {month}/{year}",
            "quarter": f"quý {('I', 'II', 'III', 'IV')[(month - 1) // 3]}/{year}",
            "half": f"6 tháng {'đầu' if month == 1 else 'cuối'} năm {year}",
        }.get(unit, f"năm {year}")
        through, before = f"“đến hết {name}”", f"“trước {name}”"
    else:
        name = {
            "month": f"{ENGLISH_MONTHS[month - 1]} {year}",
            "quarter": f"Q{(month - 1) // 3 + 1} {year}",
            "half": f"H{(month - 1) // 6 + 1} {year}",
        }.get(unit, f"{year}")
        through, before = f"“by end of {name}”", f"“before {name}”"
    return PhraseError(
        msg("the words leave open whether the beginning or the end of the period is meant"),
        msg("write {through} or {before}", through=through, before=before),
        NOT_UNDERSTOOD,
    )


def recurring(words: str, found: list[Symbol]) -> PhraseError:
    """Refuse "hằng tháng", "monthly": what comes again has a rule of its own, in the same words if it takes them."""
    from cdsplan.plan import recurrence  # noqa: PLC0415 - it reads days with the words of deadlines itself

    if recurrence.readable(words):
        hint = msg("write it under “repeat” instead: {example}", example=f'repeat = "{" ".join(words.split())}"')
    else:
        forms = recurrence.FORMS[language(words, found) or ENGLISH]
        hint = msg("write under “repeat” how often and by when, for example {forms}", forms=forms)
    return PhraseError(
        msg("“{words}” recurs, and “due” is for a single deadline", words=_shown(words)),
        hint,
        NOT_UNDERSTOOD,
        in_words=_forms(words, found),
    )


def not_understood(words: str, found: list[Symbol]) -> PhraseError:
    """Say that no form fits, with the hint that helps most."""
    code, in_words = language(words, found), None
    names = {symbol for symbol, _ in found}
    if any(category(character) == "Cf" for character in words):
        hint = msg("an invisible character stands between the letters: delete the words and type them anew")
    elif "AM-PM" in names and code == ENGLISH:
        hint = msg("write the time of day in 24 hours: {example}", example="“before 20:00 on 30/9/2026”")
    elif "COUNT" in names:
        hint = msg("write a count from an event or a day as {example}", example=COUNT)
        in_words = msg("here it cannot be counted: look up the day, and write it")
    elif names & {"START", "MIDDLE", "LATE"} and names & {"QUARTER", "HALF", "H"}:
        hint = msg("the law names a day for the beginning and the middle of a month or a year only: name the month")
    else:
        hint = msg(
            "write for example {forms}; or keep your own words and give their day: {way_out}",
            forms=FORMS[code],
            way_out=WAY_OUT,
        )
        in_words = _forms(words, found)
    message = msg("“{words}” is not a deadline in any known form", words=_shown(words))
    return PhraseError(message, hint, NOT_UNDERSTOOD, in_words)


def _forms(words: str, found: list[Symbol]) -> Message:
    return msg("write for example {forms}", forms=FORMS[language(words, found)])


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
