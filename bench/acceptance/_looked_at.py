"""What is wrong with how a page looks, as a browser tells: text that is cut, or lies on other."""

from typing import Any, Final

from playwright.sync_api import Page

WATCH: Final = """
window.broken = [];
document.addEventListener('securitypolicyviolation', (e) =>
    window.broken.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
"""
_FAULTS: Final = """() => {
  const found = [...(window.broken ?? [])];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push('scrolls sideways: ' + root.scrollWidth);
  const said = (one) => one.textContent.trim().slice(0, 40);
  const style = (one) => getComputedStyle(one);
  const within = (one, is) => {
    for (let at = one; at && at !== document.body; at = at.parentElement) if (is(at)) return true;
    return false;
  };
  const unseen = (one) => within(one, (at) => at.matches('.unseen, .skip, option, title'));
  const floats = (one) => within(one, (at) => ['sticky', 'fixed'].includes(style(at).position));
  const scrolls = (one) => within(one, (at) => ['auto', 'scroll'].includes(style(at).overflowX));
  const rects = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const one = node.parentElement;
    if (!node.data.trim() || !one.checkVisibility() || unseen(one)) continue;
    if (one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !scrolls(one))
      found.push('cut: ' + one.tagName + ' ' + said(one));
    const range = document.createRange();
    range.selectNodeContents(node);
    const edge = [...range.getClientRects()];
    if (edge.some((r) => r.right > root.clientWidth + 1) && !scrolls(one))
      found.push('beyond the edge: ' + one.tagName + ' ' + said(one));
    if (!floats(one)) for (const r of edge) rects.push([r, one]);
  }
  rects.sort((a, b) => a[0].top - b[0].top);
  for (let i = 0; i < rects.length; i += 1)
    for (let j = i + 1; j < rects.length && rects[j][0].top < rects[i][0].bottom - 4; j += 1) {
      const [[a, one], [b, other]] = [rects[i], rects[j]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const clipped = scrolls(one) || scrolls(other);
      if (wide > 2 && high > 4 && one !== other && !clipped)
        found.push('overlaps: ' + said(one) + ' | ' + said(other));
    }
  return [...new Set(found)];
}"""
BROKEN: Final = """<!doctype html><body style="margin: 0">
<p style="width: 3rem; overflow: hidden; white-space: nowrap">A text that is too long for it</p>
<p style="position: absolute; top: 60px">One text</p>
<p style="position: absolute; top: 60px">on it</p>
<div style="width: 5000px">wide</div>"""


def faults(page: Page) -> list[str]:
    found: list[Any] = page.evaluate(_FAULTS)
    return [str(one) for one in found]


def tells_faults(page: Page) -> bool:
    """Whether each kind of fault is found where there is one."""
    page.set_content(BROKEN)
    kinds = {one.split(":")[0] for one in faults(page)}
    return {"cut", "overlaps", "scrolls sideways"} <= kinds
