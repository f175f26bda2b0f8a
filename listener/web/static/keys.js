// Keys of the pages: each is a word that the page acts on, told as the event "key" on the document;
// where no script acts on it, the button that does the same is pressed. Whoever wants no single keys
// turns them off in the list of keys; that is kept in this browser.

const OFF = "listener.keys.off";
const WORDS = new Map(Object.entries({
  j: "next", k: "previous", ArrowDown: "next", ArrowUp: "previous", x: "choose", ".": "insert",
  e: "answer", d: "dismiss", s: "snooze", a: "assign", z: "undo", r: "source", c: "correct",
  n: "note", "/": "search", "?": "keys",
}));
const PLACES = new Map(Object.entries({ i: "/inbox", o: "/", n: "/incidents", s: "/sources" }));
const WAIT = 1500; // milliseconds for the second key of "g i"

const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
let going = -Infinity;

function stored(change) {
  try {
    return change(localStorage);
  } catch {
    return null; // a browser that keeps nothing
  }
}
const isOff = () => stored((kept) => kept.getItem(OFF)) === "1";

const writes = (target) =>
  target.isContentEditable || target.matches?.("input:not([type=checkbox]), textarea, select");

const tell = (word) =>
  !document.dispatchEvent(new CustomEvent("key", { detail: word, cancelable: true }));

function pressed(word) {
  const found = document.querySelector(`[data-key="${word}"]`);
  if (found instanceof HTMLDetailsElement) {
    found.open = true;
    found.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  } else if (found?.matches("input, textarea, select")) {
    found.focus();
  } else if (found?.checkVisibility()) {
    found.click();
  } else {
    return false;
  }
  return true;
}

function goes(key) {
  const second = performance.now() - going < WAIT;
  going = key === "g" ? performance.now() : -Infinity;
  if (second && PLACES.has(key)) location.assign(PLACES.get(key));
  return second || key === "g";
}

function show() {
  toggle.checked = !isOff();
  dialog.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return; // it has keys of its own
  if (event.key === "Escape") {
    if (writes(event.target)) event.target.blur();
    else if (tell("close")) event.preventDefault();
    return;
  }
  if (writes(event.target) || isOff()) return;
  if (event.key.startsWith("Arrow") && !event.target.closest("#rows")) return;
  const word = WORDS.get(event.key);
  const holds = event.repeat && word !== "next" && word !== "previous";
  if (holds || goes(event.key) || (word && (word === "keys" ? show() : tell(word) || pressed(word))))
    event.preventDefault();
});

document.documentElement.classList.add("scripted");
document.getElementById("show-keys").addEventListener("click", show);
toggle.addEventListener("change", () =>
  stored((kept) => (toggle.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "1"))),
);

document.addEventListener("click", async (event) => {
  const { copies, said } = event.target.closest("button[data-copies]")?.dataset ?? {};
  if (!copies) return;
  const field = document.getElementById(copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    document.getElementById("live").textContent = said;
  } catch {
    field.focus(); // it may not: what is to be copied is selected
  }
});
