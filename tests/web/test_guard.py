import pytest

from tests.web.browser import Browser

EVERYTHING = ("/", "/sources", "/healthz", "/readyz", "/metrics", "/site.css", "/nowhere")
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)


@pytest.mark.parametrize("path", EVERYTHING)
def test_every_answer_tells_browsers_to_be_strict(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["content-security-policy"] == STRICT
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:99", "127.0.0.1:8765", "127.8.8.8", "[::1]:80", "[::1]",
     "pages.example", "pages.example:8443"],
)  # fmt: skip
def test_it_answers_to_this_machine_and_to_its_own_host(browser: Browser, host: str) -> None:
    assert browser.get("/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.evil.example",
     "pages.example.evil.example", "192.168.1.7", "[2001:db8::1]:80", "evil.example:127.0.0.1",
     "localhost@evil.example", "[", ":", "a:b:c"],
)  # fmt: skip
def test_it_answers_to_no_other_name(browser: Browser, host: str) -> None:
    for path in ("/", "/metrics", "/healthz", "/site.css", "/nowhere"):
        answer = browser.get(path, host=host)
        assert answer.status == 403
        assert "evil" not in answer.text
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_it_can_only_be_read(browser: Browser, method: str) -> None:
    for path in ("/", "/nowhere"):
        answer = browser.get(path, method=method)
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", EVERYTHING[:-1])
def test_head_gives_the_headers_alone(browser: Browser, path: str) -> None:
    answer = browser.get(path, method="HEAD")
    assert (answer.status, answer.text) == (200, "")


def test_pages_stay_out_of_caches_and_the_stylesheet_does_not(browser: Browser) -> None:
    assert browser.get("/").headers["cache-control"] == "no-store"
    stylesheet = browser.get("/site.css")
    assert stylesheet.headers["cache-control"] == "public, max-age=86400"
    assert stylesheet.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/nowhere", "/%00", "/../etc/passwd", "/templates", "/?x=<b>"])
def test_an_error_page_says_nothing_of_what_was_asked(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status in (200, 404)
    assert "passwd" not in answer.text
    assert "<b>" not in answer.text
    if answer.status == 404:
        assert "There is no such page." in answer.words


def test_an_address_that_is_far_too_long_is_refused(browser: Browser) -> None:
    for path in (f"/inbox?q={'a' * 60_000}", f"/signin?next=/{'a' * 60_000}", f"/{'a' * 60_000}"):
        assert browser.get(path).status == 414
