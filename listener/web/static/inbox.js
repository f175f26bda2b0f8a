// The inbox as one works in it: moving, acting and undoing without leaving the page, and what is new
// arriving by itself. Every address and every form of it works without this, too.

const inbox = document.getElementById("inbox");
const live = document.getElementById("live");
const say = (words) => { live.textContent = words; };
const words = (key, n) => inbox.dataset[key].replace("{n}", n);

const POLL = 30_000; // milliseconds, where nothing can be streamed
const APART = 1_000; // at least, between two looks at the list
const HERE = 20_000; // between two words that a mention is open
const known = new Map(); // what the server last said of each row
let news = new Map(); // rows that wait to be put in
let done = []; // the rows that were acted on last
let cursor = null; // the row that keys are about
let looked = 0;
let looking = null;
let newest = inbox.dataset.newest;

const rows = () => [...inbox.querySelectorAll("[data-row]")];
const rowOf = (id) => inbox.querySelector(`[data-row="${CSS.escape(id)}"]`);
const beside = () => document.getElementById("beside");
const opened = () => beside()?.dataset.of ?? null;
const chosen = () => rows().filter((row) => row.querySelector("[name=on]").checked);
const current = () => rowOf(document.activeElement?.closest("[data-row]")?.dataset.row ?? cursor ?? opened() ?? "");

for (const row of rows()) known.set(row.dataset.row, row.innerHTML);

function address(open, from = location.href) {
  const url = new URL(from);
  for (const key of ["done", "undo", "part", "known"]) url.searchParams.delete(key);
  if (open) url.searchParams.set("open", open);
  else url.searchParams.delete("open");
  return url;
}

function focus(row) {
  if (!row) return;
  cursor = row.dataset.row;
  const link = row.querySelector("a");
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// --- reading

async function read(url) {
  url.searchParams.set("part", "1");
  url.searchParams.set("known", rows().map((row) => row.dataset.row).join(","));
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Take up what the server says. Nothing that one reads moves: `all` puts in what is new, and takes
// out what is no longer in the list; without it both are only marked.
function take(page, { all = false, gone = [] } = {}) {
  newest = page.getElementById("inbox").dataset.newest;
  for (const id of ["states", "saved"]) {
    const [mine, theirs] = [document.getElementById(id), page.getElementById(id)];
    if (mine && theirs && !mine.contains(document.activeElement) && mine.innerHTML !== theirs.innerHTML)
      mine.replaceChildren(...theirs.childNodes);
  }
  const theirs = new Map([...page.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
  const before = document.activeElement;
  for (const row of rows()) update(row, theirs.get(row.dataset.row), all || gone.includes(row.dataset.row));
  news = new Map([...theirs].filter(([id, row]) => !rowOf(id) && !row.hasAttribute("data-beyond")));
  if (all) insert([...theirs.keys()]);
  if (!rows().length || (all && page.getElementById("list-empty"))) empty(page);
  if (before !== document.activeElement && !document.activeElement?.closest("[data-row]")) {
    const row = before?.closest?.("[data-row]");
    if (row) focus(rowOf(row.dataset.row));
  }
  bar();
}

function update(row, theirs, all) {
  const id = row.dataset.row;
  if (!theirs) {
    known.delete(id);
    if (all) row.remove();
    else if (!row.classList.contains("left-list")) leave(row);
    return;
  }
  const came = theirs.innerHTML;
  row.className = theirs.className;
  row.dataset.seen = theirs.dataset.seen;
  if (known.get(id) === came && !row.querySelector(".gone")) return;
  known.set(id, came);
  const checked = row.querySelector("[name=on]").checked;
  const held = row.contains(document.activeElement);
  row.innerHTML = came;
  row.querySelector("[name=on]").checked = checked;
  if (held) row.querySelector("a").focus({ preventScroll: true });
}

function leave(row) {
  row.classList.add("left-list");
  const mark = document.createElement("p");
  mark.className = "meta gone";
  mark.textContent = inbox.dataset.left;
  row.lastElementChild.append(mark);
  row.querySelector("[name=on]").checked = false;
}

// Put in what is new, in the server's order, with what one looks at kept where it is.
function insert(order) {
  const list = document.getElementById("rows");
  if (!list) return;
  const anchor = current() ?? rows().find((row) => row.getBoundingClientRect().top >= 0);
  const top = anchor?.getBoundingClientRect().top;
  for (const [id, row] of news) known.set(id, row.innerHTML);
  const byId = new Map(rows().map((row) => [row.dataset.row, row]));
  for (const [id, row] of news) byId.set(id, row);
  const focused = document.activeElement;
  for (const id of order) {
    const row = byId.get(id);
    if (row && !row.hasAttribute("data-beyond")) list.append(row);
  }
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
  news = new Map();
  if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - top);
}

// The list became empty, or was: then the server's words stand in its place.
function empty(page) {
  const [mine, theirs] = [document.getElementById("list-section"), page.getElementById("list-section")];
  if (!theirs || !mine) return;
  mine.replaceChildren(...theirs.childNodes);
  known.clear();
  news = new Map();
  for (const row of rows()) known.set(row.dataset.row, row.innerHTML);
}

function bar() {
  const button = document.getElementById("news");
  const count = news.size;
  if (button.hidden && !count) return;
  const told = count === 1 ? inbox.dataset.newOne : words("newMany", count);
  button.hidden = !count;
  if (button.textContent !== told && count) {
    button.textContent = told;
    say(told);
  }
}

// What is open beside the list; left alone while somebody writes in it.
function show(page) {
  const [mine, theirs] = [beside(), page.getElementById("beside")];
  inbox.classList.toggle("with-detail", Boolean(theirs));
  if (!theirs) mine?.remove();
  else if (!mine) inbox.append(theirs);
  else if (mine.dataset.of !== theirs.dataset.of) mine.replaceWith(theirs);
  else if (mine.innerHTML !== theirs.innerHTML && !writing(mine)) {
    const open = [...mine.querySelectorAll("details")].map((one) => one.open);
    const top = mine.scrollTop;
    const id = mine.contains(document.activeElement) ? document.activeElement.id : null;
    mine.replaceWith(theirs);
    theirs.querySelectorAll("details").forEach((one, n) => { one.open = Boolean(open[n]); });
    theirs.scrollTop = top;
    if (id) document.getElementById(id)?.focus({ preventScroll: true });
  }
  for (const row of rows()) row.classList.toggle("open", row.dataset.row === opened());
}

const writing = (part) =>
  [...part.querySelectorAll("textarea:not([readonly]), input:not([type=hidden])")].some((field) =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  ) || [...part.querySelectorAll("select")].some((field) => field.selectedIndex > 0);

async function look(options = {}) {
  looked = Date.now();
  const page = await read(address(opened()));
  take(page, options);
  show(page);
}

// Look soon, and not too often: many changes are one look, and slow answers make it seldom.
function soon() {
  if (looking || document.hidden) return;
  const took = { from: 0 };
  looking = setTimeout(async () => {
    took.from = Date.now();
    try {
      await look();
    } catch {
      // it is looked again with the next change
    }
    looked = Date.now() + 4 * (Date.now() - took.from);
    looking = null;
  }, Math.max(0, looked + APART - Date.now()));
}

// --- opening and moving

async function open(id, { push = true, quietly = false } = {}) {
  const was = opened();
  if (was && was !== id) here("leave", was);
  const page = await read(address(id));
  take(page);
  show(page);
  if (push) history.pushState(null, "", address(id));
  cursor = id ?? cursor;
  const row = rowOf(id ?? cursor ?? "");
  if (id && !quietly && matchMedia("(max-width: 59.99rem)").matches) beside().querySelector("h2").focus();
  else if (row) focus(row);
  hereNow();
}

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  focus(next);
  if (opened() && next.dataset.row !== opened()) open(next.dataset.row, { quietly: true }).catch(plain);
  return true;
}

const plain = () => location.reload(); // whatever went wrong, the page without a script is right

// --- acting

async function send(fields) {
  const body = new URLSearchParams({ token: inbox.dataset.token, back: address(null).pathname + address(null).search });
  for (const [key, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(key, one);
  const answer = await fetch("/act", { method: "POST", body, headers: { accept: "application/json" } });
  if (answer.status === 204) return null;
  if (answer.headers.get("content-type")?.startsWith("application/json")) return answer.json();
  ask(await answer.text());
  return false;
}

// The page that the server answers with, over the list: somebody was faster, or it cannot be done.
function ask(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const dialog = document.createElement("dialog");
  dialog.append(...page.querySelector("main, body").childNodes);
  dialog.addEventListener("close", () => dialog.remove());
  const close = document.createElement("button");
  close.textContent = inbox.dataset.close;
  close.addEventListener("click", () => dialog.close());
  dialog.append(close);
  document.body.append(dialog);
  dialog.showModal();
}

async function act(what, more = {}) {
  const several = chosen();
  const acted = several.length ? several : [current()].filter(Boolean);
  if (!acted.length) return;
  const ids = acted.map((row) => row.dataset.row);
  const all = rows();
  const after = all.slice(all.indexOf(acted.at(-1)) + 1).find((row) => !ids.includes(row.dataset.row) && !row.matches(".left-list"));
  const next = after ?? all.findLast((row) => !ids.includes(row.dataset.row) && !row.matches(".left-list"));
  const seen = acted.length === 1 ? { seen: acted[0].dataset.seen } : {};
  const told = await send({ act: what, on: acted.map((row) => row.dataset.name), ...seen, ...more });
  if (!told) return;
  done = ids;
  tell(told);
  for (const row of acted) row.querySelector("[name=on]").checked = false;
  const was = opened();
  if (was && ids.includes(was)) here("leave", was);
  const shown = was && ids.includes(was) ? next?.dataset.row : was;
  const page = await read(address(shown));
  if (next) focus(next);
  take(page, { gone: ids });
  show(page);
  if (shown !== was) history.replaceState(null, "", address(shown));
  if (next?.isConnected) focus(next);
  hereNow();
}

async function undo(number) {
  const found = number ?? document.querySelector("#done [name=undo]")?.value;
  if (!found) return;
  const told = await send({ act: "undo", undo: found });
  if (!told) return;
  tell(told);
  await look({ all: true });
  focus(rowOf(done.find((id) => rowOf(id)) ?? "") ?? current());
}

// What was done, and the button that undoes it.
function tell(told) {
  const box = document.getElementById("done");
  box.querySelector("p").textContent = told.said;
  box.querySelector("form").hidden = !told.undo;
  box.querySelector("[name=undo]").value = told.undo ?? "";
  box.hidden = false;
}

// --- who is here

const here = (what, id) => {
  const name = id && (rowOf(id)?.dataset.name ?? id);
  if (name) send({ act: what, on: name }).catch(() => {});
};
const hereNow = () => { if (opened() && !document.hidden) here("here", opened()); };
setInterval(hereNow, HERE);
addEventListener("pagehide", () => {
  if (!opened()) return;
  const name = rowOf(opened())?.dataset.name ?? opened();
  navigator.sendBeacon("/act", new URLSearchParams({ token: inbox.dataset.token, act: "leave", on: name }));
});

// --- what is new

let stream = null;
let polling = null;

function listen() {
  stream?.close();
  stream = new EventSource(`/events?after=${encodeURIComponent(newest)}`);
  stream.addEventListener("changed", soon);
  stream.addEventListener("open", () => { clearInterval(polling); polling = null; });
  stream.addEventListener("error", () => {
    if (!polling) polling = setInterval(soon, POLL);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { if (!document.hidden) listen(); }, POLL);
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) stream?.close();
  else { listen(); soon(); hereNow(); }
});
listen();
setInterval(soon, 60_000); // promises run by the minute

// --- keys and clicks

const ACTS = { answer: {}, dismiss: {}, assign: { to: "" }, snooze: null };

document.addEventListener("key", (event) => {
  const word = event.detail;
  if (word === "next" || word === "previous") {
    if (!move(word === "next" ? 1 : -1)) return;
  } else if (word in ACTS && (chosen().length || current())) {
    const span = document.getElementById("bulk-span")?.value ?? "1h";
    act(word, ACTS[word] ?? { span }).catch(plain);
  } else if (word === "choose" && current()) {
    const box = current().querySelector("[name=on]");
    box.checked = !box.checked;
  } else if (word === "undo") {
    undo().catch(plain);
  } else if (word === "insert") {
    look({ all: true }).catch(plain);
  } else if (word === "close" && opened()) {
    open(null).catch(plain);
  } else if ((word === "source" || word === "correct" || word === "note") && current() && opened() !== current().dataset.row) {
    open(current().dataset.row, { quietly: true }).then(() => press(word)).catch(plain);
  } else {
    return;
  }
  event.preventDefault();
});

function press(word) {
  const found = beside()?.querySelector(`[data-key="${word}"]`);
  if (found instanceof HTMLDetailsElement) {
    found.open = true;
    found.querySelector("select, textarea")?.focus();
  } else if (found?.matches("textarea")) found.focus();
  else found?.click();
}

inbox.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("[data-row] a, #beside .back a[data-close]");
  if (!link) return;
  event.preventDefault();
  open(link.closest("[data-row]")?.dataset.row ?? null).catch(() => location.assign(link.href));
});

// The buttons do what the keys do; a form of the detail keeps what was written into it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const what = event.submitter?.name === "act" ? event.submitter.value : form.elements.act?.value;
  if (form.action !== new URL("/act", location.href).href || form.closest("dialog")) return;
  if (what === "undo") {
    event.preventDefault();
    undo(event.submitter?.value || form.elements.undo?.value).catch(plain);
  } else if (form.closest("#beside") || form.id === "bulk") {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    for (const key of ["token", "back", "act", "on"]) delete fields[key];
    submit(form, what, fields).catch(plain);
  }
});

async function submit(form, what, fields) {
  if (form.id === "bulk" || what === "answer" || what === "dismiss") {
    await act(what, fields);
    return;
  }
  const told = await send({ act: what, on: form.elements.on.value, ...fields });
  if (!told) return;
  tell(told);
  done = [opened()];
  form.reset();
  await look({ gone: [] });
  focus(current());
}

addEventListener("popstate", () => location.reload());
document.getElementById("news").addEventListener("click", () => look({ all: true }).then(() => focus(rows()[0])).catch(plain));
