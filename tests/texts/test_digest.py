import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.domain.digest import DigestData, Theme
from listener.domain.marked import Marked
from listener.domain.week import Every, Week
from listener.texts.digest import (
    BARS,
    COLOURS,
    MOST_BYTES,
    Links,
    render_html,
    render_text,
    subject_line,
    transfer_encoding,
    transferred,
)
from listener.texts.digest_brand import unlinked
from listener.texts.words import LANGUAGES
from tests.texts.digests import (
    ACME,
    COYOTE,
    CRISIS,
    FEW,
    GAPS,
    NOTHING,
    PROMISES,
    SOURCES,
    SPIKES,
    TEAM,
    TEAM_NOTHING,
    TEAM_QUIET,
    TWO_BRANDS,
    a_quote,
    in_language,
)

LINKS = Links(base="https://listen.example.com/", unsubscribe="https://listen.example.com/u/1")
EVIL = (
    "<script>alert(1)</script>\r\nBcc: all@example.com\u202e \"'&<img src=x onerror=x> www.evil.com"
)


class Page(HTMLParser):
    """The words, the tags and the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self._skipping = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._skipping = tag in ("style", "title")
        self.links.extend(value or "" for name, value in attrs if name in ("href", "src"))

    def handle_endtag(self, tag: str) -> None:
        self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words.append(data)


CASES = {
    "crisis": CRISIS,
    "crisis-hu": in_language("hu"),
    "crisis-zh-hans": in_language("zh-Hans"),
    "crisis-zh-hant": in_language("zh-Hant"),
    "nothing": NOTHING,
    "few": FEW,
    "two-brands": TWO_BRANDS,
    **{f"team-{language.lower()}": in_language(language, TEAM) for language in LANGUAGES},
    "team-quiet": TEAM_QUIET,
    "team-nothing": TEAM_NOTHING,
}


@pytest.mark.parametrize("name", CASES)
def test_the_digest_reads_as_it_did(name: str, golden: Callable[[str, str], None]) -> None:
    data = CASES[name]
    golden(f"digest/{name}.html", render_html(data, LINKS))
    golden(f"digest/{name}.txt", f"{subject_line(data)}\n\n{render_text(data, LINKS)}")


@pytest.mark.parametrize("name", CASES)
def test_the_text_has_every_figure_of_the_html(name: str) -> None:
    text = render_text(CASES[name], LINKS)
    for piece in Page(render_html(CASES[name], LINKS)).words:
        for number in re.findall(r"\d[\d.,:]*", piece.replace("\u00a0", " ")):
            assert number.rstrip(".,:") in text


def test_there_is_no_image_no_script_and_nothing_to_load() -> None:
    page = Page(render_html(CRISIS, LINKS))
    assert not page.tags & {"img", "script", "link", "svg", "iframe", "form"}
    assert "url(" not in render_html(CRISIS, LINKS)


def test_without_an_address_of_ours_only_sources_are_linked() -> None:
    assert all(link.startswith("https://example.com/") for link in Page(render_html(CRISIS)).links)


def hostile() -> DigestData:
    theme = Theme(
        name=EVIL,
        mentions=400,
        negative=400,
        quotes=(replace(a_quote(EVIL, EVIL), url="javascript:alert(1)"), a_quote(EVIL)),
    )
    brand = replace(ACME, name=EVIL, topics=(theme,))
    return replace(
        CRISIS,
        subjects=(brand, replace(COYOTE, name=EVIL)),
        sources=(replace(SOURCES[1], name=EVIL, error=EVIL),),
        coverage=(replace(GAPS[0], source=EVIL),),
        spikes=(replace(SPIKES[0], title=EVIL, why=EVIL, acknowledged_by=EVIL),),
    )


def test_what_people_write_is_only_text() -> None:
    page = Page(render_html(hostile(), LINKS))
    assert not page.tags & {"img", "script"}
    assert all(link.startswith("https://") for link in page.links)
    for text in (render_html(hostile(), LINKS), render_text(hostile(), LINKS)):
        assert "\u202e" not in text
        assert "\r" not in text
        assert "\nBcc" not in text


def test_a_subject_line_is_one_line_that_a_header_takes() -> None:
    line = subject_line(hostile())
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = line
    assert mail["Subject"] == line
    assert len(line) < 120
    assert line.isprintable()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_line_says_brand_verdict_and_week(language: str) -> None:
    line = subject_line(in_language(language))
    assert "Acme" in line
    assert "31" in line
    assert "47" in line


def test_no_mail_program_finds_a_link_in_a_quote() -> None:
    said = Marked("see https://evil.example/x?y or www.evil.com, evil.com, me@evil.com. Bye.")
    loosened = unlinked(said).text
    assert not re.search(r"https?:|www|\w[.@][a-z]{2}", loosened)
    assert "Bye." in loosened


def crowded(language: str, words: str) -> DigestData:
    """A digest of tens of thousands of mentions: everything there is a lot of, and long texts."""
    long = (words * 4000)[:4000]
    theme = Theme(
        name=long,
        mentions=9000,
        negative=8000,
        mentions_before=10,
        negative_before=9000,
        quotes=tuple(a_quote(long, long, i) for i in range(4)),
    )
    brand = replace(ACME, topics=(theme,) * 40)
    brands = tuple(replace(brand, name=f"{i} {long}") for i in range(12))
    return replace(
        CRISIS,
        language=language,
        subjects=brands,
        coverage=tuple(replace(GAPS[0], source=f"{i}{long}") for i in range(300)),
        sources=tuple(replace(SOURCES[1], name=f"{i}{long}", error=long) for i in range(200)),
        spikes=tuple(replace(SPIKES[0], title=long, why=long) for _ in range(100)),
        promises=tuple(replace(PROMISES[0], subject=b.name) for b in brands for _ in range(5)),
        share_of_voice=tuple(
            replace(CRISIS.share_of_voice[0], name=f"{i}{long}") for i in range(200)
        ),
        missed=tuple(Week(2025, i) for i in range(1, 53)),
        model=long,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["word ", "'\"&<>", "漢字", "🙂", "W", "a.b@c "])
def test_the_html_is_never_too_long(language: str, words: str) -> None:
    html = render_html(crowded(language, words), LINKS)
    assert transferred(html) <= MOST_BYTES
    assert html.rstrip().endswith("</html>")


def test_quotes_go_first_and_figures_stay() -> None:
    brands = tuple(replace(ACME, name=f"Brand {i}", topics=ACME.topics * 2) for i in range(4))
    html = render_html(replace(TWO_BRANDS, subjects=brands), LINKS)
    assert "Third parcel" not in html
    assert html.count("69 negative of 97") == 4
    assert "Third parcel" in render_text(replace(TWO_BRANDS, subjects=brands), LINKS)


@pytest.mark.parametrize("name", COLOURS)
def test_dark_colours_are_told_to_outlook_too(name: str) -> None:
    """Its web pages and apps know no media query, and mark what they have darkened themselves."""
    html = render_html(CRISIS)
    dark = COLOURS[name][1]
    told = re.findall(rf"\[data-ogs[cb]\] \.[a-z]-{name}\{{[^}}]*{dark}!important", html)
    assert len(told) == html.count(f"-{name}{{", 0, html.index("[data-ogs"))


@pytest.mark.parametrize("data", [CRISIS, TWO_BRANDS, NOTHING, FEW])
def test_no_level_of_heading_is_left_out(data: DigestData) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", render_html(data, LINKS))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_size_is_that_of_the_mail() -> None:
    for data in (CRISIS, in_language("zh-Hans")):
        html = render_html(data, LINKS)
        mail = EmailMessage(policy=SMTP)
        mail.set_content(html, subtype="html", cte=transfer_encoding(html))
        assert mail.get_content().rstrip() == html.rstrip()
        sent = len(mail.as_bytes().partition(b"\r\n\r\n")[2])
        assert 0.98 * transferred(html) < sent <= transferred(html)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_renders(name: str, said: str) -> None:
    theme = replace(ACME.topics[0], name=name, quotes=(a_quote(said, name),))
    data = replace(CRISIS, subjects=(replace(ACME, name=name, topics=(theme,)), COYOTE))
    assert transferred(render_html(data, LINKS)) <= MOST_BYTES
    assert render_text(data, LINKS)
    assert len(subject_line(data).splitlines()) == 1


def test_a_fortnight_is_called_one() -> None:
    data = replace(
        CRISIS,
        every=Every.FORTNIGHT,
        week=Week(2026, 48),
        start=CRISIS.start,
        end=CRISIS.end + timedelta(weeks=1),
    )
    assert "weeks 47 to 48, 2026" in subject_line(data)
    assert "Fortnightly digest" in render_text(data)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["card", "soft"])
@pytest.mark.parametrize("words", ["ink", "faint", "link", "bad", "good"])
def test_words_stand_out_from_their_ground(words: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[words][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("bar", ["negative", "positive", "ours"])
def test_bars_that_say_something_stand_out(bar: str, scheme: int) -> None:
    assert contrast(BARS[bar][scheme], COLOURS["card"][scheme]) >= 3
