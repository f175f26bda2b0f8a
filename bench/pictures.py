"""Makes the pictures of the README from the demo: the Slack message, and the weekly digest.

`python -m bench.pictures` needs Chromium. The Slack picture is the payload that would be sent,
drawn by the little page below in the manner of Slack; no Slack took part.
"""

import base64
import html
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from listener.clock import WallClock
from listener.domain.chart import Chart
from listener.domain.incident import Event
from listener.domain.times import from_text
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.stages import charts
from listener.stages.notify import notify
from listener.store import charts as kept_charts
from listener.store.connection import Store
from listener.texts.slack import card

NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})

OUT = Path(__file__).parent.parent / "docs" / "pictures"
STYLE = """<!doctype html><meta charset="utf-8"><style>
@font-face { font-family: Han; src: local("Noto Sans CJK SC");
  unicode-range: U+2E80-9FFF, U+FF00-FFEF }
@font-face { font-family: Emoji; src: local("Noto Color Emoji");
  unicode-range: U+2705, U+1F300-1FAFF }
body { margin: 0; font: 15px/1.46 Lato, Han, Emoji, "Noto Sans", "DejaVu Sans", sans-serif }
.sides { display: flex } .side { width: 652px; padding: 20px 24px; --line: #ddd; --faint: #616061;
  --link: #1264a3; --edge: #bbb; background: #fff; color: #1d1c1d }
.side.dark { --line: #45484c; --faint: #ababad; --link: #1d9bd1; --edge: #797c81;
  background: #1a1d21; color: #d1d2d3 } h6 { margin: 14px 0 8px; color: var(--faint);
  border-top: 1px solid var(--line); font-size: 12px; padding-top: 4px }
.row { display: flex; gap: 10px } .icon { width: 36px; height: 36px; border-radius: 6px;
  background: #31537a; color: #fff; text-align: center; font: bold 20px/36px sans-serif;
  flex: none }
.who b { font-weight: 800 } .app { background: var(--line); border-radius: 3px; font-size: 10px;
  padding: 1px 3px; color: var(--faint) } .time, .context { color: var(--faint); font-size: 12px }
h1 { font-size: 18px; margin: 6px 0 } p { margin: 4px 0; white-space: pre-line }
ul { margin: 4px 0; padding-left: 22px }
blockquote { margin: 6px 0; padding-left: 12px; border-left: 4px solid var(--line);
  white-space: pre-line } a { color: var(--link); text-decoration: none }
.button { display: inline-block; border: 1px solid var(--edge); border-radius: 4px;
  padding: 3px 11px; margin: 4px 8px 2px 0; font-weight: 700; font-size: 13px }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
figure { margin: 6px 0 } figcaption { font-size: 13px; margin-bottom: 4px; white-space: pre-line }
img { width: 100%; border-radius: 8px; display: block }
</style>"""
ROW = """<div class="row"><div class="icon">L</div><div><div class="who"><b>listener</b>
<span class="app">APP</span> <span class="time">TIME</span></div>BODY</div></div>"""


class _Caught:
    """Stands where a notifier stands, and keeps what it is given."""

    name = "slack"
    hears_alerts = edits = charts = True
    at_least_seconds_apart = 0.0

    def __init__(self) -> None:
        self.sendings: list[Sending] = []
        self.pictures: dict[str, bytes] = {}

    def upload(self, png: bytes, title: str) -> str:
        name = f"F{len(self.pictures)}"
        self.pictures[name] = png
        return name

    def send_incident(self, sending: Sending) -> Receipt:
        self.sendings.append(sending)
        return Receipt(place="#cx-alerts", ref=str(len(self.sendings)))

    def send_digest(self, digest: object) -> Receipt:
        raise NotifyError("no digests here")

    def check(self) -> str:
        return "catches"


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        demo = [sys.executable, "-m", "listener", "demo", folder, "--no-serve"]
        subprocess.run(demo, check=True, capture_output=True)
        page = Path(folder) / "slack.html"
        page.write_text(_slack_page(Path(folder) / "listener.db"), encoding="utf-8")
        shoot(page, OUT / "slack.png", 700)
        shoot(Path(folder) / "digest.html", OUT / "digest.png", 720, most=1500)


def _slack_page(database: Path) -> str:
    """The last spike's message, as it stood after the last that was told of it."""
    store, caught = Store(database).open(WallClock().now()), _Caught()
    last = _tell(store, caught)
    spikes = (Event.SPIKE_OPENED, Event.SPIKE_ESCALATED)
    notice = [s.notice for s in caught.sendings if s.notice.event in spikes][-1]
    chart = _drawn_at(store, caught, notice.incident, last)
    store.close()
    then = replace(notice, incident_state="open", incident_title=notice.title)
    blocks = card(then, pressed=True, chart=chart).blocks
    row = drawn_blocks(blocks, f"{notice.at:%H:%M}", caught.pictures)
    return f'{STYLE}<div class="side">{row}</div>'


def _tell(store: Store, caught: _Caught) -> datetime:
    """The demo's news of spikes once more, as Slack would have been given them; the last one's."""
    with store.write() as db:
        db.execute("UPDATE outbox SET state = 'waiting', next_try_at = ''")
        db.execute(
            "DELETE FROM outbox WHERE notice_id IN"
            " (SELECT id FROM notice WHERE event NOT LIKE 'spike.%')"
        )
        [(last,)] = db.execute("SELECT max(made_at) FROM notice WHERE event LIKE 'spike.%'")
    while notify(store, "jsonl", caught, from_text(last)):
        pass
    return from_text(last)


def _drawn_at(store: Store, caught: _Caught, incident: int | None, at: datetime) -> Chart | None:
    """The chart of an incident as it was at a moment: it alone is open still."""
    with store.write() as db:
        db.execute("UPDATE incident SET resolved_at = iif(id = ?, NULL, opened_at)", (incident,))
    charts.draw(store, "jsonl", caught, at, ZoneInfo("UTC"), "en")
    with store.read() as db:
        return kept_charts.of(db, "jsonl", incident or 0)


def drawn_blocks(blocks: list[dict], at: str, pictures: Mapping[str, bytes] = NO_PICTURES) -> str:
    """A message in the manner of Slack; `at` is the time beside its sender, `pictures` are the
    files that it shows, by their ids."""
    body = "".join(_drawn(block, pictures) for block in blocks)
    return ROW.replace("TIME", at).replace("BODY", body)


def _drawn(block: dict, pictures: Mapping[str, bytes]) -> str:
    kind = block["type"]
    if kind == "image":
        return _picture(block, pictures[block["slack_file"]["id"]])
    if kind in ("header", "section"):
        tag = "h1" if kind == "header" else "p"
        return f"<{tag}>{html.escape(block['text']['text'])}</{tag}>"
    if kind == "context":
        return f'<p class="context">{html.escape(block["elements"][0]["text"])}</p>'
    if kind == "rich_text":
        return "".join(_rich(element) for element in block["elements"])
    if kind == "actions":
        return '<p class="actions">' + "".join(map(_button, block["elements"])) + "</p>"
    return ""


def _picture(block: dict, png: bytes) -> str:
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    title, alt = (html.escape(one) for one in (block["title"]["text"], block["alt_text"]))
    return f'<figure><figcaption>{title}</figcaption><img src="{source}" alt="{alt}"></figure>'


def _button(element: dict) -> str:
    if element["type"] == "static_select":
        return f'<span class="button">{element["placeholder"]["text"]} ▾</span>'
    style = element.get("style", "")
    return f'<span class="button {style}">{html.escape(element["text"]["text"])}</span>'


def _rich(element: dict) -> str:
    kind, inner = element["type"], element["elements"]
    if kind == "rich_text_list":
        return "<ul>" + "".join(f"<li>{_words(one['elements'])}</li>" for one in inner) + "</ul>"
    tag = "blockquote" if kind == "rich_text_quote" else "p"
    return f"<{tag}>{_words(inner)}</{tag}>"


def _words(elements: list[dict]) -> str:
    drawn = []
    for one in elements:
        if one["type"] == "date":
            text = datetime.fromtimestamp(one["timestamp"], UTC).strftime("%b %d, %H:%M")
        elif one["type"] == "link":
            text = one["text"]
        else:
            text = one["text"]
        text = html.escape(text)
        if one["type"] == "link":
            text = f'<a href="#">{text}</a>'
        drawn.append(f"<b>{text}</b>" if one.get("style", {}).get("bold") else text)
    return "".join(drawn)


def shoot(page: Path, out: Path, width: int, most: int | None = None) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        tab = browser.new_page(viewport={"width": width, "height": most or 200})
        tab.goto(page.absolute().as_uri())
        tab.screenshot(path=out, full_page=most is None)
        browser.close()


if __name__ == "__main__":
    main()
