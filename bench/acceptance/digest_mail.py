"""Digests through real mail servers, and read back: headers, both parts, size. A minute or two.

    python -m bench.acceptance.digest_mail [--postfix] [--keep DIR]

In each language the digest of `listener digest --sample`, and one with far more in it than a mail
holds, are sent by `listener digest --send`: to a server with STARTTLS and a login, to one with TLS
and a login (certificates of an authority made for it), and to Debian's postfix, from whose mailbox
they are read. Where there is no postfix it says how to have it; with --postfix that is exit
status 3. Each mail is taken apart by the standard library.
"""

import argparse
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.acceptance import _postfix
from bench.acceptance.verdicts import Verdicts
from listener.domain.digest import DigestData, SubjectWeek
from listener.domain.week import Schedule
from listener.notifiers.base import Digest
from listener.replay.sample import sample
from listener.stages.report.sending import rendered
from listener.store import digests, subscriptions
from listener.store.connection import Store
from listener.store.digests import MAIL, Reader
from listener.texts.digest import Links
from tests.daemon.processes import LISTENER, environment
from tests.servers.secure import Authority
from tests.servers.smtp import SmtpServer

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LANGUAGES = ("en", "hu", "zh-Hans", "zh-Hant")
HOME = "https://listener.example.com/"
LOGIN = ("listener", "of-the-bench-4711")
MOST_HTML, LONGEST_LINE = 80_000, 998  # bytes; RFC 5322 counts a line without its CRLF
CONFIG = """
[listener]
database = "{folder}/listener.db"
language = "{language}"
timezone = "Europe/Budapest"
[web]
public_url = "{home}"
[[subjects]]
name = "Acme"
[digest]
to = ["{to}"]
[notify.email]
host = "localhost"
port = {port}
security = "{security}"
sender = "listener@example.com"
"""
LOGGED_IN = f'username = "{LOGIN[0]}"\npassword = "env:BENCH_PASSWORD"\n'


@dataclass(frozen=True)
class Post:
    """A mail server to send through; `read(n)`: n mails that it took, byte for byte."""

    name: str
    port: int
    security: str
    logs_in: bool
    read: Callable[[int], list[bytes]]


def our_posts(stack: ExitStack, authority: Authority) -> Iterator[Post]:
    """Servers of ours that want the login, and TLS: after a greeting, or from the first byte."""
    for security in ("starttls", "tls"):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(authority.certificate("localhost"))
        server = SmtpServer(login=LOGIN, tls=tls, implicit_tls=security == "tls")
        stack.enter_context(server)

        def read(count: int, server: SmtpServer = server) -> list[bytes]:
            return [mail.raw for mail in server.mails[:count]]

        yield Post(f"aiosmtpd, {security} and login", server.port, security, True, read)


def postfix(stack: ExitStack, folder: Path, authority: Authority) -> Post:
    certificate = authority.certificate("localhost")
    running = stack.enter_context(_postfix.Postfix(folder, certificate))
    return Post(f"{running.name}, starttls", running.port, "starttls", False, running.mails)


def reports(language: str) -> tuple[DigestData, DigestData]:
    """The sample of a language, and the week before it with far more than a mail can hold."""
    schedule, zone = Schedule(), ZoneInfo("Europe/Budapest")
    usual = sample(schedule, zone, language, NOW)
    full = sample(schedule, zone, language, usual.start)
    subjects = tuple(crowded(one, n) for n in range(8) for one in full.subjects)
    return usual, replace(full, subjects=subjects, promises=full.promises * 4)


def crowded(one: SubjectWeek, number: int) -> SubjectWeek:
    """With long quotes, and topics without end."""
    long = tuple(
        replace(
            theme,
            name=f"{theme.name} {n}",
            quotes=tuple(replace(q, text=f"{q.text} " * 20) for q in theme.quotes),
        )
        for n in range(8)
        for theme in one.topics
    )
    return replace(one, name=f"{one.name} {number}", topics=long)


def send(folder: Path, language: str, post: Post, trusted: str) -> list[Digest]:
    """Keep both reports, send them as the command does, and return what was to be sent."""
    folder.mkdir(parents=True)
    to = f"{language.lower()}@example.com"
    config = folder / "config.toml"
    told = CONFIG.format(
        folder=folder, language=language, home=HOME, to=to, port=post.port, security=post.security
    )
    config.write_text(told + LOGGED_IN * post.logs_in, encoding="utf-8")
    store = Store(folder / "listener.db").open(NOW)
    reader, wanted = Reader(MAIL, to), []
    for data in reports(language):
        with store.write() as db:
            digests.add(db, data, [reader], "waiting", NOW)
            links = Links.public(HOME, subscriptions.token(db, to, data.kind))
        kept = digests.message_id(data, reader)
        wanted.append(rendered(data, to, kept, NOW, links))
    store.close()
    command = [*LISTENER, "--config", str(config), "digest", "--send", "--week", wanted[0].week]
    subprocess.run(
        command,
        env=environment(SSL_CERT_FILE=trusted, BENCH_PASSWORD=LOGIN[1]),
        check=True,
        capture_output=True,
    )
    return wanted


def judge(raw: bytes, wanted: Digest, verdicts: Verdicts, where: str) -> None:
    """Compare a mail with what it was to be."""
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    headers = {
        "Message-ID": f"<{wanted.id}@example.com>",
        "Subject": wanted.subject,
        "From": "listener@example.com",
        "To": wanted.recipient,
        "List-Unsubscribe": f"<{wanted.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    wrong = [
        f"{name}: {message[name]}" for name, value in headers.items() if message[name] != value
    ]
    if message["Date"].datetime != wanted.made_at:
        wrong.append(f"Date: {message['Date']}")
    wrong += [f"{name} twice" for name in headers if len(message.get_all(name, [])) > 1]
    parts = {part.get_content_subtype(): part for part in message.iter_parts()}
    for kind, text in {"plain": wanted.text, "html": wanted.html}.items():
        if kind not in parts or written(parts[kind]) != text.rstrip("\n"):
            wrong.append(f"the part {kind} is another")
    sizes = {kind: as_sent(part) for kind, part in parts.items()}
    longest = max(len(line.rstrip(b"\r")) for line in raw.split(b"\n"))
    wrong += ["8 bits"] * (max(raw) > 127) + ["a line too long"] * (longest > LONGEST_LINE)
    if sizes.get("html", 0) > MOST_HTML:
        wrong.append("the HTML is too big")
    said = f"{len(raw):,} bytes, HTML {sizes.get('html', 0):,}, text {sizes.get('plain', 0):,}"
    verdicts.claim(
        not wrong,
        f"{where}: {said}, longest line {longest}" + "".join(f"; {one}" for one in wrong),
    )


def written(part: EmailMessage) -> str:
    """What it says, its lines as we write them."""
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


def as_sent(part: EmailMessage) -> int:
    """The bytes of a part's content on the wire, lines ending in CRLF."""
    return len(part.as_bytes().partition(b"\r\n\r\n")[2])


def run(post: Post, folder: Path, trusted: str, verdicts: Verdicts) -> None:
    wanted = {
        digest.id: (language, digest)
        for language in LANGUAGES
        for digest in send(folder / language, language, post, trusted)
    }
    raw = post.read(len(wanted))
    found = {message_from_bytes(one)["Message-ID"].split("@")[0].strip("<"): one for one in raw}
    verdicts.claim(
        found.keys() == wanted.keys() and len(raw) == len(found),
        f"{post.name}: {len(raw)} mails of {len(wanted)} digests",
    )
    for name, (language, digest) in wanted.items():
        if name in found:
            judge(found[name], digest, verdicts, f"{post.name}, {language}, {digest.week}")
    print(headers_of(next(iter(found.values()))))


def headers_of(raw: bytes) -> str:
    """Of one mail, as it came."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return "".join(f"      {line}\n" for line in head.decode("ascii").splitlines())


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.digest_mail")
    parser.add_argument("--postfix", action="store_true", help="exit status 3 where it is missing")
    parser.add_argument("--keep", type=Path, help="keep mails, settings and databases there")
    given = parser.parse_args()
    if given.postfix and not _postfix.installed():
        print(f"there is no postfix, or we may not start it: {_postfix.INSTALL}")
        return 3
    verdicts = Verdicts()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # postfix works there as somebody else
        authority = Authority(folder)
        posts = list(our_posts(stack, authority))
        if _postfix.installed():
            posts.append(postfix(stack, folder / "postfix", authority))
        else:
            print(f"without postfix, for there is none: {_postfix.INSTALL}")
        for number, post in enumerate(posts):
            run(post, folder / f"post-{number}", authority.trusted, verdicts)
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
