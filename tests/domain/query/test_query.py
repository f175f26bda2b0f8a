"""The query language: what it reads, what it finds, what it refuses, and where it says so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from listener.domain.query import And, Not, Or, Phrase, Query, Reading, Word, parse, show
from listener.domain.query.grammar import GRAMMAR, MOST_CHARACTERS
from listener.domain.query.limits import DEEPEST, MOST_TERMS
from listener.errors import QueryError

ACME = '("acme air" OR @acmeair OR acmeair.com) NOT (coyote OR "acme corp")'


def refused(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


def finds(query: str, text: str) -> bool:
    return parse(query).match(text) is not None


# Reading


def test_what_folding_makes_a_space_of_is_nothing_to_look_for() -> None:
    assert "nothing that can be seen" in str(refused("`™` OR acme"))
    assert finds("`Acme™`", "by Acme™")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("acme", Word("acme")),
        ('"acme  air"', Phrase("acme air")),
        ("a b", And((Word("a"), Word("b")))),
        ("a AND b c", And((Word("a"), Word("b"), Word("c")))),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("a OR b NOT c", Or((Word("a"), And((Word("b"), Not(Word("c"))))))),
        ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("a -b", And((Word("a"), Not(Word("b"))))),
        ('a -"b c"', And((Word("a"), Not(Phrase("b c"))))),
        ("a -(b OR c)", And((Word("a"), Not(Or((Word("b"), Word("c"))))))),
        ('a NOT"b"', And((Word("a"), Not(Phrase("b"))))),
        ("wi-fi", Word("wi-fi")),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("ANDROID NOTE ORLY", And((Word("ANDROID"), Word("NOTE"), Word("ORLY")))),
        ("((a))", Word("a")),
        ("１ ＯＲ （ａ　ｂ）", Or((Word("１"), And((Word("ａ"), Word("ｂ")))))),
    ],
)
def test_a_query_is_read_into_its_tree(text: str, root: object) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    "quoted", ["“a b”", "„a b”", "„a b“", "«a b»", "»a b«", "「a b」", "＂a b＂"]
)
def test_every_kind_of_quote_makes_a_phrase(quoted: str) -> None:
    assert parse(quoted).root == Phrase("a b")


def test_a_tree_is_written_as_a_query_again() -> None:
    text = '("acme air" OR @acmeair OR acmeair.com) NOT (coyote OR "acme corp")'
    assert str(parse(text).root) == text
    assert str(parse(text)) == text


def test_queries_are_equal_when_they_mean_the_same_tree() -> None:
    assert parse("a  AND b") == parse("a b")
    assert hash(parse("a  AND b")) == hash(parse("a b"))
    assert parse("a b") != parse("b a")


def test_the_positive_terms_are_listed_for_services_that_search() -> None:
    query = parse('@AcmeAir "acme air" NOT (coyote -@acmehelp) acme acme')
    assert query.terms == ("@AcmeAir", "acme air", "@acmehelp", "acme")


# Finding


def test_a_match_names_the_terms_as_written_and_in_order() -> None:
    query = parse(ACME)
    assert query.match("Love @ACMEAIR, acme\n air!") == ("acme air", "@acmeair")
    assert query.match("acme corp and @acmeair") is None
    assert query.match("nothing of it") is None


def test_a_term_is_named_once() -> None:
    assert parse("(acme air) OR (acme bus)").match("acme air bus") == ("acme", "air", "bus")


def test_a_branch_that_does_not_hold_names_nothing() -> None:
    assert parse("(acme air) OR bus").match("acme bus") == ("bus",)


def test_what_is_excluded_twice_is_asked_for() -> None:
    query = parse("acme NOT (air NOT delayed)")
    assert query.match("acme air delayed") == ("acme", "delayed")
    assert query.match("acme air") is None
    assert query.match("acme") == ("acme",)


def test_a_text_is_folded_once_for_all_queries() -> None:
    text = Reading("ACME　Ａｉｒ")
    assert [parse(q).match_read(text) for q in ("acme", "delta", '"acme air"')] == [
        ("acme",),
        None,
        ("acme air",),
    ]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme", "ACME!"),
        ("acme", "@acme #acme"),
        ("acme", "#acme"),
        ("acme", "acme's plane"),
        ("acme", "acme’s plane"),
        ("acme", "the acme-air plane"),
        ("acme", "https://www.acme.com/x"),
        ("acme", "ACME™ is"),
        ("acme", "xacme acmex acme"),
        ("acme's", "Acme’s plane"),
        ("wi-fi", "no Wi‑Fi on board"),
        ("@acmeair", "@AcmeAir! hello"),
        ("@acmeair", ".@acmeair hello"),
        ("@acmeair", "@acmeair.Please help"),
        ("@acmeair", "感谢@acmeair的帮助"),
        ("#acme", "(#Acme)"),
        ("#acme", "看#acme的航班"),
        ("acmeair.com", "see https://www.ACMEAIR.com/help"),
        ("C++", "we use c++17"),
        ("AT&T", "at&t is down"),
        ("😡", "late again😡😡"),
        ("❤", "I ❤️ acme"),
        ('"acme air"', "acme\n\tair"),
        ('"acme air"', "the acme air."),
        ('"航空 公司"', "航空\n公司"),
        ("straße", "STRASSE"),
        ("STRASSE", "die Straße"),
        ("istanbul", "İSTANBUL"),
        ("İstanbul", "istanbul"),
        ("ısparta", "ISPARTA"),
        ("késő", "KE\u0301SO\u030b járat"),
        ("ΟΔΟΣ", "η οδός, οδος"),
        ("acme", "ＡＣＭＥ"),
        ("acme", "𝐀𝐜𝐦𝐞 air"),
        ("ｶﾞｿﾘﾝ", "ガソリンが高い"),
        ("航空", "中国航空公司"),
        ("acme", "我坐Acme航班"),
        ("Acme航空", "我坐acme航空的航班"),
        ("航空acme", "坐航空acme吧"),
        ("항공", "애크미항공이 또"),
        ("ล่าช้า", "เที่ยวบินล่าช้ามาก"),
        ("さくら", "昨日さくらを見た"),
        ("हिन्दी", "यह हिन्दी है"),
        ("طيران", "شركة طيران سيئة"),
        ("авиа", "АВИА!"),
        ("Verspätung", "Ver\u00adspätung"),
        ("acme", "ac\u200bme"),
        ('"f**k"', "what the f**k"),
        ("1,000", "over 1,000 bags"),
    ],
)
def test_it_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme", "acmeair"),
        ("acme", "@acme_support"),
        ("acme", "pacme 1acme acme2"),
        ("acme", "acmé"),
        ("acme", "acme\u0323"),
        ("@acmeair", "@acmeairlines"),
        ("@acmeair", "bob@acmeair.com"),
        ("@acmeair", "acmeair"),
        ("@航空", "@航空公司"),
        ("#航空", "#航空公司"),
        ("#acme", "#acmeair"),
        ("#acme", "page#acme"),
        ("acmeair.com", "notacmeair.com"),
        ("acmeair.com", "acmeair.community"),
        ("acmeair.com", "acmeair-com"),
        ("C++", "objectiveC++"),
        ('"acme air"', "acme-air"),
        ('"acme air"', "acme nice air"),
        ('"acme air"', "acme airlines"),
        ("késő", "keso"),
        ("हि", "हिन्दी"),
        ("acme航空", "xacme航空"),
        ("航空acme", "航空acmeair"),
        ("国", "國"),
        ("acme", ""),
    ],
)
def test_it_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


# Refusing


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 0, "the query is empty"),
        (" \n", 0, "the query is empty"),
        ("acme OR", 7, 'expected a word, a phrase or "(" at character 8: the query ends here'),
        ("acme OR  ", 7, "the query ends here"),
        ("acme AND OR b", 9, "at character 10: found OR"),
        ("OR b", 0, "found OR"),
        ("acme NOT", 8, "the query ends here"),
        ("()", 1, "found )"),
        ("acme) b", 4, "closes nothing"),
        ("a (b c", 6, 'the "(" at character 3 is not closed'),
        ("（航空 OR", 6, "the query ends here"),
        ('acme "air', 9, "the quote at character 6 is not closed"),
        ("acme - air", 5, "right before what it excludes"),
        ("acme --air", 5, "right before what it excludes"),
        ('acme ""', 5, "nothing that can be seen"),
        ("acme \u200b", 5, "nothing that can be seen"),
        ('"™"', 0, "nothing that can be seen"),
        ("NOT coyote", 0, "would match nearly everything"),
        ("-coyote", 0, "would match nearly everything"),
        ("acme OR NOT coyote", 8, "would match nearly everything"),
        ("acme OR (b -c) OR (-d -e)", 19, "would match nearly everything"),
        ("NOT (acme coyote)", 0, "would match nearly everything"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, position: int, message: str) -> None:
    error = refused(text)
    assert message in str(error)
    assert error.position == position


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("acme NEAR late", 5, "nearness is written a NEAR/5 b"),
        ("acme ~hu", 5, "right behind what it belongs to"),
        ('title:"acme air"', 0, '"title:" is no field; quote it'),
        ('"acme air"~5', 10, "for a distance write a NEAR/5 b"),
        ("acme, delta", 0, "a list is written with OR"),
        ("航空、巴士", 0, "a list is written with OR"),
        ("acme | delta", 5, "write OR"),
        ("acme && delta", 5, "write AND"),
        ("+acme delta", 0, "leave out the +"),
        ("acme !delta", 5, "write NOT"),
        ("acme –delta", 5, "a plain hyphen"),
        ("[acme OR delta]", 0, "use ( and )"),
        ("'acme air'", 0, "double quotes"),
    ],
)
def test_what_would_be_misread_is_refused_with_a_hint(
    text: str, position: int, message: str
) -> None:
    error = refused(text)
    assert message in str(error)
    assert error.position == position


@pytest.mark.parametrize(
    "text",
    ['"author:x"', '"acme*"', '"NEAR/5"', "https://acme.com", "10:30", "near", "C#", "+1", "a–b"],
)
def test_in_quotes_or_harmless_it_is_plain_text(text: str) -> None:
    assert parse(text).match(text.strip('"')) == (text.strip('"'),)


def test_too_much_is_refused() -> None:
    assert refused("x" * (MOST_CHARACTERS + 1)).position == MOST_CHARACTERS
    assert refused("a " * (MOST_TERMS + 1)).position == 2 * MOST_TERMS
    assert refused("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1)).position == DEEPEST
    assert "too deep" in str(refused("NOT " * (DEEPEST + 1) + "a"))
    assert "too deep" in str(refused("(NOT " * DEEPEST + "a" + ")" * DEEPEST))


def test_as_much_as_allowed_is_read_and_answered() -> None:
    assert finds("(" * DEEPEST + "a" + ")" * DEEPEST, "a")
    assert finds(" OR ".join(["b"] * (MOST_TERMS - 1) + ["a"]), "a")
    assert finds("NOT " * DEEPEST + "a", "a")
    assert finds("(a) " * MOST_TERMS, "a")
    assert finds("a" + " NOT b" * (MOST_TERMS - 1), "a")


@pytest.mark.parametrize(
    "text",
    [
        "(" * MOST_CHARACTERS,
        ")" * MOST_CHARACTERS,
        '"' * (MOST_CHARACTERS - 1),
        "-" * MOST_CHARACTERS,
        "()" * 5_000,
        "NOT " * 2_500,
        "-(" * 5_000,
        "OR " * 3_000,
        "a OR " * 2_000,
        "\x00\ud800(",
    ],
)
def test_a_hostile_query_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.timeout(20)
def test_a_hostile_pair_of_query_and_text_is_answered() -> None:
    nested = parse(" OR ".join("a" * length for length in range(1, 135)))
    assert nested.match("a" * 20_000) is None
    dashed = parse(" OR ".join("a" + "-a" * length + "x" for length in range(1, 90)))
    assert dashed.match("a-" * 10_000) is None


# Showing


def test_a_mistake_is_drawn_under_the_query() -> None:
    text = "acme AND OR delta"
    assert show(refused(text), text) == "acme AND OR delta\n         ^"


def test_the_caret_knows_wide_characters() -> None:
    text = "航空 AND OR"
    assert show(refused(text), text) == "航空 AND OR\n         ^"


def test_a_long_query_is_drawn_around_the_mistake() -> None:
    text = "acme OR\t" * 100 + "OR" + " acme" * 100
    query_line, caret_line = show(refused(text), text).splitlines()
    assert query_line.startswith("…")
    assert query_line.endswith("…")
    assert query_line[caret_line.index("^") :].startswith("OR acme")
    assert len(query_line) < 80


def test_what_is_drawn_holds_no_control_characters() -> None:
    assert show(refused("a\x1b[31m\n)"), "a\x1b[31m\n)") == "a [31m )\n       ^"


# The rest of the house


def test_the_documented_grammar_is_the_one_that_is_used() -> None:
    page = Path(__file__).parents[3] / "docs" / "queries.md"
    blocks = re.findall(r"```lark\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks == [GRAMMAR.lstrip("\n")]


def test_the_parser_library_is_loaded_by_the_first_query_only() -> None:
    code = "import sys, listener.domain.query; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_query_can_be_made_of_a_tree() -> None:
    assert Query("a or b", Or((Word("a"), Word("b")))).match("b") == ("b",)
