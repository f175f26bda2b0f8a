"""Makes the pictures of the six main Slack messages, in light and in dark, and prints their JSON.

    python -m bench.pictures_slack          docs/pictures/slack-messages.png, needs Chromium
    python -m bench.pictures_slack --show   the JSON, as it is handed to Slack

The payloads are the product's, of the notices of the tests; the page that draws them is ours.
"""

import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.pictures import OUT, STYLE, drawn_blocks, shoot
from listener.domain.chart import Chart
from listener.domain.incident import Event
from listener.texts.captions import alt, title
from listener.texts.chart import Step
from listener.texts.digest_words import Links
from listener.texts.picture import Mark, Plot, png
from listener.texts.slack import Message, card
from listener.texts.slack_digest import digest_message
from tests.notifiers.build import NOW, a_promise, a_spike, a_wait
from tests.notifiers.found import a_competitors, an_influencers
from tests.texts.digests import CRISIS

PAGES = "https://listen.example.com/"
LINKS = Links(base=PAGES)
QUARTER, USUALLY = timedelta(minutes=15), (0, 1, 0, 0, 2, 1, 0, 1, 1, 0, 0, 1)
COUNTS = [*USUALLY * 4, 3, 9, 14]
STEPS = [
    Step(NOW + (n + 1 - len(COUNTS)) * QUARTER, count, 0.6, 3.1) for n, count in enumerate(COUNTS)
]
PLOT = Plot(
    steps=STEPS, width=QUARTER, until=NOW + QUARTER, moments=[(Mark.OPENED, NOW)],
    zone=ZoneInfo("Europe/Budapest"),
)  # fmt: skip
CHART = Chart(file="F1", title=title(PLOT, "en"), alt=alt(PLOT, "en"))
SPIKE_LINE = {
    "title": "Acme: negative spike, delivery", "severity": "high", "subject": "Acme",
    "incident": 12, "began": "2026-11-22T01:05:00Z", "ended": None, "ran_out": 2,
    "taken_by": "@anna",
}  # fmt: skip
OVER_LINE = SPIKE_LINE | {
    "title": "Acme: answers on social", "incident": 13, "ended": "2026-11-22T05:40:00Z",
    "ran_out": 0, "taken_by": None,
}  # fmt: skip


def messages() -> dict[str, Message]:
    """The six, by what they are."""
    grave = a_wait(7, 50, text="The seat belt came off in my hand while we were landing.")
    severe = a_spike(
        event=Event.MENTION_SEVERE, topic=None, quotes=(grave,), mentions=(grave.name,),
        title="Acme: somebody speaks of danger to people",
        incident_title="Acme: somebody speaks of danger to people",
        why="One mention speaks of danger to people, and is surely negative.",
        action="Ask whoever answers for safety to read it now.", evidence={},
    )  # fmt: skip
    night = a_spike(
        event=Event.SUMMARY_TOLD, incident=None, channel=None, topic=None, quotes=(), mentions=(),
        title="What happened meanwhile: 2 incidents", incident_title="", action="",
        why="It was held back in the quiet hours.",
        evidence={"lines": [SPIKE_LINE, OVER_LINE], "more": 0},
    )  # fmt: skip
    waits = tuple(a_wait(number, 7 * number - 20) for number in range(1, 6))
    return {
        "spike alert": card(a_spike(), pressed=True, pages=PAGES, chart=CHART),
        "response promise": card(a_promise(waits), pressed=True, pages=PAGES),
        "severe mention": card(severe, pressed=True, pages=PAGES),
        "competitor in trouble": card(a_competitors(), pressed=True, pages=PAGES),
        "influencer": card(
            an_influencers("negative", "Acme left 180 of us on the floor of Oslo."),
            pressed=True,
            pages=PAGES,
        ),
        "summary of the quiet hours": card(night, pressed=True, pages=PAGES),
        "digest in a channel": digest_message(CRISIS, LINKS),
    }


def main() -> None:
    told = messages()
    if "--show" in sys.argv:
        shown = {name: {"text": m.text, "blocks": m.blocks} for name, m in told.items()}
        print(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    cards = "".join(
        f"<section><h6>{name}</h6>{drawn_blocks(m.blocks, '14:05', {CHART.file: png(PLOT)})}"
        "</section>"
        for name, m in told.items()
    )
    sides = "".join(f'<div class="side {side}">{cards}</div>' for side in ("light", "dark"))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "messages.html"
        page.write_text(STYLE + f'<div class="sides">{sides}</div>', encoding="utf-8")
        shoot(page, OUT / "slack-messages.png", 1400)
    _fewer_colours(OUT / "slack-messages.png")


def _fewer_colours(picture: Path) -> None:
    """A third of its bytes, and nobody sees it."""
    from PIL import Image

    whole = Image.open(picture).convert("RGB")
    whole.quantize(64, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main()
