"""What a query found is marked where a mention is told, and is looked up when it is told."""

from dataclasses import replace

from listener.domain.incident import Quote
from listener.domain.mention import Mention
from tests.builders import HOUR, MINUTE, NOW, a_mention
from tests.stages.world import World


def told(world: World, mention: Mention) -> Quote:
    """The mention as the notice shows it that says that its answer is overdue."""
    world.hear(mention, now=NOW + MINUTE)
    world.think(NOW + 2 * HOUR)
    ((notice, *_), *_) = [taken.news for taken in world.tell(NOW + 2 * HOUR).attempts]
    (quote,) = notice.quotes
    return quote


def marked(quote: Quote) -> list[str]:
    return [quote.text[start:end] for start, end in quote.places]


def test_terms_are_marked_in_the_title_and_in_the_text(world: World) -> None:
    quote = told(world, a_mention(title="Acme", text="late: ACME's\nparcel"))
    assert quote.text == "Acme: late: ACME's parcel"
    assert marked(quote) == ["Acme", "ACME"]


def test_a_long_text_is_told_around_what_was_found(world: World) -> None:
    quote = told(world, a_mention(text=f"{'It was wet. ' * 100} Acme! {'Oh dear. ' * 100}"))
    assert marked(quote) == ["Acme"]
    assert quote.text.startswith("…")
    assert len(quote.text) <= 300


def test_after_an_edit_other_places_are_marked(world: World) -> None:
    mention = a_mention(text="My parcel from Acme is late")
    world.hear(mention, now=NOW + MINUTE)
    edited = replace(mention, text="Late, Acme", edited_at=NOW + MINUTE)
    assert marked(told(world, edited)) == ["Acme"]


def test_a_mention_that_names_the_brand_itself_has_nothing_marked(world: World) -> None:
    assert marked(told(world, a_mention(brand="Acme", text="Acme is late"))) == []
