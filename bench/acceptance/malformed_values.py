"""Lines and values that are refused, and odd ones that are kept: written as they stand in JSON."""

import random

WORDS = "Acme late again bag lost thanks 谢谢 再也不来 köszönöm késik ¿por qué? 😀 שלום".split()  # noqa: SIM905

DATE = b'"created_at": "2026-03-05T10:00:00Z"'
REFUSED_LINES = (
    b'{"id": "x", "text": "Acme',
    b'{"id": "x", "text": "Acme", ' + DATE,
    b'{"id": "x", "text": "Acme", ' + DATE + b",}",
    b"{'id': 'x', 'text': 'Acme'}",
    b'{id: "x", text: "Acme"}',
    b'{"text": "Acme", ' + DATE + b"} // why",
    b'{"text": "Acme", ' + DATE + b'} {"text": "Acme", ' + DATE + b"}",
    b'{"text": "Acme", ' + DATE + b"}}",
    b"Acme lost my bag again",
    b"[1, 2, 3]",
    b'"Acme"',
    b"12345",
    b"null",
    b"true",
    b"NaN",
    b"{}",
    b"{",
    b"}",
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"text": "Acme", ' + DATE + b', "deep": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    b'{"text": "Acme \xff\xfe", ' + DATE + b"}",
    b'{"text": "Acme \xc3", ' + DATE + b"}",
    b'{"text": "Acme \xed\xa0\x80", ' + DATE + b"}",
    b'{"text": "Acme\0", ' + DATE + b"}",
    b'{"text": "Acme\t\x01", ' + DATE + b"}",
    b'\xef\xbb\xbf{"text": "Acme", ' + DATE + b"}",
    b'{"text": "Acme \\x", ' + DATE + b"}",
    b'{"text": "Acme \\u12", ' + DATE + b"}",
    b'{"text": "Acme", ' + DATE + b', "likes": 1' + b"0" * 5000 + b"}",
    b'{"text": "Acme", ' + DATE + b', "likes": 01}',
    b'{"text": "Acme", ' + DATE + b', "likes": +1}',
    b'{"text": "Acme", ' + DATE + b', "likes": .5}',
    b'{"text": "Acme", ' + DATE + b', "x": undefined}',
    b"\x1f\x8b\x08\x00garbage",
    b"PK\x03\x04garbage",
    b"<html><body>429</body></html>",
    b"id,text,created_at",
    b"\xff\xff\xff\xff",
)

REFUSED_FIELDS = {
    "text": ("ABSENT", '""', '"   "', "5", "true", "[]", '["Acme"]', '{"en": "Acme"}', "null"),
    "created_at": (
        "ABSENT", "null", '""', '"soon"', '"2026-13-01T00:00:00Z"', '"2026-02-30"', "true", "[]",
        "{}", "-1", "1e18", "1e999", "5", '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59-14:00"',
        '"0001-01-01T00:00:00+14:00"', '"5 days ago"', "NaN", '"2026-03-05T25:00:00Z"',
    ),
    "stars": ("6", "-1", '"five"', "NaN", "Infinity", "1e999", "true", "[5]", '"1e999"'),
    "stars_scale": ("0", "-5", "1e30", '"ten"', "2.5"),
    "id": ("{}", "[]", "true", "1" + "0" * 60),
    "likes": ("1e30", "9223372036854775808", '"many"', "1.5", "[]", "-1e999", "false"),
    "followers": ("1" + "0" * 100, '"1k"'),
    "label": ('"angry"', "5", "[]", "true"),
    "topics": ("5", "true", '{"a": 1}', '[{"a": 1}]', "[[]]"),
    "author": ('{"name": "me"}', "[]", "false"),
    "url": ("5", "[]", "{}"),
    "reply_at": ('"later"', "true", '"2026-99-01"'),
    "edited_at": ('"later"', "[]"),
    "brand": ("{}", "[1]"),
}  # fmt: skip

KEPT_FIELDS = {
    "text": (
        r'"Ac\u0000me"', r'"Acme \ud800"', r'"\udc00 Acme \ud83d"', r'"Acme \u202e\u2066"',
        r'"Acme\u2028again\u2029"', r'"<script>alert(1)</script> Acme"', r'"=cmd|Acme"',
        r'"Acme\r\n\r\nBcc: x@example.com"', r'"\ufeffAcme"', r'"<!channel> Acme <@U1>"',
        r'''"Acme'); DROP TABLE mention; --"''', '"Acme e' + "\u0301" * 3000 + '"',
        '"' + "a" * 60_000 + '"', '"Acme 😀\U0001f468\u200d\U0001f469\u200d\U0001f467"',
    ),
    "author": (r'"\ud800"', r'"a\u0000b"', '"' + "x" * 5000 + '"', "5", '""', r'"@everyone"'),
    "id": (r'"odd\ud800"', r'"odd a:b c"', "12.5", "98765432109876543210", '"' + "y" * 3000 + '"'),
    "thread_id": (r'"\u0000"', r'"t\udfff"', "7"),
    "url": ('"javascript:alert(1)"', '"not a link"', r'"https://e.example/\ud800"',
            '"https://e.example/' + "z" * 5000 + '"', '"http://["'),
    "brand": ('"Nobody"', r'"\ud800"', '""', '"acme"'),
    "language": ('"xx-invented"', '""', "5", '"' + "l" * 900 + '"'),
    "channel": ('"nowhere"', '""', '"App Store"'),
    "kind": ('"shout"', "5", "[]", "null"),
    "stars": ('"4,5"', "0", "4.5", '" 3 "'),
    "reply_at": ('"2020-01-01T00:00:00Z"', '""', "null"),
    "topics": ('""', "[]", '["a", null, 5]', '"a;b|c"'),
    "created_at": ('"2026-03-05"', "1772704800", '"1772704800"', "1772704800000",
                   '"2026-03-05 10:00:00 UTC"', '"20260305T100000Z"', '"2026-03-05T10:00:00+0530"'),
    "likes": ("-3", '"12"', "5.0", "null"),
    "extra": ("1e400", '{"a": [1, {"b": null}]}', r'"\ud800"', "1" + "0" * 300, r'{"\ud800": 1}'),
    "source_id": ('"x"',),
    "raw": ('{"a": 1}',),
    "said_at": ('"soon"',),
    "__class__": ('"int"',),
    "": ('"no name"',),
}  # fmt: skip


def text_of(rng: random.Random, name: str) -> str:
    """A good text, told from all others by a name, in one of many scripts."""
    return f"Acme {name} " + " ".join(rng.choices(WORDS, k=rng.randint(3, 15)))
