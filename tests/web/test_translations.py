"""The pages in other languages: every phrase is there, with the same gaps, in one script."""

import pickle
import re
from importlib.resources import files

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from markupsafe import Markup
from opencc import OpenCC

from listener.domain.wording import Amount, Homonym, Plural, Wording, listed
from listener.web.acted import who_did
from listener.web.called import called
from listener.web.words import SOURCE, in_words, languages
from tests.web.browser import Browser
from tests.web.gathered import gathered

TRANSLATED = sorted(one for one in languages() if one not in {SOURCE, "en-XA"})
GAP = re.compile(r"%\(\w+\)s|%%|<[^>]*>")
# Signs that both scripts have, though a converter knows another for them in some words.
BOTH = frozenset("占台只里面后准余系制采周并志峰群于")
TO_SIMPLIFIED, TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return gathered(tmp_path_factory.mktemp("words"))


def translated(language: str) -> Catalog:
    with files("listener.web.words").joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def phrases(language: str) -> list[Message]:
    return [one for one in translated(language) if one.id]  # without the head of the file


def forms(one: Message) -> tuple[str, ...]:
    return tuple(map(str, one.string if isinstance(one.string, tuple) else (one.string,)))


def ids(one: Message) -> tuple[str, ...]:
    return tuple(map(str, one.id if isinstance(one.id, tuple) else (one.id,)))


def test_there_are_three_beside_english() -> None:
    assert TRANSLATED == ["hu", "zh-Hans", "zh-Hant"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated(asked: Catalog, language: str) -> None:
    known = translated(language)
    missing = [
        one.id
        for one in asked
        if one.id and not ((have := known.get(one.id, one.context)) and all(forms(have)))
    ]
    assert not missing, "run `make words`, and translate them"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_phrase_is_kept_only_while_it_is_said(asked: Catalog, language: str) -> None:
    assert [one.id for one in phrases(language) if not asked.get(one.id, one.context)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_phrase_has_the_gaps_of_the_english_one(language: str) -> None:
    """A plural may leave out the number in one of its forms; a gap may be filled once for twice."""
    for one in phrases(language):
        theirs = [set(GAP.findall(each)) for each in ids(one)]
        for ours in forms(one):
            assert set(GAP.findall(ours)) in theirs, one.id


@pytest.mark.parametrize("language", [one for one in TRANSLATED if one.startswith("zh")])
def test_a_phrase_is_in_the_script_of_its_language(language: str) -> None:
    for one in phrases(language):
        for sign in "".join(forms(one)):
            simple = TO_SIMPLIFIED.convert(sign)
            other = (
                simple != sign
                if language == "zh-Hans"
                else simple == sign != TO_TRADITIONAL.convert(sign)
            )
            assert sign in BOTH or not other, (sign, one.string)


def test_a_word_is_said_as_it_is_meant() -> None:
    assert called("waits", "hu", "why it needs an answer") == "régóta vár"
    assert in_words("hu", Wording("waits")) == "vár"
    assert called("relevance", "hu") != called("relevance", "hu", "why it is kept aside")
    assert in_words("zh-Hant", Homonym("how many mentions", "over")) == "已逾時"
    assert in_words("zh-Hant", Wording("over")) == "結束"


def test_a_sentence_goes_with_its_number() -> None:
    for count, english in ((1, "1 follower"), (2, "2 followers")):
        said = Plural("%(count)s follower", "%(count)s followers", count, count=Amount(count))
        assert said == pickle.loads(pickle.dumps(said)) == english
        assert in_words("hu", pickle.loads(pickle.dumps(said))) == f"{count} követő"
        assert in_words("en-XA", said) == f"⟦{english}⟧"


def test_what_stands_between_is_written_as_the_language_does() -> None:
    assert in_words("zh-Hans", listed(["a", "b"])) == "a，b"
    assert in_words("zh-Hans", listed(["a", "b"], ": ")) == "a：b"
    assert in_words("hu", listed(["a", "b"], ": ")) == "a: b"
    told = Wording(
        "%(name)s: %(why)s", name="a", why=Wording("%(chance)s (p = %(p)s)", chance=1, p=2)
    )
    assert in_words("zh-Hant", told) == "a：1（p = 2）"


def test_who_did_what_is_one_sentence() -> None:
    kim, jo = Markup("<bdi>kim</bdi>"), Markup("<bdi>jo</bdi>")
    assert who_did("hu", "answered", kim) == "<bdi>kim</bdi> megválaszolta"
    assert who_did("zh-Hant", "assigned", kim, jo) == "<bdi>kim</bdi> 指派給 <bdi>jo</bdi>"
    assert who_did("en", "sang", kim, jo) == "<bdi>kim</bdi>: sang, <bdi>jo</bdi>"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_page_is_in_the_language_that_is_asked_for(browser: Browser, language: str) -> None:
    page = browser.get("/incidents", {"accept-language": language}).text
    assert f'<html lang="{language}">' in page
    inbox = next(one for one in phrases(language) if one.id == "Inbox")
    assert f">{inbox.string}</a>" in page
