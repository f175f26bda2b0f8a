// Tries a query while it is written. Without this the button "Try it" does the same.

const form = document.getElementById("subject");
const place = document.getElementById("tried");
const query = form.elements.query;
const WAIT = 350; // milliseconds after the last key
let timer = 0;
let running = null;
let shown = null;

async function ask() {
  const text = query.value;
  if (text === shown) return;
  running?.abort();
  const mine = (running = new AbortController());
  const sent = new URLSearchParams({
    part: "1",
    what: "subject",
    of: form.elements.of.value,
    token: form.elements.token.value,
    query: text,
  });
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.try, { method: "POST", body: sent, signal: mine.signal });
    if (!answer.ok) return;
    place.innerHTML = await answer.text(); // of our own templates: every text in it is escaped
    shown = text;
  } catch {
    // the next key asks again, and the button is still there
  } finally {
    if (running === mine) place.setAttribute("aria-busy", "false");
  }
}

query.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
});
if (query.value && !place.querySelector(".found, .error")) ask();
