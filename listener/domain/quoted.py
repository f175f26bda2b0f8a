"""What the writer of a mail wrote: without what is quoted, forwarded or signed. Pure."""

import re
from typing import Final

_SIGNATURE = re.compile(r"--\s?")
_RULED = re.compile(r"\s*-{3,}\s?[^\W\d_][^-]{2,60}-{3,}\s*")  # -----Original Message-----
_RULE = re.compile(r"[\s_*-]*")
_FROM = re.compile(
    r"\s*\*?(From|Von|De|Da|Van|Från|Fra|Feladó|Od|От|Kimden|发件人|寄件者|寄件人|差出人|보낸 사람)"
    r"\*?\s?[:：]"
)
_HEADER_LINE = re.compile(r"\s*\*?[^\s:：][^:：]{0,20}[:：]\*?\s?\S")
_WHEN = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}")
_OF_A_PHONE = re.compile(
    r"(Sent from|Get Outlook for|Von meinem|Gesendet (von|mit)|Envoyé (de|depuis)|Enviado desde"
    r"|Inviato da|Skickat från|发自我的|從我的|iPhoneから送信).{0,60}|.{0,30}(ról|ről) küldve\.?",
    re.IGNORECASE,
)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_QUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
_QUOTED_LINE: Final = "<br>&gt;<br>"
_LONGEST_HEAD: Final = 3  # lines of "On ..., somebody wrote:"
_LARGEST_GAP: Final = 2  # empty lines between that and what is quoted


def own_words(text: str) -> str:
    """The lines of a mail that are its writer's own.

    Left out: lines that begin with ">" and what announces them, the text of an earlier mail below
    its header, and everything below a signature's "-- ". Where nothing is left, as of a mail that
    was only forwarded, it is the whole text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ends_here(lines, number):
            _drop_rules(kept)
            break
        if line.lstrip().startswith(">"):
            _drop_announcement(kept)
        else:
            kept.append(line)
    return _without_phone("\n".join(kept).strip()) or text.strip()


def quotes_marked(html: str) -> str:
    """The body of an HTML mail, each quote in it replaced by a line that begins with ">"."""
    body = _BODY.search(html)
    parts: list[str] = []
    depth, begin = 0, body.start() if body else 0
    for tag in _QUOTE.finditer(html, begin):
        if depth == 0:
            parts.append(html[begin : tag.start()])
        depth = max(0, depth + (-1 if tag[1] else 1))
        begin = tag.end()
        if depth == 0:
            parts.append(_QUOTED_LINE)
    if depth == 0:
        parts.append(html[begin:])
    elif parts:
        parts.append(_QUOTED_LINE)
    return "".join(parts)


def _ends_here(lines: list[str], number: int) -> bool:
    line = lines[number]
    if _SIGNATURE.fullmatch(line) or _RULED.fullmatch(line):
        return True
    following = lines[number + 1 : number + 5]
    return bool(_FROM.match(line)) and sum(map(_is_header, following)) >= 2


def _is_header(line: str) -> bool:
    return _HEADER_LINE.match(line) is not None


def _drop_rules(kept: list[str]) -> None:
    while kept and _RULE.fullmatch(kept[-1]):
        kept.pop()


def _drop_announcement(kept: list[str]) -> None:
    """Take away "On such a day somebody wrote:", which mail programs break over some lines."""
    end = len(kept)
    while end and len(kept) - end < _LARGEST_GAP and not kept[end - 1].strip():
        end -= 1
    if not end or not kept[end - 1].rstrip().endswith((":", "：")):
        return
    for begin in range(end - 1, max(-1, end - 1 - _LONGEST_HEAD), -1):
        if not kept[begin].strip():
            return
        if _WHEN.search(" ".join(kept[begin:end])):
            del kept[begin:]
            return


def _without_phone(text: str) -> str:
    """Without the line that telephones add at the end."""
    head, _, last = text.rpartition("\n")
    return head.rstrip() if head and _OF_A_PHONE.fullmatch(last.strip()) else text
