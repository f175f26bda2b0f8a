// Keys of the pages: each is a word that the page acts on, told as the event "key" on the document.
// Whoever does not want single keys turns them off in the list of keys; that is kept in this browser.

const OFF = "listener.keys.off";
const WORDS = {
  j: "next", k: "previous", e: "answer", d: "dismiss", s: "snooze", a: "assign", r: "source",
  x: "choose", z: "undo", c: "correct", n: "note", ".": "insert", "/": "search", "?": "keys",
  ArrowDown: "next", ArrowUp: "previous",
};
const PLACES = { i: "/inbox", o: "/", n: "/incidents", s: "/sources" };
const WAIT = 1500; // milliseconds for the second key of "g i"

const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
let going = 0;

const stored = (change) => {
  try {
    return change(window.localStorage);
  } catch {
    return null; // a browser that keeps nothing
  }
};
const isOff = () => stored((kept) => kept.getItem(OFF)) === "1";

const writes = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));

function tell(word) {
  const event = new CustomEvent("key", { detail: word, cancelable: true });
  return !document.dispatchEvent(event); // true: somebody has acted on it
}

// Without a script that knows better, a key presses the button that does the same.
function pressed(word) {
  const found = document.querySelector(`[data-key="${word}"]`);
  if (!found) return false;
  if (found instanceof HTMLDetailsElement) {
    found.open = true;
    found.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  } else if (found.matches("input, textarea, select")) {
    found.focus();
    found.select?.();
  } else {
    found.click();
  }
  return true;
}

function goes(key) {
  if (key === "g") {
    going = Date.now();
    return true;
  }
  const fresh = Date.now() - going < WAIT;
  going = 0;
  if (!fresh || !(key in PLACES)) return false;
  location.assign(PLACES[key]);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || dialog?.open || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (writes(event.target)) event.target.blur();
    else if (tell("close")) event.preventDefault();
    return;
  }
  if (writes(event.target) || isOff()) return;
  if (event.key.startsWith("Arrow") && !event.target.closest?.("[data-row]")) return;
  if (goes(event.key)) {
    event.preventDefault();
    return;
  }
  const word = WORDS[event.key];
  if (!word || event.repeat && word !== "next" && word !== "previous") return;
  if (word === "keys" ? show() : tell(word) || pressed(word)) event.preventDefault();
});

function show() {
  if (!dialog) return false;
  toggle.checked = !isOff();
  dialog.showModal();
  return true;
}

if (dialog) {
  const opener = document.getElementById("show-keys");
  opener.hidden = false;
  opener.addEventListener("click", show);
  toggle.addEventListener("change", () =>
    stored((kept) => (toggle.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "1"))),
  );
}

// What a person copies is in a field; a button that copies it is of use only with a script.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  await navigator.clipboard?.writeText(field.value);
  document.getElementById("live").textContent = button.dataset.said;
});
