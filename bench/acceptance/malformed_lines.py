"""Malformed JSONL and CSV, each among good rows; with what must become of it."""

import codecs
import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from bench.acceptance.malformed_values import KEPT_FIELDS, REFUSED_FIELDS, REFUSED_LINES, text_of

GOOD = 5  # rows before what is malformed, and as many after it
HEADER = b"id,text,created_at,author,stars\n"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file. `good`: what must be stored, by id; `read`: its lines that are not empty; `rejected`
    of them; None where both taking and refusing is right."""

    name: str
    ending: str
    data: bytes
    good: Mapping[str, str]
    read: int | None
    rejected: int | None


class Maker:
    """Makes cases, numbered, from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._numbers = count(1)

    def rows(self, name: str, some: int, first: int = 0) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{name}-g{first + number}",
                "text": text_of(self.rng, f"{name} {first + number}"),
                "created_at": f"2026-03-{self.rng.randint(1, 9):02}T{self.rng.randint(0, 23):02}"
                f":{self.rng.randint(0, 59):02}:00Z",
                "author": f"someone{self.rng.randint(1, 50)}",
                "stars": self.rng.randint(1, 5),
            }
            for number in range(some)
        ]

    def case(
        self,
        what: str,
        ending: str,
        build: "Callable[[list[bytes], list[bytes]], bytes]",
        *,
        rejected: int | None,
        bad: int | None = 1,
        kept: bool = True,
        form: Callable[[dict[str, Any]], bytes] | None = None,
    ) -> Case:
        """`build` puts the good lines before and after it together; `bad` lines are in between."""
        name = f"{next(self._numbers):03}-{what}"
        rows = self.rows(name, 2 * GOOD)
        lines = [(form or jsonl)(row) for row in rows]
        return Case(
            name=name,
            ending=ending,
            data=build(lines[:GOOD], lines[GOOD:]),
            good={row["id"]: row["text"] for row in rows} if kept else {},
            read=None if bad is None else (2 * GOOD if kept else 0) + bad,
            rejected=rejected,
        )


def jsonl(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def comma(row: Mapping[str, Any]) -> bytes:
    cells = [str(value).replace('"', '""') for value in row.values()]
    return ",".join(f'"{cell}"' for cell in cells).encode() + b"\n"


def between(line: bytes) -> Callable[[list[bytes], list[bytes]], bytes]:
    return lambda before, after: b"".join([*before, line + b"\n", *after])


def jsonl_lines(maker: Maker, most: int) -> Iterator[Case]:
    """One malformed line each."""
    made: list[Case] = []
    for number, line in enumerate(REFUSED_LINES):
        made.append(maker.case("line", ".jsonl", between(line), rejected=1, bad=_lines(line)))
        assert _lines(line) == 1, number
    for number, (field, refused) in enumerate(
        [(f, v) for f in REFUSED_FIELDS for v in REFUSED_FIELDS[f]]
    ):
        row = {"id": f"bad-{number}", "text": "Acme is bad", "created_at": "2026-03-05T10:00:00Z"}
        line = _with(row, field, refused)
        made.append(maker.case(f"no-{field}", ".jsonl", between(line), rejected=1))
    for number, (field, odd) in enumerate([(f, v) for f in KEPT_FIELDS for v in KEPT_FIELDS[f]]):
        row = {"id": f"odd-{number}", "text": "Acme is odd", "created_at": "2026-03-05T10:00:00Z"}
        line = _with(row, field, odd)
        made.append(maker.case(f"odd-{field or 'key'}", ".jsonl", between(line), rejected=0))
    maker.rng.shuffle(made)
    yield from made[:most]


def _with(row: Mapping[str, Any], field: str, written: str) -> bytes:
    """The row as JSON, one field written as it is given; `ABSENT` leaves it out."""
    parts = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in row.items() if k != field]
    if written != "ABSENT":
        parts.append(f"{json.dumps(field)}: {written}")
    return ("{" + ", ".join(parts) + "}").encode("utf-8", "surrogatepass")


def _lines(data: bytes) -> int:
    return sum(bool(line.strip(b"\0 \t\r")) for line in data.split(b"\n"))


def jsonl_files(maker: Maker) -> Iterator[Case]:
    """What is wrong with a file as a whole."""

    def whole(before: list[bytes], after: list[bytes]) -> bytes:
        return b"".join([*before, *after])

    def fine(what: str, change: Callable[[bytes], bytes], ending: str = ".jsonl") -> Case:
        return maker.case(what, ending, lambda b, a: change(whole(b, a)), rejected=0, bad=0)

    def in_utf16(bom: bytes, name: str) -> Callable[[bytes], bytes]:
        return lambda data: bom + data.decode().encode(name)

    yield fine("bom", lambda data: codecs.BOM_UTF8 + data)
    yield fine("utf16le", in_utf16(codecs.BOM_UTF16_LE, "utf-16-le"))
    yield fine("utf16be", in_utf16(codecs.BOM_UTF16_BE, "utf-16-be"))
    yield fine("crlf", lambda data: data.replace(b"\n", b"\r\n"))
    yield fine("no-last-break", lambda data: data.rstrip(b"\n"))
    yield fine("empty-lines", lambda data: data.replace(b"\n", b"\n\n  \n\t\n\r\n"))
    yield fine("nul-padding", lambda data: data + b"\0" * 5000)
    yield fine("packed", gzip.compress, ".jsonl.gz")
    yield fine("packed-not-named", gzip.compress)
    yield fine("named-not-packed", lambda data: data, ".jsonl.gz")
    yield fine("two-packed", lambda data: b"".join(
        gzip.compress(line) for line in data.splitlines(keepends=True)), ".jsonl.gz")  # fmt: skip
    half = partial(maker.case, ending=".jsonl", rejected=1)
    yield half("half-line", build=lambda b, a: whole(b, a) + b'{"id": "half", "text": "Acm')
    yield half("half-letter", build=lambda b, a: whole(b, a) + '{"text": "航'.encode()[:-1])
    utf16 = in_utf16(codecs.BOM_UTF16_LE, "utf-16-le")
    yield half("half-utf16", build=lambda b, a: utf16(whole(b, a) + b'{"te')[:-1])
    yield half("giant-line", build=lambda b, a: b"".join([*b, b"x" * 3_000_000 + b"\n", *a]))
    giant = jsonl({"id": "giant", "text": "x" * 1_500_000, "created_at": "2026-03-01"}).strip()
    yield half("giant-object", build=between(giant))
    long = jsonl({"id": "long", "text": "Acme " * 100_000, "created_at": "2026-03-01"}).strip()
    yield maker.case("long-text", ".jsonl", between(long), rejected=0)
    nothing = partial(maker.case, ending=".jsonl", kept=False)
    yield nothing("empty", build=lambda b, a: b"", rejected=0, bad=0)
    yield nothing("only-a-bom", build=lambda b, a: codecs.BOM_UTF8, rejected=0, bad=0)
    yield nothing("old-mac", build=lambda b, a: whole(b, a).replace(b"\n", b"\r"), rejected=1)
    yield nothing("an-array", rejected=11, bad=12, build=lambda b, a: (  # the last has no comma
        b"[\n" + b",\n".join(line.strip() for line in [*b, *a]) + b"\n]\n"))  # fmt: skip
    yield nothing("zeros", build=lambda b, a: b"\0" * 100_000, rejected=0, bad=0)
    for part in (0.4, 0.75, 0.98):
        yield _cut_gz(maker, part)
    yield _broken_end_gz(maker)


def _cut_gz(maker: Maker, part: float) -> Case:
    """A packed file that ends in the middle: the lines up to there are good."""
    name = f"cut-gz-{part}"
    rows = maker.rows(name, 400)
    packed = gzip.compress(b"".join(map(jsonl, rows)))
    packed = packed[: int(len(packed) * part)]
    there = zlib.decompressobj(31).decompress(packed).count(b"\n")
    good = {row["id"]: row["text"] for row in rows[:there]}
    return Case(name=name, ending=".jsonl.gz", data=packed, good=good, read=there + 1, rejected=1)


def _broken_end_gz(maker: Maker) -> Case:
    name = "gz-checksum"
    rows = maker.rows(name, 50)
    packed = bytearray(gzip.compress(b"".join(map(jsonl, rows))))
    packed[-6] ^= 0xFF
    good = {row["id"]: row["text"] for row in rows}
    return Case(name=name, ending=".jsonl.gz", data=bytes(packed), good=good, read=51, rejected=1)


def csv_cases(maker: Maker) -> Iterator[Case]:
    """CSV: rows that are none, and files that are odd as a whole."""
    case = partial(maker.case, ending=".csv", form=comma)
    date = b"2026-03-05T10:00:00Z"
    refused = {
        "short": b"bad-1,Acme",
        "one-cell": b"bad-1",
        "wide": b"bad-1,Acme," + date + b",me,5,more,and more",
        "no-text": b"bad-1,," + date + b",me,",
        "no-date": b"bad-1,Acme,,me,5",
        "bad-date": b"bad-1,Acme,soon,me,5",
        "date-31-feb": b"bad-1,Acme,2026-02-31,me,5",
        "stars-word": b"bad-1,Acme," + date + b",me,five",
        "stars-nine": b"bad-1,Acme," + date + b",me,9",
        "stars-nan": b"bad-1,Acme," + date + b",me,nan",
        "stars-inf": b"bad-1,Acme," + date + b",me,1e999",
        "stars-minus": b"bad-1,Acme," + date + b",me,-1",
        "quote-open": b'bad-1,"Acme,' + date + b",me,5",
        "quote-inside": b'bad-1,"Ac"me",' + date + b",me,5",
        "quote-then-more": b'bad-1,"Acme"x,' + date + b",me,5",
        "giant-cell": b"bad-1," + b"A" * 200_000 + b"," + date + b",me,5",
        "giant-row": b"bad-1," + b"A" * 2_000_000 + b"," + date + b",me,5",
        "words": b"this is no row at all",
        "header-again": HEADER.strip(),
        "semicolons": b"bad-1;Acme;" + date + b";me;5",
        "json": jsonl({"id": "x", "text": "Acme"}).strip(),
    }
    for name, line in refused.items():
        rejected = None if name == "giant-cell" else 1
        yield case(name, build=partial(_table, line + b"\n"), rejected=rejected)
    kept = {
        "formula": b"odd-1,=HYPERLINK(1)," + date + b",me,5",
        "latin-1": "odd-2,Acme für alle,".encode("latin-1") + date + b",me,5",
        "broken-utf8": b"odd-3,Acme \xff\xfe\xc3," + date + b",me,5",
        "nul": b"odd-4,Ac\0me," + date + b",me,5",
        "two-lines": b'odd-5,"Acme\nagain",' + date + b",me,5",
        "quotes": b'odd-6,"say ""Acme""",' + date + b",me,5",
        "unix-time": b"odd-7,Acme,1767261600,me,5",
        "comma-stars": b"odd-8,Acme," + date + b',me,"4,5"',
        "no-id": b",Acme," + date + b",me,5",
        "trailing-commas": b"odd-9,Acme," + date + b",me,5,,,",
        "only-stars": b"odd-10,," + date + b",me,1",
        "controls": b"odd-11,Ac\x07\x1bme," + date + b",me,5",
    }
    for name, line in kept.items():
        yield case(name, build=partial(_table, line + b"\n"), rejected=0)
    yield case("empty-rows", build=partial(_table, b",,,,\n\n\r\n,,,,\n"), rejected=0, bad=0)
    yield case("blank-row", build=partial(_table, b"  \n"), rejected=None)
    yield from _csv_files(case)


def _table(line: bytes, before: list[bytes], after: list[bytes]) -> bytes:
    return b"".join([HEADER, *before, line, *after])


def _csv_files(case: Callable[..., Case]) -> Iterator[Case]:
    def fine(what: str, change: Callable[[bytes], bytes], **given: Any) -> Case:
        return case(what, build=lambda b, a: change(_table(b"", b, a)),
                    **({"rejected": 0, "bad": 0} | given))  # fmt: skip

    yield fine("csv-bom", lambda data: codecs.BOM_UTF8 + data)
    yield fine("csv-utf16", lambda d: codecs.BOM_UTF16_LE + d.decode().encode("utf-16-le"))
    yield fine("csv-utf16be", lambda d: codecs.BOM_UTF16_BE + d.decode().encode("utf-16-be"))
    yield fine("csv-crlf", lambda data: data.replace(b"\n", b"\r\n"))
    yield fine("csv-sep", lambda data: b"sep=,\r\n" + data)
    yield fine("csv-semicolon", lambda data: data.replace(b'","', b'";"').replace(
        HEADER, HEADER.replace(b",", b";")))  # fmt: skip
    yield fine("csv-tab", lambda data: data.replace(b'","', b'"\t"').replace(
        HEADER, HEADER.replace(b",", b"\t")))  # fmt: skip
    yield fine("csv-packed", gzip.compress, ending=".csv.gz")
    yield fine("csv-no-last-break", lambda data: data.rstrip(b"\n"))
    yield fine("csv-nameless-column", lambda data: data.replace(b",stars\n", b",\n"))
    yield fine("csv-foreign-column", lambda data: data.replace(b",stars\n", b",__class__\n"))
    yield fine("csv-half-row", lambda data: data + b'half,"Acm', rejected=1, bad=1)
    yield fine("csv-half-quote", lambda data: data + b'"', rejected=1, bad=1)
    nothing = partial(case, kept=False)
    yield nothing("csv-empty", build=lambda b, a: b"", rejected=0, bad=0)
    yield nothing("csv-header-only", build=lambda b, a: HEADER, rejected=0, bad=0)
    for what, header in {
        "csv-twice": HEADER.replace(b"author", b"text"),
        "csv-blank-header": b",,,,\n",
        "csv-open-header": b'"id,text\n',
    }.items():
        yield nothing(what, build=partial(_headed, header), rejected=None, bad=None)
    yield nothing("csv-no-text", build=partial(_headed, HEADER.replace(b"text", b"words").replace(
        b"stars", b"points")), rejected=10, bad=10)  # fmt: skip
    yield nothing("csv-no-date", build=partial(_headed, HEADER.replace(b"created_at", b"Date")),
                  rejected=10, bad=10)  # fmt: skip
    yield nothing("csv-no-header", build=partial(_headed, b""), rejected=9, bad=9)
    yield nothing("csv-binary", build=lambda b, a: bytes(range(256)) * 40, rejected=None, bad=None)


def _headed(header: bytes, before: list[bytes], after: list[bytes]) -> bytes:
    return b"".join([header, *before, *after])
