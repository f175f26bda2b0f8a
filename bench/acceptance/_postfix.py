"""Debian's postfix with settings and a queue of its own: loopback alone, into one Maildir."""

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.daemon.processes import wait_for

INSTALL = 'apt-get install -y --no-install-recommends postfix (as root; "Local only")'
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {certificate}
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:inbox/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def installed() -> bool:
    """Whether it is there, and we may start it."""
    return shutil.which("postfix", path=_PATH) is not None and os.geteuid() == 0


_PATH = "/usr/sbin:/sbin:/usr/bin"


class Postfix:
    """Runs between entering and leaving; `mails` as they lie in the mailbox, byte for byte."""

    def __init__(self, folder: Path, certificate: str) -> None:
        self._folder = folder
        self._certificate = certificate
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = int(door.getsockname()[1])

    def __enter__(self) -> Self:
        them = pwd.getpwnam("nobody")
        for path in (self._folder, *self._folder.parents[:-2]):
            path.mkdir(exist_ok=True)
        self._folder.chmod(0o755)
        for name, owner in (("queue", 0), ("data", pwd.getpwnam("postfix").pw_uid)):
            (self._folder / name).mkdir()
            os.chown(self._folder / name, owner, -1)
        (self._folder / "mail").mkdir()
        os.chown(self._folder / "mail", them.pw_uid, them.pw_gid)
        main = MAIN.format(
            folder=self._folder, certificate=self._certificate, uid=them.pw_uid, gid=them.pw_gid
        )
        (self._folder / "main.cf").write_text(main, encoding="utf-8")
        master = MASTER.format(port=self.port)
        (self._folder / "master.cf").write_text(master, encoding="utf-8")
        self._told("start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._told("abort")

    @property
    def name(self) -> str:
        told = subprocess.run(
            ["postconf", "-h", "mail_version"], env={"PATH": _PATH}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return f"postfix {told.stdout.strip()}"

    def mails(self, count: int) -> list[bytes]:
        """The mails that were delivered, the oldest first; waits for so many of them."""

        def there() -> list[Path] | None:
            found = list((self._folder / "mail" / "inbox" / "new").glob("*"))
            return found if len(found) >= count else None

        found = wait_for(f"{count} mails in the mailbox", there, 30)
        return [path.read_bytes() for path in sorted(found, key=lambda path: path.stat().st_mtime)]

    def _told(self, what: str) -> None:
        done = subprocess.run(
            ["postfix", "-c", str(self._folder), what],
            env={"PATH": _PATH},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            log = self._folder / "log"
            why = done.stderr.strip() or (log.read_text("utf-8") if log.exists() else "no log")
            raise RuntimeError(f"postfix would not {what}: {why}")
