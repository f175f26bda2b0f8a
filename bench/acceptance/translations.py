"""What each service that searches for us is asked for some queries, and what is left to us.

`python -m bench.acceptance.translations`: a table of queries by services, and PASS or FAIL. A
search passes when a reader of the service's documented syntax takes it, and finds with it every
text that is to be found by the query; where something is not found, that must be told.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from listener.collectors.translations import translate
from listener.domain.query import Document, Query, parse
from listener.domain.query.translation import Translation
from tests.servers import searching
from tests.servers.searching import Post

READS: Final = {
    "x": searching.on_x,
    "reddit": searching.reddit,
    "reddit_feeds": searching.reddit,
    "hacker_news": searching.hacker_news,
    "bluesky": searching.bluesky,
    "mastodon": searching.mastodon,
    "stack_exchange": searching.stack_exchange,
}
LONGEST: Final = {"x": 512, "reddit": 512, "reddit_feeds": 512}
WIDEST: Final = 150


@dataclass(frozen=True, slots=True)
class Case:
    """A query, and texts that it finds."""

    query: str
    texts: Sequence[str]


CASES: Final = (
    Case("acme", ["Acme is late", "the ACME's desk", "#acme again"]),
    Case('"acme air"', ["acme air lost my bag", "Acme  Air!"]),
    Case("@acme_air OR #acmeair", ["thanks @acme_air", "#AcmeAir again"]),
    Case("acmeair.com", ["see acmeair.com for more"]),
    Case('("acme air" OR acmeair) NOT (coyote OR "acme corp")', ["acmeair is late"]),
    Case("acme (late OR lost) NOT pack:jobs", ["acme lost my bag"]),
    Case('acme late OR delta lost OR "air france" strike', ["delta has lost it"]),
    Case("acme*", ["acme is late"]),
    Case("acme colo?r", ["the colour of acme"]),
    Case("colo?r", ["a colour"]),
    Case("acme~1 late", ["acne is late"]),
    Case("repülő~hu", ["a repülő késik"]),
    Case("(repülő OR járat)~hu acme", ["acme repülővel"]),
    Case("keso~plain", ["késő van"]),
    Case("快递~han", ["我的 快遞 呢"]),
    Case("航空 😡", ["航空 😡"]),
    Case("`C++` acme", ["acme runs on C++"]),
    Case("coca-cola OR AT&T", ["a coca-cola please", "AT&T is down"]),
    Case("refund NEAR/5 (late OR lost)", ["a refund for the late one"]),
    Case("acme author:bob", ["acme is late"]),
    Case("acme OR author:bob", ["nothing of it"]),
    Case("acme lang:(hu OR de) -kind:reply", ["acme késik"]),
    Case("acme has:link", ["acme https://acme.example/1"]),
    Case("acme stars:<=2", []),
    Case("acme OR late stars:1", ["acme is fine"]),
    Case('"acme OR delta" or', ["acme or delta"]),
    Case('"from:bob lang:hu" OR "is:retweet"', ["from:bob lang:hu is what I typed"]),
    Case(" OR ".join(f"acme{number:03}" for number in range(120)), ["acme007", "acme119"]),
    Case("acme ++", ["acme ++"]),
    Case("++", []),
)


def main() -> int:
    failed = 0
    for case in CASES:
        query = parse(case.query)
        print(f"\n{_short(case.query)}")
        for service in READS:
            made = translate(query, service, {})
            mistakes = list(_mistakes(case, query, service, made))
            failed += bool(mistakes)
            print(f"  {'FAIL' if mistakes else 'PASS'} {service}: {_asked(made)}")
            for line in (*mistakes, *(f"not found: {one}" for one in made.missed), *made.broader):
                print(f"         {_short(line)}")
    print(f"\n{len(CASES)} queries at {len(READS)} services: {failed or 'none'} failed")
    return 1 if failed else 0


def _mistakes(case: Case, query: Query, service: str, made: Translation) -> Iterator[str]:
    longest = max(map(len, made.searches), default=0)
    if longest > LONGEST.get(service, 512):
        yield f"a search of {longest} characters"
    if not made.searches and not made.impossible:
        yield "nothing is asked, and it is not said why"
    try:
        tests = [READS[service](search) for search in made.searches]
    except (ValueError, StopIteration) as error:
        yield f"it is no search there: {error}"
        return
    for text in case.texts:
        post = Post(text=text, author="bob", language="hu", link=_link(text))
        about = Document(
            text=text,
            author=None if service == "stack_exchange" else "bob",
            language="hu",
            kind="post",
        )
        is_told = bool(made.missed or made.impossible)
        if query.match(about) and not is_told and not any(test(post) for test in tests):
            yield f"not found, and not told: {text}"


def _link(text: str) -> str:
    return next((word for word in text.split() if word.startswith("https:")), "")


def _asked(made: Translation) -> str:
    if made.impossible is not None:
        return f"cannot be searched for: {_short(made.impossible)}"
    count = len(made.searches)
    more = f"  (and {count - 1} more)" if count > 1 else ""
    return f"{_short(made.searches[0])}{more}"


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


if __name__ == "__main__":
    sys.exit(main())
