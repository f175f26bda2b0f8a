"""Who spoke, at the shell."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

INFLUENCER = """
[[subjects]]
name = "Wanda"
role = "influencer"
accounts = { drop = ["windowseat_wanda"], x = ["wanda"] }
"""


def by(author: str, number: int, **fields: Any) -> dict[str, Any]:
    return a_line(number, author=author, created_at=ago(number), **fields)


@pytest.fixture
def spoken(configured: Path, shell: Shell) -> Path:
    """Four mentions by three people of one source, one of them an influencer."""
    with (configured / "config.toml").open("a", encoding="utf-8") as config:
        config.write(INFLUENCER)
    lines = [
        by("jo", 1, followers=70, verified=True),
        by("jo", 2, followers=70, verified=True, text="Acme and Boreal are late"),
        by("kata", 3, text="Boreal is late", followers=30, verified="no"),
        by("Windowseat_Wanda", 4, text="Acme = on time\x1b[2J", url="https://wanda.example/4"),
    ]
    said = shell("import", written(configured / "old.jsonl", lines), "--source", "drop")
    assert said.status == 0, said.err
    return configured


def test_people_are_listed_as_their_service_shows_them(spoken: Path, shell: Shell) -> None:
    rows = shell("people", "--format", "jsonl").rows
    told = [(row["author"], row["source"], row["verified"], row["mentions"]) for row in rows]
    assert told == [
        ("jo", "drop", True, 2),
        ("kata", "drop", False, 1),
        ("Windowseat_Wanda", "drop", None, 1),
    ]
    assert (rows[0]["id"], rows[0]["reach"], rows[0]["share"]) == ("drop:jo", 70, 0.7)


def test_people_are_shown_in_a_table(spoken: Path, shell: Shell) -> None:
    head, first, second, third = shell("people").out.splitlines()
    assert head.split()[:4] == ["author", "source", "followers", "verified"]
    assert first.split()[:4] == ["jo", "drop", "70", "yes"]
    assert first.split()[-1] == "70.0%"
    assert second.split()[3] == "no"
    assert (third.split()[3], third.split()[-1]) == ("-", "-")


def test_people_can_be_narrowed(spoken: Path, shell: Shell) -> None:
    def found(*options: str) -> list[str]:
        return [row["author"] for row in shell("people", "--format", "jsonl", *options).rows]

    assert found("--subject", "boreal") == ["jo", "kata"]
    assert found("--order", "mentions", "--limit", "1") == ["jo"]
    assert found("--source", "elsewhere") == []
    assert found("--since", "1m") == []
    assert "nobody spoke" in shell("people", "--since", "1m").err


def test_who_is_forgotten_is_not_listed(spoken: Path, shell: Shell) -> None:
    assert shell("forget", "--author", "drop:jo").status == 0
    assert "jo" not in shell("people").out.split()


def test_what_an_influencers_accounts_said_of_others(spoken: Path, shell: Shell) -> None:
    spoke, silent = shell("people", "--influencer", "wanda", "--format", "jsonl").rows
    assert (spoke["account"], spoke["source"]) == ("windowseat_wanda", "drop")
    assert (spoke["subject"], spoke["mentions"], spoke["posts"]) == ("Acme", 1, 1)
    assert (spoke["id"], spoke["url"]) == ("drop:4", "https://wanda.example/4")
    assert (silent["account"], silent["source"], silent["subject"]) == ("wanda", "x", None)
    limited = shell("people", "--influencer", "wanda", "--limit", "1", "--format", "jsonl").rows
    assert limited == [spoke]
    table = shell("people", "--influencer", "Wanda").out
    assert "Acme = on time" in table
    assert "\x1b" not in table


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--influencer", "Acme"], "no influencer that is followed; there is: Wanda"),
        (["--influencer", "Wanda", "--source", "x"], "--influencer goes with"),
        (["--subject", "Nobody"], "there is: Acme, Boreal, Wanda"),
        (["--since", "soon"], "'soon' is no time"),
    ],
)
def test_a_mistake_is_told_with_what_would_do(
    spoken: Path, shell: Shell, options: list[str], words: str
) -> None:
    said = shell("people", *options)
    assert (said.status, said.out) == (2, "")
    assert words in said.err


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_who_is_verified_is_exported_and_imported_again(
    spoken: Path, shell: Shell, form: str
) -> None:
    shell("export", "--format", form, "--out", f"all.{form}")
    again = ("--db", "again.db")
    assert shell(*again, "import", f"all.{form}", "--source", "drop").status == 0
    verified = {row["author"]: row["verified"] for row in shell(*again, "export").rows}
    assert verified == {"jo": True, "kata": False, "Windowseat_Wanda": None}
