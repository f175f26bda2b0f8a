"""Somebody who goes through all of the pages, and what they were offered and pressed."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from starlette.applications import Starlette
from starlette.routing import Match, Mount, Route

# What a control does, in words that are the same for every mention, incident and subject.
_SIGNED = """
const signed = (one) => {
  const path = (given) => new URL(given, location).pathname
    .replace(/\\/unsubscribe\\/.*/, '/unsubscribe/T').replace(/\\/\\d+/g, '/N')
    .replace(/\\/subjects\\/.*/, '/subjects/S');
  if (one.matches('a')) return 'download ' + path(one.href);
  const form = one.form;
  if (!form || one.type !== 'submit')
    return 'button ' + (one.id || Object.keys(one.dataset)[0] || one.textContent);
  const method = form.getAttribute('method') ?? 'get';
  if (method === 'dialog') return 'close ' + form.closest('dialog').id;
  const at = path(one.getAttribute('formaction') ?? form.getAttribute('action') ?? location.href);
  const sent = new FormData(form, one);
  const words = ['act', 'step', 'what'].map((key) => sent.get(key)).filter(Boolean);
  if (form.getAttribute('id') === 'bulk') words.push('several');
  else if (sent.has('incident')) words.push('incident');
  else if (sent.has('on')) words.push('mention');
  if (sent.has('remove')) words.push('remove');
  if (at.startsWith('/unsubscribe/')) words.push(one.name);
  return [method, at, ...words].join(' ');
};
"""
_OFFERED = f"""() => {{
  {_SIGNED}
  const isThere = (one) => {{
    for (let at = one; at; at = at.parentElement)
      if (getComputedStyle(at).display === 'none') return false;
    return true;
  }};
  return [...document.querySelectorAll('button, a[download]')].filter(isThere).map(signed);
}}"""


@dataclass
class Tourist:
    """A person in a browser. `scripted`: their browser runs scripts."""

    page: Page
    base: str
    scripted: bool
    offered: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)  # methods and paths, as "GET /inbox"
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda one: self.asked.add(_named(one.method, one.url)))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", lambda one: self._answered(one.status, one.url))
        self.page.on("console", lambda one: self._told(one.text))

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"{url}: {status}")

    def _told(self, words: str) -> None:
        if "Policy" in words:
            self.faults.append(words)

    def go(self, path: str, words: str = "") -> None:
        """Open a page, on which these words are read."""
        self.page.goto(self.base + path)
        if self.scripted and self.page.locator("#keys").count():
            self.page.wait_for_function("document.documentElement.classList.contains('scripted')")
        self.reads(words)
        self.look()

    def reads(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def look(self) -> None:
        """Remember what can be done here."""
        self.offered.update(self.page.evaluate(_OFFERED))

    def press(self, control: Locator, words: str) -> None:
        """Press something that takes effect here or leads on, and read these words after it."""
        self._note(control)
        if self._stays(control):
            control.click()
        else:
            with self.page.expect_navigation():
                control.click()
        self.reads(words)
        self.look()

    def download(self, link: Locator) -> Path:
        self._note(link)
        with self.page.expect_download() as got:
            link.click()
        self.asked.add(_named("GET", got.value.url))
        return Path(got.value.path())

    def button(self, name: str, within: str = "main") -> Locator:
        return self.page.locator(within).get_by_role("button", name=name, exact=True).first

    def opens(self, summary: str) -> None:
        """Open what is folded away, unless it is open."""
        found = self.page.locator("details", has=self.page.locator("summary", has_text=summary))
        if found.first.get_attribute("open") is None:
            found.first.locator("summary").click()

    def _note(self, control: Locator) -> None:
        self.pressed.add(control.evaluate(f"(one) => {{ {_SIGNED} return signed(one); }}"))

    def _stays(self, control: Locator) -> bool:
        """Whether a script of the page does it, without leaving the page."""
        if control.get_attribute("type") == "button":
            return True
        if control.evaluate("(one) => one.form?.method === 'dialog'"):
            return True
        ours = "(one) => one.form?.id === 'bulk' || Boolean(one.form?.closest('#beside, #done'))"
        is_inbox = urlsplit(self.page.url).path == "/inbox"
        return self.scripted and is_inbox and bool(control.evaluate(ours))


def _named(method: str, url: str) -> str:
    return f"{method} {urlsplit(url).path}"


def untoured(site: Starlette, asked: set[str]) -> set[str]:
    """The methods and addresses of a site's pages that nobody asked for."""
    left: set[str] = set()
    named = [one.split(" ", 1) for one in asked]
    for route in site.routes:
        if isinstance(route, Mount):  # for programs
            continue
        assert isinstance(route, Route)
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            scope = {"type": "http", "method": method}
            if not any(
                how == method and route.matches({**scope, "path": path})[0] is Match.FULL
                for how, path in named
            ):
                left.add(f"{method} {route.path}")
    return left
