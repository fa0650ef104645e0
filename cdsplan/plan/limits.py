"""How far a plan file may go before it is parsed: nesting, lengths of keys and numbers, how many keys and values.

A hostile file can make a parser recurse or work in quadratic time. `may_exceed` is a few passes over the bytes that
clear every ordinary file; only what it does not clear is read token by token by `exceeded`, which tells exactly.
Neither trusts the syntax.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from cdsplan.messages import msg
from cdsplan.problems import Problem

if TYPE_CHECKING:
    from cdsplan.plan.source import Source

MAX_DEPTH = 64
MAX_KEY = 200
MAX_PARTS = 32
MAX_NUMBER = 4000
WEIGHTS = {"=": 1, ",": 1, ".": 2, "{": 2, "[": 3}
"""What marks of structure bring with them, wherever they stand: a value, or a table or list. What is written most
densely grows most when it is parsed; a plan has 9 to 18 bytes for each unit of weight."""
BYTES_PER_WEIGHT = 8
MAX_WEIGHT = 5 * 1024 * 1024 // BYTES_PER_WEIGHT
LEAST_WEIGHT = 1000

_BYTES = bytes(range(256))
_KEY_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_KEY_RUNS = bytes.maketrans(
    _KEY_BYTES + _BYTES.translate(None, _KEY_BYTES), b"k" * len(_KEY_BYTES) + b" " * (256 - len(_KEY_BYTES))
)
_BASIC, _LITERAL = b"\xff", b"\xfe"  # stand for triple quotes: bytes that UTF-8 never has
_MARKS = b"\"'[]{}#\n=," + _BASIC + _LITERAL
_NOT_MARKS = _BYTES.translate(None, _MARKS)
_NOT_MARKS_OR_DOTS = _BYTES.translate(None, _MARKS + b".")
_NOT_DOTS = _BYTES.translate(None, b".\n")


def max_weight(max_bytes: int) -> int:
    """Give the weight that goes with a size limit."""
    return max(max_bytes // BYTES_PER_WEIGHT, LEAST_WEIGHT)


def may_exceed(data: bytes, most: int = MAX_WEIGHT) -> bool:
    """Whether UTF-8 `data` might go beyond a limit; `most` is that of weight. False is certain, True is not."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    marks_and_dots = plain.translate(None, _NOT_MARKS_OR_DOTS)
    marks = marks_and_dots.translate(None, b".")
    return (
        b"k" * (MAX_KEY + 1) in data.translate(_KEY_RUNS)
        or b"." * MAX_PARTS in marks_and_dots.translate(None, _NOT_DOTS)
        or sum(marks_and_dots.count(mark.encode()) * weight for mark, weight in WEIGHTS.items()) > most
        or _may_quote_keys(plain, marks)
        or _may_nest(plain, marks)
    )


def _may_quote_keys(plain: bytes, marks: bytes) -> bool:
    """Whether a key might be quoted, and so long without showing it."""
    for quote in (b'"', b"'"):
        if quote not in marks:
            continue
        if marks.startswith((b"[" + quote, b"[[" + quote)) or b"\n[" + quote in marks or b"\n[[" + quote in marks:
            return True
        if quote + b"=" in marks:  # a quoted key, or a text that has = in it
            squeezed = plain.translate(None, b" \t\r")
            if quote + b"=" in squeezed or quote + b"." in squeezed:
                return True
    return False


def _may_nest(plain: bytes, marks: bytes) -> bool:
    """Whether brackets might nest too deep: drop all that cannot matter, then count what is left."""
    if b'"""' in marks or b"'''" in marks:
        if b'""""' in plain or b"''''" in plain:
            return True  # quotes that end in a quote: left to the exact reading
        marks = plain.replace(b'"""', _BASIC).replace(b"'''", _LITERAL).translate(None, _NOT_MARKS)
    skeleton = _skeleton(marks)
    most = MAX_DEPTH - len(_PAIRS)
    if skeleton.count(b"[") + skeleton.count(b"{") <= most:
        return False
    tokens = rb"\xff[^\xff]*+\xff?|\xfe[^\xfe]*+\xfe?|\"[^\"\n]*+\"?|'[^'\n]*+'?|#[^\n]*+|[\[\]{}]"
    steps = ((token[0] in b"[{") - (token[0] in b"]}") for token in re.finditer(tokens, skeleton))
    return any(depth > most for depth in accumulate(steps))


_PAIRS = (b"[]", b"{}", b"[]")


def _skeleton(marks: bytes) -> bytes:
    """The brackets and quotes that say how deep brackets nest; each of `_PAIRS` may hide one level."""
    skeleton = marks.translate(None, b"=,")
    # Two neighbouring quotes open and close, or close and open, or are mere text: without them nothing else changes.
    for pair in (b'""', b"''", _BASIC * 2, _LITERAL * 2):
        skeleton = skeleton.replace(pair, b"")
    skeleton = skeleton.replace(b"#\n", b"\n")
    if not any(mark in skeleton for mark in (b'"', b"'", b"#", _BASIC, _LITERAL)):
        skeleton = skeleton.replace(b"\n", b"")  # it only ends texts and comments
    for pair in _PAIRS:
        skeleton = skeleton.replace(pair, b"")
    return skeleton


_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')"""
_TOKENS = (
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{0,5}|\'\'\'(?:[^']++|'(?!''))*+'{0,5}'''
    rf"""|(?P<heading>^[ \t]*+\[\[?+[ \t]*+)?(?P<key>{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+)(?P<equals>[ \t]*+=)?"""
    r"""|#[^\n]*+|(?P<open>[\[{])|(?P<close>[\]}])"""
)


def exceeded(source: Source, most: int = MAX_WEIGHT) -> list[Problem]:
    """Say where `source` goes beyond a limit: each kind once, at its first place."""
    weight = 0
    for mark in re.finditer(r"[=,.\[{]", source.text):
        weight += WEIGHTS[mark[0]]
        if weight > most:
            message = msg("the file holds too many keys and values: more than about {most}", most=most)
            hint = msg("if it is a plan, the option --max-size (in MiB) lifts this limit")
            return [Problem(code="CDS101", message=message, hint=hint, place=source.place_at(mark.start()))]
    problems: dict[str, Problem] = {}
    depth = 0
    for token in re.finditer(_TOKENS, source.text, re.DOTALL | re.MULTILINE):
        if (token["heading"] and not depth) or token["equals"]:
            for kind, problem in _long_key(source, token):
                problems.setdefault(kind, problem)
        elif token["key"] and token["key"].lstrip("-")[:1].isdigit() and len(token["key"]) > MAX_NUMBER:
            problems["number"] = Problem(
                code="CDS102",
                message=msg("this number is too long"),
                hint=msg("if it is meant as text, put it in quotes"),
                place=source.place_at(*token.span("key")),
            )
        if token["close"]:
            depth -= 1
        elif token["open"] or token["heading"]:
            depth += (token["heading"] or "[").count("[")
            if depth > MAX_DEPTH:
                problems["depth"] = Problem(
                    code="CDS101",
                    message=msg("brackets nest deeper than {most} levels", most=MAX_DEPTH),
                    hint=msg("close each bracket where its list or table ends"),
                    place=source.place_at(token.start()),
                )
                break
    return list(problems.values())


def _long_key(source: Source, token: re.Match[str]) -> list[tuple[str, Problem]]:
    """Check one key, dotted or not."""
    problems = []
    parts = list(re.finditer(_PART, token["key"]))
    if len(parts) > MAX_PARTS:
        problem = Problem(
            code="CDS101",
            message=msg("this key has {parts} parts; at most {most} are read", parts=len(parts), most=MAX_PARTS),
            hint=msg("a key in a plan has two or three parts, such as tasks.survey"),
            place=source.place_at(*token.span("key")),
        )
        problems.append(("parts", problem))
    start = token.start("key")
    for part in parts:
        if len(part[0].strip("\"'")) > MAX_KEY:
            problem = Problem(
                code="CDS101",
                message=msg("this key is longer than {most} characters", most=MAX_KEY),
                hint=msg("a long text stands after =, as a value; check that no quotation mark is missing before it"),
                place=source.place_at(start + part.start(), start + part.end()),
            )
            problems.append(("key", problem))
            break
    return problems
