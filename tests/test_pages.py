"""The pages: what stands on them, in which words, and that nothing a plan says is taken for HTML."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_injection import HARMLESS
from test_injection import plan as plan_with

from cdsplan.feeds import DEFAULT_CHOICE, Choice, Role, feeds
from cdsplan.i18n import language
from cdsplan.journal.reader import read as read_journal
from cdsplan.journal.replay import replay
from cdsplan.pages import Addresses, Page, is_base, pages
from cdsplan.pages.addresses import webcal
from cdsplan.pages.content import LONGEST
from cdsplan.plan.reader import read
from cdsplan.schedule import forecast, schedule
from cdsplan.status import judge
from cdsplan.summary import counts, counts_by_agency
from cdsplan.views.html import policy, render, render_closed

if TYPE_CHECKING:
    from conftest import Golden

PLAN = """
[plan]
id = "p"
title = "Kế hoạch chuyển đổi số"
title-en = "The plan"
short = "KH CĐS"
start = 2021-08-23
timezone = "Asia/Ho_Chi_Minh"
language = "vi"
[agencies]
lead = { name = "Sở Thông tin", short = "Sở TT", name-en = "Department of Information", contact = "Bà Hoa 0912345678" }
one = { name = "Ban Một" }
two = { name = "Ban Hai" }
index = { name = "Ban Mục lục" }
[tasks.survey]
title = "Khảo sát hiện trạng"
short = "Khảo sát"
each = ["one", "two"]
recipient = "lead"
due = "trước ngày 30/9/2021"
milestone = true
[tasks.today]
title = "Họp hôm nay"
owner = "lead"
due = 2021-10-05
[tasks.soon]
title = "Báo cáo sắp đến hạn"
owner = "lead"
due = 2021-10-08
url = "https://example.org/cv?a=1&b=2"
[tasks.draft]
title = "Dự thảo"
owner = "lead"
due = 2021-11-15
after = "survey"
quote = "Hoàn thành\\ntrước ngày 15/11/2021"
[tasks.risky]
title = "Việc dài"
owner = "one"
due = 2021-11-16
duration = "100d"
[tasks.counted]
title = "Gửi sau khảo sát"
owner = "lead"
due = { after = "survey", working-days = 10 }
[tasks.open]
title = "Việc không hạn"
owner = "lead"
[tasks.done]
title = "Việc xong"
owner = "lead"
due = 2021-09-10
done = 2021-09-09
[tasks.cancelled]
title = "Việc bỏ"
owner = "lead"
due = 2021-10-01
cancelled = 2021-09-20
[tasks.mine]
title = "Việc của mục lục"
consult = ["index"]
due = 2021-12-01
"""

DAY = date(2021, 10, 5)


def made(text: str = PLAN, *more: str, code: str | None = None, roles: frozenset[Role] | None = None) -> list[Page]:
    """Make the pages of plans."""
    status = judge([schedule(read(each.encode(), "plan.toml")).forecast(DAY) for each in (text, *more)], DAY)
    choice = DEFAULT_CHOICE._replace(code=code) if roles is None else Choice(code=code, roles=roles)
    return list(pages(status, feeds(status, language, choice=choice), language, choice=choice))


def of(stem: str, found: list[Page]) -> Page:
    """Give the page of one agency, or of everything."""
    (page,) = (page for page in found if page.stem == stem)
    return page


def standing(page: Page) -> dict[str, list[str]]:
    """Give what stands under each heading."""
    return {group.heading: [entry.name for entry in group.entries] for group in page.groups}


def html(page: Page, *, base: str | None = "https://lich.example.vn/cds") -> str:
    """Write a page without its style, which is the same for all."""
    return re.sub(r"<style>.*?</style>", "<style></style>", render(page, Addresses(base)).decode(), flags=re.DOTALL)


class Reader(HTMLParser):
    """Reads what a browser would: the elements with their attributes, and the text."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


# ------------------------------------------------------------------------------------------------- What stands there


def test_an_agencys_page_sorts_what_it_has_to_do_with() -> None:
    """Overdue first, then by how soon; what has no day, what is done and what was cancelled at the end."""
    page = of("lead", made(code="en"))

    assert standing(page) == {
        "Overdue": ["survey"],
        "Due today": ["today"],
        "Due soon": ["soon"],
        "Later": ["draft", "counted"],
        "No deadline": ["open"],
        "Done": ["done"],
        "Cancelled": ["cancelled"],
    }
    assert page.counts == (
        ("due-today", "due today", 1),
        ("due-soon", "due soon", 1),
        ("on-track", "on track", 1),
        ("undetermined", "undetermined", 1),
        ("no-deadline", "no deadline", 1),
        ("done-on-time", "done on time", 1),
        ("cancelled", "cancelled", 1),
    )
    # It collects the survey, which is others' to deliver.
    assert page.counted == "Counted: what this agency leads or must deliver itself."
    assert page.groups[0].entries[0].notes[0] == "Role: recipient"


def test_pages_count_what_the_status_counts() -> None:
    """The page of everything each task once; its table and each agency's page what the agency must deliver."""
    status = judge([schedule(read(PLAN.encode(), "plan.toml")).forecast(DAY)], DAY)
    found = made(code="en")

    assert {kind: number for kind, _, number in found[0].counts} == {
        kind: number for kind, number in counts(status.items).items() if number
    }
    owed = {row.agency: row.counts for row in counts_by_agency(status, status.items)}
    assert owed["one"] == {"overdue": 1, "on-track": 1}
    for row in found[0].agencies:
        assert {kind: number for kind, _, number in of(row.stem, found).counts} == owed.get(row.stem, {})
        assert sum(row.counts) == sum(owed.get(row.stem, {}).values())


def test_whoever_delivers_sees_its_own_part_and_whoever_collects_the_whole() -> None:
    """The recipient is told how many have come in; a member is not."""
    found = made(code="en")
    (whole,) = of("lead", found).groups[0].entries
    (own,) = of("two", found).groups[0].entries

    assert whole.notes == ("Role: recipient", "received 0/2")
    assert (own.notes, own.standing, own.due) == ((), "overdue 5 days", "30 Sep 2021")
    assert "Role: delivers its own part" in own.lines


REPORTED = """
a = { at = 2021-09-28T12:00:00+07:00, on = 2021-09-28, task = "survey", agency = "one", kind = "done", document = "7/BC" }
b = { at = 2021-09-29T12:00:00+07:00, on = 2021-09-29, task = "survey", kind = "extended", due = 2021-10-04, document = "12/UBND" }
"""  # noqa: E501 - an entry is a line


def test_what_was_reported_stands_where_everybody_sees_it() -> None:
    """Who is missing, and from which day the deadline was moved by which document; of one's own part only its own."""
    plan = read(PLAN.encode(), "plan.toml")
    known = replay(plan, read_journal(REPORTED.encode(), "j", plan, max_bytes=9999), DAY)
    status = judge([forecast(plan, DAY, known)], DAY)
    found = list(pages(status, feeds(status, language), language, choice=DEFAULT_CHOICE._replace(code="en")))

    (whole,) = found[0].groups[0].entries
    moved = "deadline moved 30 Sep 2021 → 4 Oct 2021 (12/UBND)"
    assert (whole.standing, whole.notes) == ("overdue 1 day", ("received 1/2", "missing: Ban Hai", moved))
    assert of("lead", found).groups[0].entries[0].notes == ("Role: recipient", *whole.notes)
    (own,) = of("two", found).groups[0].entries
    assert own.notes == (moved,)
    assert moved not in own.lines
    (done,) = (entry for group in of("one", found).groups if group.key == "done" for entry in group.entries)
    assert (done.day, done.standing) == (date(2021, 9, 30), "done on time")  # delivered before the decision
    assert "Done: 28 Sep 2021 (7/BC)" in done.lines


def test_a_long_list_of_who_is_missing_is_counted_beyond_six() -> None:
    """Five by name and the rest by number; all of them stand below."""
    names = [f"a{n}" for n in range(9)]
    text = PLAN[: PLAN.index("[tasks")] + "".join(f'[agencies.{name}]\nname = "{name.upper()}"\n' for name in names)
    text += f'[tasks.x]\ntitle = "X"\neach = {json.dumps(names)}\ndue = 2021-09-30\n'
    plan = read(text.encode(), "plan.toml")
    entry = 'a = { at = 2021-09-28T12:00:00+07:00, on = 2021-09-28, task = "x", agency = "a0", kind = "done" }\n'
    status = judge(
        [forecast(plan, DAY, replay(plan, read_journal(entry.encode(), "j", plan, max_bytes=999), DAY))], DAY
    )

    (whole,) = (
        pages(status, feeds(status, language), language, choice=DEFAULT_CHOICE._replace(code="en"))[0].groups[0].entries
    )

    assert whole.notes == ("received 1/9", "missing: A1, A2, A3, A4, A5 and 3 others")
    assert "Not yet delivered: A1, A2, A3, A4, A5, A6, A7, A8" in whole.lines


def test_an_entry_says_what_is_waited_for_and_what_may_be_late() -> None:
    """By the short names of tasks, as there is little room."""
    found = made(code="en")
    (draft, _) = of("lead", found).groups[3].entries
    (risky,) = of("one", found).groups[1].entries

    assert draft.notes == ("waits for Khảo sát",)
    # 100 working days from Monday 23/8/2021 end on Friday 7/1/2022: 52 days after 16/11/2021. No days off are declared.
    assert risky.notes == ("may be 52 days late",)
    assert draft.lines[-3:] == ("Source: “Hoàn thành", "trước ngày 15/11/2021”", "Plan: The plan")


def test_a_counted_deadline_is_shown_as_about_its_day() -> None:
    """Its event has not happened; the words of the count stand below."""
    counted = of("lead", made(code="en")).groups[3].entries[1]

    assert counted.day is None
    assert counted.due.startswith("about ")
    assert "Deadline: 10 working days after “survey”" in counted.lines


def test_the_page_of_everything_lists_what_presses_and_counts_per_agency() -> None:
    """At risk too; who is responsible is named; each agency has its own line, in declared order."""
    page = made(code="en")[0]

    assert standing(page) == {
        "Overdue": ["survey"],
        "Due today": ["today"],
        "Due soon": ["soon"],
        "At risk": ["risky"],
    }
    assert [entry.who for group in page.groups for entry in group.entries] == [
        "2 agencies",
        "Department of Information",
        "Department of Information",
        "Ban Một",
    ]
    assert page.columns == ("Overdue", "Due today", "Due soon", "Later", "No deadline", "Done", "Cancelled")
    assert [(row.stem, row.name, row.counts) for row in page.agencies] == [
        ("lead", "Department of Information", (0, 1, 1, 2, 1, 1, 1)),
        ("one", "Ban Một", (1, 0, 0, 1, 0, 0, 0)),
        ("two", "Ban Hai", (1, 0, 0, 0, 0, 0, 0)),
        ("index", "Ban Mục lục", (0, 0, 0, 0, 0, 0, 0)),
    ]


def test_what_an_agency_only_supports_is_on_its_page_where_that_was_chosen() -> None:
    """As in its feed."""
    text = PLAN.replace('title = "Họp hôm nay"', 'title = "Họp hôm nay"\nsupport = ["two"]')

    assert "Due today" not in standing(of("two", made(text, code="en")))
    assert standing(of("two", made(text, code="en", roles=frozenset(Role))))["Due today"] == ["today"]


def test_a_page_speaks_the_plans_language_and_uses_full_names() -> None:
    """Agencies and plans by their full names, in English where that was chosen and declared."""
    assert (of("lead", made()).heading, of("lead", made()).plans) == ("Sở Thông tin", ("Kế hoạch chuyển đổi số",))
    page = of("lead", made(code="en"))
    assert (page.heading, page.plans) == ("Department of Information", ("The plan",))


def test_a_quiet_plan_says_so() -> None:
    """Nothing presses: the page of everything says that in place of lists."""
    quiet = made(PLAN[: PLAN.index("[tasks")] + '[tasks.a]\ntitle = "A"\nowner = "lead"\n', code="en")[0]

    assert quiet.groups == ()
    assert "Nothing is overdue or due soon." in Reader(html(quiet)).text


def test_long_lists_of_everything_are_cut_and_counted() -> None:
    """An agency's own page has all."""
    tasks = "".join(f'[tasks.t{n}]\ntitle = "T"\nowner = "lead"\ndue = 2021-09-01\n' for n in range(LONGEST + 3))
    found = made(PLAN[: PLAN.index("[tasks")] + tasks, code="en")

    (group,) = found[0].groups
    assert (group.size, len(group.entries), group.rest) == (203, 200, "… and 3 more")
    assert len(of("lead", found).groups[0].entries) == 203


def test_several_plans_share_a_page_and_tell_their_tasks_apart() -> None:
    """Only plans that know the agency are named on its page."""
    other = '[plan]\nid = "q"\ntitle = "Khác"\nstart = 2021-08-23\ntimezone = "UTC"\n[agencies.lead]\nname = "X"\n'
    other += '[tasks.extra]\ntitle = "Thêm"\nowner = "lead"\ndue = 2021-10-05\n'
    found = made(PLAN, other, code="vi")

    assert standing(of("lead", found))["Đến hạn hôm nay"] == ["p:today", "q:extra"]
    assert of("lead", found).plans == ("Kế hoạch chuyển đổi số", "Khác")
    assert of("two", found).plans == ("Kế hoạch chuyển đổi số",)


def test_an_agency_that_no_plan_knows_any_more_keeps_a_page() -> None:
    """Its feed goes on, too, under the name that it had."""
    status = judge([schedule(read(PLAN.encode(), "plan.toml")).forecast(DAY)], DAY)
    published = feeds(status, language)
    gone = replace(published[1], agency="gone", name="Sở cũ – KH CĐS")

    page = pages(status, (*published, gone), language, choice=DEFAULT_CHOICE)[-1]

    assert (page.heading, page.groups, page.plans) == ("Sở cũ – KH CĐS", (), ())
    assert b"S\xe1\xbb\x9f c\xc5\xa9" in render(page, Addresses())


# -------------------------------------------------------------------------------------------------------- As a page


@pytest.mark.parametrize("code", ["vi", "en"])
@pytest.mark.parametrize("stem", ["all", "lead"])
def test_pages_as_written(golden: Golden, stem: str, code: str) -> None:
    """Every line of a page, in both languages."""
    golden(html(of(stem, made(code=code))), f"page-{stem}.{code}.html")


def test_a_contact_is_on_no_page() -> None:
    """Neither the name nor the number."""
    assert not any("0912345678" in html(page) or "Bà Hoa" in html(page) for page in made())


def test_a_page_links_nothing_but_its_own_site() -> None:
    """Its calendar, the page of everything, and what a task itself links."""
    found = made()

    assert Reader(html(of("lead", found))).links == [
        "data:,",
        "lead.ics",
        "index.html",
        "#subscribe",
        "https://example.org/cv?a=1&b=2",
        "webcal://lich.example.vn/cds/lead.ics",
    ]
    assert "https://lich.example.vn/cds/lead.ics" in Reader(html(of("lead", found))).text
    links = Reader(html(found[0])).links
    assert [link for link in links if link.endswith(".html")] == ["lead.html", "one.html", "two.html", "index_.html"]
    assert not re.search(r"<script|\son[a-z]+=|style=|<img|<iframe|@import|url\(", html(found[0]))


def test_without_a_base_a_page_has_its_relative_link_and_nothing_absolute() -> None:
    """No QR code, no webcal: nobody said where it will be."""
    written = html(of("two", made()), base=None)

    assert "lead.ics" not in written
    assert Reader(written).links.count("two.ics") == 2
    assert "webcal:" not in written
    assert "<svg" not in written


def test_a_secret_page_links_to_no_other_and_asks_not_to_be_found() -> None:
    """Its own addresses have its folder; the page of everything names agencies without links."""
    secret = Addresses("https://lich.example.vn", secret=True)
    folder = "a" * 32
    found = made()
    own, whole = (render(page, secret, folder).decode() for page in (of("two", found), found[0]))

    assert f"https://lich.example.vn/{folder}/two.ics" in Reader(own).text
    assert [link for link in Reader(own).links if link != "data:,"] == [
        "two.ics",
        "#subscribe",
        f"webcal://lich.example.vn/{folder}/two.ics",
    ]
    assert "two.html" not in whole
    assert "Ban Hai" in whole
    assert all('<meta name="robots" content="noindex, nofollow">' in page for page in (own, whole))


def test_the_page_at_the_root_of_secret_addresses_names_no_agency() -> None:
    """Only plans, and whom to ask."""
    written = render_closed(("Kế hoạch & <b>",), language("vi")).decode()

    assert "Kế hoạch &amp; &lt;b&gt;" in written
    assert Reader(written).links == ["data:,"]


def test_the_policy_allows_the_style_by_its_hash_and_nothing_else() -> None:
    """As a browser sees it in tests/test_browser.py."""
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; "
        r"base-uri 'none'; form-action 'none'",
        policy(),
    )


# ------------------------------------------------------------------------------------------------- Hostile words

HOSTILE = HARMLESS | {
    "script": "<script>alert(1)</script>",
    "broken out of an attribute": r"x\" onmouseover=\"alert(1)",
    "single quotes": "x' onmouseover='alert(1)",
    "end of the style": "</style><script>alert(1)</script>",
    "end of the title": "</title><script>alert(1)</script>",
    "comment": "<!-- x --!> <![CDATA[ x",
    "entity": "&lt;script&gt; &#60;b&#62; &amp;lt;",
    "template": "{{ 7 * 7 }} {% include 'page.html' %} {# x #}",
    "image": "<img src=x onerror=alert(1)>",
    "svg": "<svg/onload=alert(1)>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_word_of_a_plan_becomes_an_element(name: str) -> None:
    """The elements are those of a plan with plain words; the words are there letter by letter."""
    title = json.loads(f'"{HOSTILE[name]}"')
    plain = [Reader(html(page)) for page in made(plan_with("Words"))]
    hostile = [Reader(html(page)) for page in made(plan_with(HOSTILE[name]))]

    for before, after in zip(plain, hostile, strict=True):
        assert after.elements == before.elements
    read_title = read(plan_with(HOSTILE[name]).encode(), "plan.toml").tasks["first"].title
    assert read_title.split() == unicodedata.normalize("NFC", title).split()
    assert all(read_title in page.text for page in hostile)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=60)
)
def test_any_heading_comes_back_as_text(words: str) -> None:
    """Whatever it holds; a browser reads it as it was."""
    page = of("two", made())._replace(heading=f"x{words}x", calendar=words)

    read_back = Reader(html(page))

    assert f"x{words}x" in read_back.text
    assert read_back.elements == Reader(html(of("two", made()))).elements


def test_a_link_of_a_task_keeps_within_its_quotes() -> None:
    """An address may hold quotes and brackets; schemes other than http and https are refused when the plan is read."""
    address = "https://example.org/\"><script>alert(1)</script>?q='x'"
    text = PLAN.replace('"https://example.org/cv?a=1&b=2"', json.dumps(address))

    assert address in Reader(html(of("lead", made(text)))).links


# ------------------------------------------------------------------------------------------------------- Addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://lich.example.vn",
        "https://lich.example.vn/",
        "https://lich.example.vn:8443/cds/%C4%91/a-b_c.d~e/",
        "http://127.0.0.1:8000",
        "http://[::1]:8000/x",
        "https://xn--s-6fa.vn",
        "https://a",
    ],
)
def test_bases_that_can_stand_before_names(address: str) -> None:
    """Http or https, a host, a port, a path."""
    assert is_base(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lich.example.vn",
        "ftp://lich.example.vn",
        "javascript://x/%0aalert(1)",
        "https://",
        "https:///x",
        "https://user@lich.example.vn",
        "https://lich.example.vn/?q=1",
        "https://lich.example.vn/#x",
        "https://lich.example.vn/a b",
        'https://lich.example.vn/"',
        "https://lich.example.vn/<",
        "https://lich.example.vn//x",
        "https://lich.example.vn/%",
        "https://sở.vn",
        "https://-x.vn",
        "https://lich.example.vn\n",
        "https://lich.example.vn:",
    ],
)
def test_what_can_stand_before_no_name(address: str) -> None:
    """No user, query, fragment, blank, or quote; letters outside ASCII as punycode."""
    assert not is_base(address)


def test_addresses_of_files() -> None:
    """Openly by name, secretly by folder; the base may end with a slash."""
    open_, secret = Addresses("https://x.vn/cds/"), Addresses("https://x.vn", secret=True)

    assert open_.absolute(open_.feed("so-yt")) == "https://x.vn/cds/so-yt.ics"
    assert open_.absolute(open_.page("so-yt")) == "https://x.vn/cds/so-yt.html"
    assert open_.absolute(open_.page("all")) == "https://x.vn/cds/"
    assert open_.page("index") == "index_.html"
    assert secret.absolute(secret.page("so-yt", "abc")) == "https://x.vn/abc/"
    assert secret.absolute(secret.feed("so-yt", "abc")) == "https://x.vn/abc/so-yt.ics"
    assert Addresses().absolute("x.ics") is None
    assert webcal("https://x.vn/a.ics") == "webcal://x.vn/a.ics"
