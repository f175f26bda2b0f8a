"""What people write is shown and never runs: payloads in every field, every page, in Chromium.

    python -m bench.acceptance.pages_stored

Each payload stands in every field of mentions, reviews, answers, unread rows and incidents that
somebody outside can fill. Every page and feed of the site is opened; nothing may call `hit`, open a
dialog, break the content security policy, leave for elsewhere or carry a link that runs. Then
the same is looked for on a page that lets it run: the harness can fail.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bench.acceptance._payloads import payloads
from bench.acceptance.verdicts import Verdicts
from bench.stored_year import END
from listener.clock import monotonic
from listener.domain.incident import Finding, Severity
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Channel, Evidence, Mention, Reject, Response
from listener.domain.promise import DEFAULT_PROMISES
from listener.domain.query import parse
from listener.domain.spam import ALL
from listener.domain.subject import Matcher, Role, Subject
from listener.stages.classify import take_given
from listener.stages.collect import take_in
from listener.stages.measure import Promises, measure
from listener.store import incidents, search, subjects
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site

FIELDS = ("text", "title", "author", "author_name", "url", "source_id", "parent_id", "place",
    "product", "product_version", "language", "topic", "answer's text", "answer's author",
    "unread row", "unread row's place", "incident's title", "incident's reason")  # fmt: skip
WATCH = """
window.hits = 0; window.hit = () => { window.hits += 1; };
window.broken = [];
document.addEventListener('securitypolicyviolation', (e) =>
    window.broken.push(e.violatedDirective + ' ' + e.blockedURI));
"""
FOUND = """() => {
  const runs = /^[\\u0000-\\u0020]*(?:j\\s*a\\s*v\\s*a\\s*s|vb\\s*s)cript:|^\\s*(?:data|blob):/i;
  const unwanted = 'IFRAME OBJECT EMBED BASE STYLE MARQUEE VIDEO MATH'.split(' ');
  const bad = [];
  for (const one of document.querySelectorAll('*')) {
    for (const { name, value } of one.attributes) {
      if (name.startsWith('on')) bad.push(one.tagName + ' ' + name);
      if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name) && runs.test(value)
          && !(one.rel === 'icon')) bad.push(one.tagName + ' ' + name + '=' + value.slice(0, 60));
      if (name === 'style' || name === 'srcdoc') bad.push(one.tagName + ' ' + name);
    }
    if (unwanted.includes(one.tagName)) bad.push(one.tagName);
  }
  return [window.hits, window.broken, bad];
}"""


def main() -> int:
    every = list(payloads())
    verdicts = Verdicts()
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "listener.db").open(END)
        with closing(store):
            rows = filled(store, every)
            site = make_site(store, lambda: END, None, "127.0.0.1", ZoneInfo("UTC"))
            server = SiteServer(site, host="127.0.0.1", port=0)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
                try:
                    looked(browser, f"http://127.0.0.1:{server.start()}", rows, every, verdicts)
                finally:
                    server.stop()
                    browser.close()
    print(f"{monotonic() - began:.0f} s")
    return verdicts.status()


def filled(store: Store, every: list[str]) -> list[int]:
    """The mentions' rows."""
    acme = Subject(name="Acme", role=Role.BRAND, query=parse("acme"))
    with store.write() as db:
        (acme,) = subjects.keep(db, (acme,))
        said = tuple(a_mention(n, words) for n, words in enumerate(every))
        answers = tuple(an_answer(one, words) for one, words in zip(said, every, strict=True))
        unread = tuple(Reject(place=words, reason=words, content=words) for words in every)
        batch = Batch(mentions=said, responses=answers, rejects=unread)
        take_in(db, batch, "shop", "shop", Matcher((acme,)), END)
    promises = Promises(DEFAULT_PROMISES, frozenset({acme.id}), ALL)
    while take_given(store, {"acme": acme.id}, END):
        pass
    while measure(store, promises, END):
        pass
    search.index_new(store)
    with store.write() as db:
        rows = [row[0] for row in db.execute("SELECT id FROM mention ORDER BY id")]
        for n, words in enumerate(every):
            finding = Finding(
                key=f"spike:{n}", rule="spike", subject_id=acme.id, severity=Severity.HIGH,
                title=words, why=words, action=words, mentions=tuple(rows[n : n + 3]),
            )  # fmt: skip
            incidents.open_incident(db, finding, END - timedelta(minutes=n))
    return rows


def a_mention(number: int, words: str) -> Mention:
    review = number % 2 == 1
    return Mention(
        source="shop",
        source_id=f"{number}{words}",
        channel=Channel.REVIEW if review else Channel.SOCIAL,
        text=f"acme {words}",
        title=words,
        said_at=END - timedelta(minutes=2 * number + 5),
        author=words,
        author_name=words,
        author_id=f"{number}{words}",
        url=words,
        language=words,
        place=words,
        product=words,
        product_version=words,
        parent_id=words,
        thread_id=words,
        followers=10,
        stars=1 if review else None,
        label=Sentiment.NEGATIVE,
        topics=(words,),
        brand="Acme",
    )


def an_answer(to: Mention, words: str) -> Response:
    return Response(
        source="shop",
        source_id=f"r{to.source_id}",
        said_at=to.said_at + timedelta(minutes=1),
        parent_id=to.source_id,
        author=words,
        text=words,
        evidence=Evidence.DIRECT,
    )


def addresses(rows: list[int], every: list[str]) -> Iterator[str]:
    yield from (
        "/", "/inbox", "/inbox?state=met", "/inbox?state=missed", "/incidents", "/incidents?all",
        "/subjects", "/subjects/Acme", "/compare", "/topics", "/search", "/search?q=acme",
        "/sources", "/digests", "/settings", "/settings/snoozes", "/signin",
        "/settings/preview?q=acme&of=Acme",
    )  # fmt: skip
    for row in rows:
        yield f"/mentions/{row}"
        yield f"/incidents/{row}"
    for words in every:  # and what an address itself brings
        asked = quote(words, safe="")
        yield f"/inbox?q={asked}&subject={asked}&open={asked}&order={asked}&done={asked}"
        yield f"/search?q={asked}"
        yield f"/mentions/{asked}"
        yield f"/subjects/{asked}"
        yield f"/signin?next={asked}"
        yield f"/settings/preview?q={asked}&of={asked}"
        yield f"/settings/subject?name={asked}"


def looked(
    browser: Browser, base: str, rows: list[int], every: list[str], verdicts: Verdicts
) -> None:
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    page = watched(browser, wrong)
    wanted = list(addresses(rows, every))
    for number, address in enumerate(wanted):
        if sys.stderr.isatty() or number % 200 == 0:
            print(f"\r{number} of {len(wanted)} pages", end="", file=sys.stderr, flush=True)
        answer = page.goto(base + address)
        status = answer.status if answer else 0
        seen[status] += 1
        if status >= 500:
            wrong.append(f"{address[:80]}: {status}")
        wrong += [f"{address[:60]}: {one}" for one in faults(page)]
        if not page.url.startswith(base):
            wrong.append(f"{address[:60]}: went to {page.url[:80]}")
    page.close()
    print(file=sys.stderr)
    print(f"{len(every)} payloads in {len(FIELDS)} fields; answers: {dict(sorted(seen.items()))}")
    for one in wrong[:20]:
        print("   ", one)
    verdicts.claim(len(every) >= 150, f"{len(every)} payloads")
    verdicts.claim(not wrong, f"{sum(seen.values())} pages opened, {len(wrong)} faults")
    caught = sum(let_run(browser, words) for words in every)
    verdicts.claim(caught > len(every) // 2, f"on a page that lets them run {caught} are caught")


def let_run(browser: Browser, words: str) -> bool:
    """Whether a payload is caught where it may run."""
    page = watched(browser, [])
    html = f'<!doctype html><body><p title="{words}">{words}<a href="{words}">x</a>'
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("http://open.test/", wait_until="commit")
    page.wait_for_timeout(20)
    try:
        caught = not page.url.startswith("http://open.test/") or bool(faults(page))
    except PlaywrightError:  # it has led away
        caught = True
    page.close()
    return caught


def watched(browser: Browser, wrong: list[str]) -> Page:
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: _asked(wrong, dialog))
    page.on("console", lambda told: _told(wrong, told))
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    return page


def _asked(wrong: list[str], dialog: Any) -> None:
    wrong.append("a dialog")
    dialog.dismiss()


def _told(wrong: list[str], told: Any) -> None:
    if "Content Security Policy" in told.text:
        wrong.append(told.text[:120])


def faults(page: Page) -> list[str]:
    hits, broken, bad = page.evaluate(FOUND)
    return [*(["ran"] * bool(hits)), *broken, *bad]


if __name__ == "__main__":
    raise SystemExit(main())
