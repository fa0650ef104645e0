"""Secret addresses as values: their shape, whose a presented one is, and the file that keeps them."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsplan.problems import PlanError
from cdsplan.tokens import LARGEST, RANDOM_BYTES, SHAPE, Token, Tokens, digest_of, read_tokens, token_of, write_tokens

DAY = date(2026, 11, 23)


def token(number: int, *, kept: bool = False) -> tuple[str, Token]:
    """Make a token of a number, in the clear and as it is stored."""
    text = token_of(number.to_bytes(RANDOM_BYTES, "big"))
    return text, Token(digest_of(text), DAY, text if kept else None)


def test_a_token_holds_its_160_bits_in_plain_letters() -> None:
    """32 signs of five bits each; two different random values never give one token."""
    assert RANDOM_BYTES * 8 == 160
    assert token_of(bytes(20)) == "a" * 32
    assert token_of(b"\xff" * 20) == "7" * 32
    assert token_of(bytes(19) + b"\x01") == "a" * 31 + "b"
    with pytest.raises(ValueError, match="20 random bytes"):
        token_of(bytes(15))


@given(st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_every_token_is_a_plain_name(random: bytes) -> None:
    """In lower case, so that a file system that does not tell cases apart loses nothing."""
    assert SHAPE.fullmatch(token_of(random))


def test_the_digest_is_sha_256() -> None:
    """Of the letters: printf aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | sha256sum."""
    assert digest_of("a" * 32) == "3ba3f5f43b92602683c19aee62a20342b084dd5971ddd33808d81a328879a547"


def test_only_the_whole_token_opens_and_only_its_own_calendar() -> None:
    """A prefix, another case, a blank, the digest itself: nothing."""
    (first, of_first), (second, of_second) = token(1), token(2)
    tokens = Tokens({"so-yt": of_first, "all": of_second})

    assert (tokens.owner(first), tokens.owner(second)) == ("so-yt", "all")
    for wrong in ("", first[:-1], f"{first} ", first.upper(), f"{first}a", of_first.digest, "\udcff", "đ"):
        assert tokens.owner(wrong) is None
    assert tokens.without("so-yt").owner(first) is None
    (third, of_third) = token(3)
    assert tokens.with_token("so-yt", of_third).owner(first) is None
    assert tokens.with_token("so-yt", of_third).owner(third) == "so-yt"


def test_only_kept_tokens_can_be_published_to() -> None:
    """Of the others nobody knows the folder."""
    kept, of_kept = token(1, kept=True)

    assert Tokens({"a": of_kept, "b": token(2)[1]}).folders() == {"a": kept}


def test_the_file_comes_back_and_holds_no_token_that_is_not_kept() -> None:
    """Sorted, one entry a line."""
    secret, of_secret = token(1)
    kept, of_kept = token(2, kept=True)
    tokens = Tokens({"so-yt": of_secret, "all": of_kept})

    data = write_tokens(tokens)

    assert read_tokens(data, "t.json") == tokens
    assert secret not in data.decode()
    assert kept in data.decode()
    assert [line.split('"')[1] for line in data.decode().splitlines()[1:3]] == ["all", "so-yt"]
    assert read_tokens(write_tokens(Tokens()), "t.json") == Tokens()


GOOD = {"sha256": digest_of("a" * 32), "made": "2026-11-23"}


def written(**entries: object) -> bytes:
    """Write a file with these entries."""
    return json.dumps({"format": "cdsplan-tokens", "version": 1, "tokens": entries}).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "t.json: this is no file of secret addresses"),
        (b"\xff\xfe", "t.json: this is no file of secret addresses"),
        (b"[" * 100_000, "t.json: this is no file of secret addresses"),
        (b"[]", "t.json: this is no file of secret addresses"),
        (b'{"format": "cdsplan-tokens", "version": 2, "tokens": {}}', "t.json: this is no file of secret addresses"),
        (b" " * (LARGEST + 1), "t.json: this is no file of secret addresses"),
        (b'{"format": "cdsplan-tokens", "version": 1}', "t.json: “tokens” is missing"),
        (written(a=[]), "t.json: the entry “a” is no secret address"),
        (written(a=GOOD | {"sha256": "0"}), "t.json: the entry “a” is no secret address"),
        (written(a=GOOD | {"made": "today"}), "t.json: the entry “a” is no secret address"),
        (written(a=GOOD | {"token": "b" * 32}), "t.json: the entry “a” is no secret address"),
        (written(a=GOOD | {"token": 1}), "t.json: the entry “a” is no secret address"),
        (written(a=GOOD | {"more": 1}), "t.json: the entry “a” is no secret address"),
        (written(**{"../x": GOOD}), "t.json: the entry “../x” is no secret address"),
        (written(**{"\x1b[31m": GOOD}), "t.json: the entry “…” is no secret address"),
        (written(a=GOOD, b=GOOD), "t.json: two agencies have the same secret address"),
    ],
)
def test_a_broken_file_is_refused_and_not_repeated(data: bytes, told: str) -> None:
    """One problem, in words; nothing of a secret that stands in it."""
    with pytest.raises(PlanError) as raised:
        read_tokens(data, "t.json")

    (problem,) = raised.value.problems
    assert (problem.code, str(problem.message)) == ("CDS411", told)
    assert "b" * 32 not in str(raised.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_file_holds_it_is_tokens_or_a_problem(data: bytes) -> None:
    """No other error escapes."""
    with suppress(PlanError):
        read_tokens(data, "t.json")
