"""All that digests, mails and drafts say, in the four languages side by side, and what is wrong.

    python -m bench.acceptance.languages [--out FILE] [--no-browser]

--out writes one HTML file with a column for each language: the same digests as mail, as text and
as a message to Slack, then every phrase there is. Prints a table and PASS or FAIL: every phrase in
every language, none left in English, the same fields, plurals, dates and numbers as people write
them, nothing cut, no sign of the other Chinese script; and that no mail is wider than a telephone
of 320 px, measured in Chromium. Then one thing at a time is made wrong, and has to be found.
"""

import argparse
import html
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.acceptance._language_checks import (
    ELLIPSES,
    SORTS,
    WRITTEN,
    Tables,
    doctored,
    judge,
    written,
)
from bench.acceptance.verdicts import Verdicts
from listener.domain.actions import Standing
from listener.domain.digest import DigestData
from listener.texts import actions, drafts
from listener.texts.digest import Links, render_html, render_text, subject_line
from listener.texts.slack_digest import digest_message
from listener.texts.words import LANGUAGES, TABLES
from tests.servers import slack_limits
from tests.texts.digests import CRISIS, FEW, NOTHING, TEAM, TWO_BRANDS

NARROW: Final = 320  # px
DIGESTS: Final = {
    "a crisis": CRISIS, "two brands": TWO_BRANDS, "a team": TEAM, "too few": FEW,
    "nothing": NOTHING,
}  # fmt: skip
LINKS: Final = Links(base="https://listen.example.com/", unsubscribe="https://listen.example.com/u")
STYLE: Final = """<!doctype html><meta charset="utf-8"><title>Four languages</title><style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 16px }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td, th { border: 1px solid #ccc; padding: 6px; vertical-align: top; overflow-wrap: anywhere }
th:first-child, td:first-child { width: 11em; color: #666 }
iframe { width: 100%; height: 1500px; border: 0 }
pre { white-space: pre-wrap; font: 12px/1.4 ui-monospace, monospace }
</style>"""
_MEASURE: Final = """() => {
  const wide = [...document.querySelectorAll('body *')].filter(e => e.clientWidth
    && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline');
  const words = wide.slice(0, 3).map(e => e.textContent.trim().slice(0, 60));
  return [document.documentElement.scrollWidth, words];
}"""


def tables() -> Tables:
    """Every phrase, by language and by where it is from."""
    return {language: dict(_phrases(language)) for language in LANGUAGES}


def _phrases(language: str) -> Iterator[tuple[str, str]]:
    yield from TABLES[language].items()
    texts = actions.TEXTS[language]
    yield from ((f"action: {name}", words) for name, words in texts.ACTIONS.items())
    yield from ((f"meaning: {name}", words) for name, words in texts.MEANINGS.items())
    named, nameless = drafts.DRAFTS[language]
    yield from (("draft, named", named), ("draft", nameless))


def digest_in(data: DigestData, language: str) -> DigestData:
    """The sample in a language: what is to be done about people, too; each incident has a rule."""
    texts = actions.TEXTS[language].ACTIONS
    acts = {Standing.PROMOTER: texts["promoter"], Standing.CRITIC: texts["critic"]}
    people = tuple(replace(one, action=acts.get(one.standing, "")) for one in data.people)
    happened = tuple(replace(one, rule=one.rule or "rating_drop") for one in data.spikes)
    return replace(data, language=language, people=people, spikes=happened)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.languages")
    parser.add_argument("--out", type=Path, help="write the languages side by side there")
    parser.add_argument("--no-browser", action="store_true", help="measure no widths")
    given = parser.parse_args()
    verdicts, every = Verdicts(), tables()
    found = judge(every)
    _table(every, found)
    for language, wrong in found.items():
        for sort in SORTS:
            where = [what for one, what in wrong if one == sort]
            verdicts.claim(not where, f"{language}, {sort}: {len(where)} {', '.join(where[:4])}")
    for language in LANGUAGES:
        made, wanted = written(language), WRITTEN[language]
        differing = [f"{m} for {w}" for m, w in zip(made, wanted, strict=True) if m != w]
        verdicts.claim(
            not differing, f"{language}, as people write: {', '.join(differing or made)}"
        )
    _digests(verdicts)
    if not given.no_browser:
        _widths(verdicts)
    for sort, language, changed in doctored(every):
        seen = sort in {one for one, _ in judge(changed)[language]}
        verdicts.claim(seen, f"made wrong on purpose, and found: {sort}, {language}")
    if given.out:
        given.out.write_text(side_by_side(every), encoding="utf-8")
        print(f"side by side: {given.out}")
    return verdicts.status()


def _table(every: Tables, found: dict[str, list[tuple[str, str]]]) -> None:
    row = "{:10} {:>8} {:>12} " + " {:>19}" * len(SORTS)
    print(row.format("language", "phrases", "characters", *SORTS))
    for language, table in every.items():
        wrong = found.get(language, [])
        counts = (sum(one == sort for one, _ in wrong) for sort in SORTS)
        print(row.format(language, len(table), sum(map(len, table.values())), *counts))


def _digests(verdicts: Verdicts) -> None:
    """Whole digests: nothing is cut that English does not cut, and no line of ours is English."""
    for name, data in DIGESTS.items():
        english = render_text(digest_in(data, "en"), LINKS)
        for language in LANGUAGES[1:]:
            ours = digest_in(data, language)
            text = render_text(ours, LINKS)
            shown = slack_words(ours)
            cut = [
                _cuts(text) - _cuts(english),
                _cuts(shown) - _cuts(slack_words(digest_in(data, "en"))),
            ]
            verdicts.claim(max(cut) <= 0, f"{language}, {name}: cut where English is not: {cut}")
            same = _alike(text, english)
            verdicts.claim(not same, f"{language}, {name}: lines that are English: {same[:3]}")


def _cuts(text: str) -> int:
    return sum(text.count(one) for one in ELLIPSES)


def _alike(text: str, english: str) -> list[str]:
    """Lines of ours that read as in English; quotes, names and addresses are other people's."""
    theirs = {line.strip() for line in english.splitlines()}
    lines = (line.strip() for line in text.splitlines())
    return [
        line
        for line in lines
        if line in theirs
        and sum(char.isalpha() for char in line) > 3
        and not line.startswith((">", "=="))
        and "://" not in line
    ]


def slack_words(data: DigestData) -> str:
    return "\n".join(slack_limits.texts_of(digest_message(data, LINKS).blocks))


def _widths(verdicts: Verdicts) -> None:
    """How wide each mail is on a telephone: what is wider would have to be pushed to and fro."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": NARROW, "height": 700})
        for language in LANGUAGES:
            widths, wide = [], []
            for data in DIGESTS.values():
                tab.set_content(render_html(digest_in(data, language), LINKS))
                width, which = tab.evaluate(_MEASURE)
                widths.append(width)
                wide += which
            verdicts.claim(
                max(widths) <= NARROW and not wide,
                f"{language}, at {NARROW} px the widest mail has {max(widths)} px {wide[:2]}",
            )
        tab.set_content('<body><p style="white-space: nowrap">' + "Sehr lang " * 60)
        verdicts.claim(tab.evaluate(_MEASURE)[0] > NARROW, "made too wide on purpose, and found")
        browser.close()


def side_by_side(every: Tables) -> str:
    heads = "".join(f'<th lang="{one}">{one}' for one in LANGUAGES)
    rows = []
    for name, data in DIGESTS.items():
        made = {one: digest_in(data, one) for one in LANGUAGES}
        rows += [
            _row(
                f"{name}: subject", {one: html.escape(subject_line(d)) for one, d in made.items()}
            ),
            _row(f"{name}: mail", {one: _frame(d) for one, d in made.items()}),
            _row(f"{name}: text", {one: _pre(render_text(d, LINKS)) for one, d in made.items()}),
            _row(f"{name}: Slack", {one: _pre(slack_words(d)) for one, d in made.items()}),
        ]
    for key in every["en"]:
        rows.append(_row(key, {one: html.escape(every[one].get(key, "—")) for one in LANGUAGES}))
    return f"{STYLE}<table><tr><th>{heads}{''.join(rows)}</table>\n"


def _row(name: str, cells: dict[str, str]) -> str:
    made = "".join(f'<td lang="{one}">{cell}' for one, cell in cells.items())
    return f"<tr><td>{html.escape(name)}{made}\n"


def _frame(data: DigestData) -> str:
    return f'<iframe srcdoc="{html.escape(render_html(data, LINKS))}"></iframe>'


def _pre(text: str) -> str:
    return f"<pre>{html.escape(text)}</pre>"


if __name__ == "__main__":
    sys.exit(main())
