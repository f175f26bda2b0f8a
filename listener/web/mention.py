"""The page of one mention: what was said, what is known of it, and what people may do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from listener import detail, live, undoing
from listener.detail import Detail
from listener.domain.intent import Intent
from listener.domain.label import MODEL, Label, Sentiment, is_persons
from listener.domain.press import SPANS
from listener.domain.response import OPEN
from listener.domain.stars import as_text
from listener.domain.times import from_text
from listener.texts import numbers
from listener.texts.replies import BUILT_IN, Drafted, drafted
from listener.texts.words import say
from listener.undoing import UNDID
from listener.web.behind import Behind
from listener.web.called import called
from listener.web.done import Done
from listener.web.pages import render
from listener.web.posts import is_made_up, source_link
from listener.web.waiting import sentiment_told, waiting_view
from listener.web.words import in_words, later

NAMES: Final = (later("Sorry, tell us more"), later("Thank you"), later("It is fixed now"))

_ABOUT: Final = {
    "about ": later("about %(subject)s"),
    "not about ": later("not about %(subject)s"),
}


def mention_page(behind: Behind, name: str, done: Done | None = None) -> str:
    """Raises UsageError where nothing is called so."""
    found = detail.of_mention(behind.store, name, behind.now(), behind.pack())
    shown = mention_view(found, behind)
    return render(
        "mention.html.j2",
        behind,
        here="/inbox",
        shown=shown,
        back=f"/mentions/{shown['row']}",
        token=behind.token,
        done=done,
    )


def mention_view(found: Detail, behind: Behind) -> dict[str, Any]:
    """Everything of a mention that is laid out, in words."""
    head, now = found.head, behind.now()
    said_at, seen_at = from_text(head["said_at"]), from_text(head["seen_at"])
    return {
        **head,
        "pieces": [] if head["deleted_at"] else found.said.pieces,
        "said_at": said_at,
        "seen_at": seen_at,
        "lag": numbers.duration(seen_at - said_at, behind.spoken),
        "link": source_link(head["url"]),
        "leads_nowhere": is_made_up(head["url"]),
        "stars": None if head["stars"] is None else as_text(head["stars"], head["stars_scale"]),
        "waits": [waiting_view(row, now, behind.spoken) for row in found.waits],
        "is_open": any(row["state"] in OPEN for row in found.waits),
        "action": next((row["action"] for row in found.waits if row["action"]), ""),
        "subjects": [_subject(row, head, behind.spoken) for row in found.subjects],
        "labels": [_label(one, behind.spoken) for one in _told(found.labels)],
        "answers": [{**row, "said_at": from_text(row["said_at"])} for row in found.answers],
        "acts": [_act(row, behind.spoken) for row in found.acts],
        "seen": found.last_act,
        "undo": _undo(found.acts, behind),
        "on_it": live.others_on(behind.store, [head["row"]], behind.who, now).get(head["row"], []),
        "drafts": _drafts(found, behind),
        "sentiments": [one.value for one in Sentiment],
        "intents": [one.value for one in Intent],
        "snoozes": SPANS,
    }


def _subject(row: dict[str, Any], head: dict[str, Any], language: str) -> dict[str, Any]:
    with_stars = row | {
        "stars_disagree": row["at_odds"],
        "stars": head["stars"],
        "stars_scale": head["stars_scale"],
    }
    return {**row, "sentiment": sentiment_told(with_stars, language)}


def _act(row: dict[str, Any], language: str) -> dict[str, Any]:
    """What somebody did; of a snooze the detail is a moment."""
    until = datetime.fromisoformat(row["detail"]) if row["did"] == "snoozed" else None
    detail = row["detail"]
    if row["did"] == UNDID:
        detail = called(detail, language)
    elif row["did"] == "corrected":
        detail = _corrected(detail, language)
    return {**row, "at": from_text(row["at"]), "until": until, "detail": detail}


def _corrected(detail: str, language: str) -> str:
    """As the record has it: a sentiment and an intent, a sentiment towards somebody, or neither."""
    for start, words in _ABOUT.items():
        if detail.startswith(start):
            return in_words(language, words, subject=detail.removeprefix(start))
    sentiment, towards, subject = detail.partition(" towards ")
    if towards:
        word = called(sentiment, language)
        return in_words(
            language, "%(sentiment)s towards %(subject)s", sentiment=word, subject=subject
        )
    return say(language, "list_comma").join(called(part, language) for part in detail.split(", "))


def _drafts(found: Detail, behind: Behind) -> list[Drafted]:
    """Replies to copy, in the language of who wrote it; none where the words are gone."""
    head = found.head
    if head["deleted_at"]:
        return []
    topics = tuple(topic for row in found.waits for topic in row["topics"])
    brand = next((row["subject"] for row in (*found.waits, *found.subjects)), None)
    words = {
        "author": head["author_name"] or head["author"],
        "brand": brand,
        "topic": topics[0] if topics else None,
        "link": source_link(head["url"]),
    }
    ours = {name: in_words(behind.spoken, name) for name in NAMES}
    found_for = drafted((*behind.replies(), *BUILT_IN), head["language"], topics, words)
    return [replace(one, name=ours.get(one.name, one.name)) for one in found_for]


def _undo(acts: Sequence[Mapping[str, Any]], behind: Behind) -> int | None:
    """By what number the last that was done can be undone by this person, if it can."""
    batch = next(
        (one["batch"] for one in reversed(acts) if one["did"] != UNDID and not one["undone"]), None
    )
    can = batch and undoing.can_undo(behind.store, batch, behind.who, behind.now())
    return batch if can else None


def _told(known: list[Label]) -> list[Label]:
    """What people said of it, and the newest of what the model did; the newest first."""
    by_model = [one for one in known if not is_persons(one.by)]
    return [*(one for one in reversed(known) if is_persons(one.by)), *reversed(by_model[-2:])]


def _label(one: Label, language: str) -> dict[str, Any]:
    sure = {"negative": one.negative, "neutral": one.neutral, "positive": one.positive}
    probability = sure[one.sentiment.value]
    return {
        "by": one.by,
        "person": is_persons(one.by),
        "sentiment": one.sentiment.value,
        "sure": None if one.by != MODEL else numbers.percent(probability, language),
        "topics": one.topics,
        "intent": one.intent,
        "reason": one.reason if one.needs_answer else None,
        "made_at": one.made_at,
    }
