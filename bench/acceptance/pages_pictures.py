"""Pictures of every page, light and dark, from a phone to a wall, and what a browser finds amiss.

    python -m bench.acceptance.pages_pictures --folder DIR [--only inbox]

The demo's story with people who work on it, and a new database, are shown by the real site; the
pictures are in DIR to be looked at. No page may scroll sideways, no text may be cut or lie on other
text, no script may fail and nothing may break the content security policy.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.acceptance._looked_at import WATCH, faults, tells_faults
from bench.acceptance._pictured import PASSWORD, WHO, Pictured, served, told_story
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic

MOST_HIGH = 1800  # pixels of a picture; a list goes on in the same way


@dataclass(frozen=True, slots=True)
class Look:
    """A size and a theme to look at pages with."""

    name: str
    width: int
    height: int
    theme: str = "light"
    main_only: bool = False


LOOKS = (
    Look("light_1280", 1280, 900),
    Look("dark_1280", 1280, 900, "dark"),
    Look("light_390", 390, 844),
    Look("dark_390", 390, 844, "dark"),
    Look("light_320", 320, 700),
    Look("light_3840", 3840, 2160, main_only=True),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its name in the pictures, its address, and what is done before it is looked at."""

    name: str
    path: str
    do: Callable[[Page], None] | None = None
    main: bool = False
    status: int = 200


def _press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def _bad_password(page: Page) -> None:
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("nothing")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[role=alert]").wait_for()


def _tried(page: Page) -> None:
    page.locator("#tried .found").wait_for()


def _change(page: Page) -> None:
    page.locator("#query").fill("norvelune OR norvelum")
    page.get_by_role("button", name="Show the change").click()
    page.locator(".diff").wait_for()


def _mistake(page: Page) -> None:
    page.locator("#query").fill("norvelune AND (")
    page.get_by_role("button", name="Show the change").click()
    page.locator("#refused").wait_for()


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")


AT_THE_DOOR = (
    Shown("signin", "/signin", main=True),
    Shown("signin_wrong", "/signin", _bad_password),
)


def pages(of: Pictured) -> tuple[Shown, ...]:
    return (
        Shown("overview", "/", main=True),
        Shown("inbox", "/inbox", main=True),
        Shown("inbox_open", f"/inbox?open={of.mention}", main=True),
        Shown("inbox_unfolded", f"/inbox?open={of.mention}", _unfold),
        Shown("inbox_met", "/inbox?state=met"),
        Shown("inbox_nothing", "/inbox?q=zebra"),
        Shown("inbox_mistake", "/inbox?q=refund+AND+("),
        Shown("mention", f"/mentions/{of.mention}", main=True),
        Shown("incidents", "/incidents", main=True),
        Shown("incidents_all", "/incidents?all"),
        Shown("incident", f"/incidents/{of.incident}", main=True),
        Shown("incident_spike", f"/incidents/{of.spike}"),
        Shown("subjects", "/subjects", main=True),
        Shown("subject", "/subjects/Norvelune", main=True),
        Shown("compare", "/compare", main=True),
        Shown("topics", "/topics", main=True),
        Shown("search", "/search?q=refund", main=True),
        Shown("search_blank", "/search"),
        Shown("search_nothing", "/search?q=zebra"),
        Shown("digests", "/digests", main=True),
        Shown("digest", "/digests/2026-W47"),
        Shown("sources", "/sources", main=True),
        Shown("settings", "/settings", main=True),
        Shown("settings_subject", "/settings/subject?name=Norvelune", _tried, main=True),
        Shown("settings_change", "/settings/subject?name=Norvelune", _change),
        Shown("settings_mistake", "/settings/subject?name=Norvelune", _mistake, status=422),
        Shown("settings_topics", "/settings/topics"),
        Shown("settings_topic", "/settings/topic?name=delivery"),
        Shown("settings_people", "/settings/people"),
        Shown("settings_snoozes", "/settings/snoozes"),
        Shown("settings_file", "/settings/file"),
        Shown("keys", "/", _press("Keys (?)")),
        Shown("error", "/no-such-page", status=404),
        Shown("unsubscribe", f"/unsubscribe/{of.letter}"),
    )


EMPTY = tuple(
    Shown(f"new{path.replace('/', '_').rstrip('_') or '_overview'}", path)
    for path in ("/", "/inbox", "/incidents", "/subjects", "/compare", "/topics", "/search",
        "/digests", "/sources", "/settings", "/settings/topics", "/settings/people")
)  # fmt: skip
EMPTY_LOOKS = tuple(look for look in LOOKS if look.name in ("light_1280", "dark_390"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.acceptance.pages_pictures")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    asked = parser.parse_args()
    began, verdicts = monotonic(), Verdicts()
    for name in ("story", "new"):
        (asked.folder / name).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page()
        verdicts.claim(tells_faults(page), "on a page that is broken the faults are found")
        with served(told_story(asked.folder / "story")) as of:
            every = [one for one in pages(of) if asked.only in one.name]
            door = [one for one in AT_THE_DOOR if asked.only in one.name]
            _pictures(browser, of.base, LOOKS, door, asked.folder, verdicts, signs_in=False)
            _pictures(browser, of.base, LOOKS, every, asked.folder, verdicts, signs_in=True)
        with served(asked.folder / "new" / "listener.db", is_new=True) as of:
            every = [one for one in EMPTY if asked.only in one.name]
            _pictures(browser, of.base, EMPTY_LOOKS, every, asked.folder, verdicts, signs_in=False)
        browser.close()
    print(f"{monotonic() - began:.0f} s; the pictures are in {asked.folder}")
    return verdicts.status()


def _pictures(
    browser: Browser,
    base: str,
    looks: Sequence[Look],
    every: Sequence[Shown],
    folder: Path,
    verdicts: Verdicts,
    *,
    signs_in: bool,
) -> None:
    for look in looks if every else ():
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme="dark" if look.theme == "dark" else "light",
            base_url=base,
        )
        context.add_init_script(WATCH)
        if signs_in:
            _sign_in(context)
        for one in every:
            if one.main or not look.main_only:
                found = list(_looked_at(context, one, look, folder / f"{one.name}_{look.name}.png"))
                verdicts.claim(not found, f"{one.name}_{look.name}{_told(found)}")
        context.close()


def _sign_in(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/signin")
    page.get_by_label("Name").fill(WHO)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("nav").first.wait_for()
    page.close()


def _looked_at(context: BrowserContext, one: Shown, look: Look, out: Path) -> Iterator[str]:
    """Take the picture; what is amiss."""
    page = context.new_page()
    said: list[str] = []
    statuses: list[int] = []
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    page.on("console", lambda told: _note(said, told.type, told.text))
    page.on("response", lambda answer: statuses.append(answer.status))
    page.goto(one.path)
    if one.do:
        one.do(page)
        page.wait_for_load_state()
    yield from faults(page)
    high = min(MOST_HIGH, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": look.width, "height": max(look.height, high)})
    page.screenshot(path=out)
    if {status for status in statuses if status >= 400} - {one.status, 403}:
        yield f"answers: {statuses}"
    yield from said
    page.close()


def _note(said: list[str], kind: str, words: str) -> None:
    if kind in ("error", "warning") and "the server responded with a status" not in words:
        said.append(f"console: {words[:120]}")


def _told(found: Sequence[str]) -> str:
    return "".join(f"\n        {one}" for one in found[:8])


if __name__ == "__main__":
    raise SystemExit(main())
