// The inbox as one works in it: moving, acting and undoing without leaving the page, and what is new
// arriving by itself. Every address and every form works without this script, too.

const inbox = document.getElementById("inbox");
const POLL = 30_000; // milliseconds, where nothing can be streamed
const PATIENCE = 20_000;
const SHOWN = 20_000; // for so long it is told what was done; it can be undone for longer
const APART = 1_000; // at least, between two looks at the list
const known = new Map(); // what the server last said of each row
let news = new Map(); // rows that wait to be put in
let cursor = null; // the row that keys are about
let last = []; // the rows that were acted on last
let since = Number(inbox.dataset.last); // mentions with higher numbers have come since
const unkept = new Map(); // notes that were begun, by the row

const rows = () => [...inbox.querySelectorAll("#rows > [data-row]")];
const rowOf = (id) => rows().find((row) => row.dataset.row === id) ?? null;
const box = (row) => row.querySelector("[name=on]") ?? {}; // who may only read has none
const chosen = () => rows().filter((row) => box(row).checked);
const mayAct = () => document.getElementById("bulk") !== null;
const beside = () => document.getElementById("beside");
const opened = () => beside()?.dataset.row ?? null;

function current() {
  const focused = document.activeElement?.closest("[data-row]")?.dataset.row;
  return rowOf(focused) ?? rowOf(cursor) ?? rowOf(opened());
}

function say(words) {
  document.getElementById("live").textContent = words;
}

function focus(row) {
  if (!row?.isConnected) return;
  cursor = row.dataset.row;
  row.querySelector("a").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// One thing after the other: looks that overtake what one does would bring back what was closed.
let doing = Promise.resolve();
const inTurn = (does, otherwise = failed) => (doing = doing.then(does).catch(otherwise));

const remember = () => rows().forEach((row) => known.set(row.dataset.row, row.innerHTML));
remember();

// --- What the server says is taken up, and nothing that one reads moves.

function address(open) {
  const url = new URL(location.href);
  for (const key of ["done", "undo", "open"]) url.searchParams.delete(key);
  if (open) url.searchParams.set("open", open);
  return url;
}

async function read(open) {
  const url = address(open);
  url.searchParams.set("part", "1");
  url.searchParams.set("known", rows().map((row) => row.dataset.row).join(","));
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401 && !(beside() && isWritten(beside()))) location.reload(); // to sign in
  if (!answer.ok || answer.redirected) throw new Error(`the list: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// `all`: what is new is put in, and what is no longer in the list taken out; without it both are only
// told. `gone`: rows that the person at the page has done something about, and expects to go.
function take(page, { all = false, gone = [] } = {}) {
  inbox.dataset.newest = page.getElementById("inbox").dataset.newest;
  for (const id of ["states", "saved"]) renew(document.getElementById(id), page.getElementById(id));
  const theirs = new Map([...page.querySelectorAll("#rows > [data-row]")].map((row) => [row.dataset.row, row]));
  for (const row of rows()) update(row, theirs.get(row.dataset.row), all || gone.includes(row.dataset.row));
  append([...theirs.values()]);
  news = new Map([...theirs].filter(([id, row]) => !rowOf(id) && !row.matches("[data-beyond]")));
  if (all) insert(theirs);
  if (!rows().length) restart(page);
  if (!news.size) since = Math.max(since, Number(page.getElementById("inbox").dataset.last));
  bar();
  detail(page);
}

function renew(mine, theirs) {
  if (mine && theirs && !mine.contains(document.activeElement) && mine.innerHTML !== theirs.innerHTML)
    mine.replaceChildren(...theirs.cloneNode(true).childNodes);
}

function update(row, theirs, leaves) {
  const id = row.dataset.row;
  if (!theirs) {
    known.delete(id);
    if (leaves) row.remove();
    else if (!row.matches(".gone")) mark(row);
    return;
  }
  row.dataset.seen = theirs.dataset.seen;
  if (known.get(id) === theirs.innerHTML) return;
  known.set(id, theirs.innerHTML);
  const [checked, focused] = [box(row).checked, row.contains(document.activeElement)];
  row.classList.remove("gone");
  row.innerHTML = theirs.innerHTML;
  box(row).checked = checked;
  if (focused) row.querySelector("a").focus({ preventScroll: true });
}

function mark(row) {
  const words = document.createElement("p");
  words.className = "meta";
  words.textContent = inbox.dataset.left;
  row.lastElementChild.append(words);
  row.classList.add("gone");
  box(row).checked = false;
}

// What only moved up into the page, for others left it, is put where it moves nothing: at the end.
function append(theirs) {
  const end = theirs.findLastIndex((row) => rowOf(row.dataset.row) && !row.matches("[data-beyond]"));
  for (const row of end < 0 ? [] : theirs.slice(end + 1)) {
    if (row.matches("[data-beyond]") || rowOf(row.dataset.row) || Number(row.dataset.row) > since) continue;
    known.set(row.dataset.row, row.innerHTML);
    document.getElementById("rows").append(row);
  }
}

function insert(theirs) {
  const list = document.getElementById("rows");
  if (!list) return;
  const [anchor, focused] = [current() ?? rows()[0], document.activeElement];
  const top = anchor?.getBoundingClientRect().top;
  for (const [id, row] of theirs) {
    if (!row.matches("[data-beyond]")) list.append(rowOf(id) ?? row);
  }
  news = new Map();
  remember();
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - top);
}

function restart(page) {
  const theirs = page.getElementById("list-section");
  document.getElementById("list-section").replaceChildren(...theirs.cloneNode(true).childNodes);
  news = new Map();
  remember();
}

function bar() {
  const button = document.getElementById("news");
  const { newOne, newMany } = inbox.dataset;
  const words = news.size === 1 ? newOne : newMany.replace("{n}", news.size);
  button.textContent = words;
  button.hidden = !news.size;
}

// What is open beside the list; let alone while somebody writes in it.
function detail(page) {
  const [mine, theirs] = [beside(), page.getElementById("beside")];
  const isOther = mine?.dataset.row !== theirs?.dataset.row;
  if (note(mine) && isOther) unkept.set(mine.dataset.row, note(mine).value);
  if (note(theirs) && isOther) note(theirs).value = unkept.get(theirs.dataset.row) ?? "";
  if (!theirs) mine?.remove();
  else if (!mine) inbox.append(theirs);
  else if (isOther) mine.replaceWith(theirs);
  else if (mine.innerHTML !== theirs.innerHTML && !isWritten(mine)) {
    const open = [...mine.querySelectorAll("details")].map((one) => one.open);
    const [top, focused] = [mine.scrollTop, mine.contains(document.activeElement) && document.activeElement.id];
    mine.replaceWith(theirs);
    theirs.querySelectorAll("details").forEach((one, n) => (one.open = Boolean(open[n])));
    theirs.scrollTop = top;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  inbox.classList.toggle("with-detail", Boolean(theirs));
  for (const row of rows()) row.classList.toggle("open", row.dataset.row === opened());
}

const note = (part) => part?.querySelector("textarea[name=note]");
const isWritten = (part) =>
  [...part.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  ) || [...part.querySelectorAll("select")].some((field) => field.selectedIndex > 0);

// --- Looking again: many changes are one look, and where looks take long they are rare.

let waiting = null;
let again = false;
let free = 0; // when it may be looked again

async function look(options) {
  const began = performance.now();
  take(await read(opened()), options);
  free = performance.now() + Math.max(APART, 4 * (performance.now() - began));
}

function soon() {
  again = Boolean(waiting);
  if (waiting || document.hidden) return;
  waiting = setTimeout(async () => {
    again = false;
    await inTurn(() => look(), () => {}); // the next change brings it
    waiting = null;
    if (again) soon();
  }, Math.max(0, free - performance.now()));
}

let stream = null;
let polling = null;

function listen() {
  stream?.close();
  stream = new EventSource(`/events?after=${inbox.dataset.newest}`);
  stream.addEventListener("changed", soon);
  stream.addEventListener("open", () => (polling = clearInterval(polling) ?? null));
  stream.addEventListener("error", () => {
    polling ??= setInterval(soon, POLL);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || listen(), POLL);
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return stream.close(); // a browser has few connections for all its tabs
  listen();
  soon();
});
listen();
setInterval(soon, 60_000); // promises run by the minute

// --- Opening and moving.

async function open(id, { writes = false } = {}) {
  const page = await read(id);
  if (!id) document.dispatchEvent(new Event("leave"));
  take(page);
  history.pushState(null, "", address(id));
  cursor = id ?? cursor;
  const isNarrow = matchMedia("(max-width: 59.99rem)").matches;
  if (id && isNarrow) beside().querySelector("h2").focus();
  else if (!writes) focus(rowOf(cursor));
}

function move(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  focus(next);
  return next && opened() && next.dataset.row !== opened() && open(next.dataset.row);
}

function failed() {
  tell({ said: inbox.dataset.failed, undo: null });
}

// --- Acting: the next mention has the focus when something was done about one.

async function send(fields) {
  const body = new URLSearchParams({ token: inbox.dataset.token, back: address().pathname + address().search });
  for (const [key, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(key, one);
  const headers = { accept: "application/json" };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch("/act", { method: "POST", body, headers, signal });
  const isTold = answer.headers.get("content-type")?.startsWith("application/json");
  if (isTold) return answer.json();
  ask(await answer.text());
  return null;
}

// The page that the server answers with otherwise: somebody was faster, or it cannot be done.
function ask(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const dialog = document.createElement("dialog");
  const close = document.createElement("button");
  close.textContent = inbox.dataset.close;
  close.addEventListener("click", () => dialog.close());
  dialog.append(...page.querySelector("main, body").childNodes, close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

let hiding = null;

function tell({ said, undo }) {
  const done = document.getElementById("done");
  done.querySelector("p").textContent = said;
  const form = done.querySelector("form"); // who may only read has none
  if (form) {
    form.hidden = !undo;
    form.elements.undo.value = undo ?? "";
  }
  done.hidden = false;
  say(said);
  clearTimeout(hiding);
  hiding = setTimeout(() => (done.hidden = !done.matches(":focus-within, :hover")), SHOWN);
}

async function act(what, about, more) {
  const ids = about.map((one) => one.dataset.row);
  const others = (row) => !ids.includes(row.dataset.row) && !row.matches(".gone");
  const at = Math.max(...about.map((one) => rows().indexOf(rowOf(one.dataset.row))));
  const next = rows().slice(at + 1).find(others) ?? rows().findLast(others);
  const seen = about.length === 1 ? { seen: about[0].dataset.seen } : {};
  const told = await send({ act: what, on: about.map((one) => one.dataset.name), ...seen, ...more });
  if (!told) return;
  tell(told);
  last = ids;
  for (const row of rows()) if (ids.includes(row.dataset.row)) box(row).checked = false;
  const shows = ids.includes(opened()) ? (next?.dataset.row ?? null) : opened();
  const page = await read(shows);
  focus(next); // before its neighbour goes, so that the focus never falls
  take(page, { gone: ids });
  history.replaceState(null, "", address(shows));
  focus(next);
}

// What is written into the detail, beside what ends with a mention: one stays where one is.
async function keep(form, what) {
  const fields = Object.fromEntries(new FormData(form));
  const told = await send({ ...fields, act: what, back: "/inbox" });
  if (!told) return;
  tell(told);
  last = [opened()];
  form.reset();
  await look();
  if (!document.activeElement || document.activeElement === document.body) focus(current());
}

async function undo(number) {
  const told = number && (await send({ act: "undo", undo: number }));
  if (!told) return;
  tell(told);
  await look({ all: true });
  focus(rowOf(last.find(rowOf)) ?? current());
}

async function putIn() {
  const came = [...news.keys()];
  await look({ all: true });
  focus(current() ?? rowOf(came[0]));
}

const more = (what) => (what === "snooze" ? { span: document.getElementById("bulk-span")?.value ?? "1h" } : {});

function press(word) {
  const found = beside()?.querySelector(`[data-key="${word}"]`);
  if (found instanceof HTMLDetailsElement) {
    found.open = true;
    found.querySelector("select").focus();
  } else if (found?.matches("textarea")) found.focus();
  else found?.click();
}

function choose(row) {
  if (!row || !mayAct()) return;
  box(row).checked = !box(row).checked;
  say(inbox.dataset.chosen.replace("{n}", chosen().length));
}

// One acts on what is chosen, else on the row that has the focus, else on what is open.
const acts = (word) => (row) => {
  if (!mayAct() && !beside()?.querySelector(`[data-key="${word}"]`)) return;
  const about = chosen().length ? chosen() : [row ?? beside()].filter(Boolean);
  return about.length && act(word, about, more(word));
};

// The keys that are pressed while a mention opens to be written into are letters of what one writes.
let isDeaf = false;
const writes = (word) => async (row) => {
  isDeaf = true;
  try {
    if (row && opened() !== row.dataset.row) await open(row.dataset.row, { writes: true });
    press(word);
  } finally {
    isDeaf = false;
  }
};

const KEYS = {
  next: () => move(1),
  previous: () => move(-1),
  choose,
  answer: acts("answer"),
  dismiss: acts("dismiss"),
  assign: acts("assign"),
  snooze: acts("snooze"),
  undo: () => undo(document.querySelector("#done [name=undo]")?.value),
  insert: putIn,
  close: () => opened() && open(null),
  source: writes("source"),
  correct: writes("correct"),
  note: writes("note"),
};
document.addEventListener("key", (event) => {
  const does = KEYS[event.detail];
  if (!does) return;
  event.preventDefault();
  if (!isDeaf) inTurn(() => does(current()));
});

inbox.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("#rows a, a[data-close]");
  if (!link) return;
  event.preventDefault();
  const row = link.closest("#rows [data-row]")?.dataset.row ?? null;
  inTurn(() => open(row), () => location.assign(link.href));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const what = event.submitter?.name === "act" ? event.submitter.value : form.elements.act?.value;
  const ours = form.id === "bulk" ? chosen().length : form.closest("#beside, #done");
  if (!ours) return;
  event.preventDefault();
  const fields = form.id === "bulk" ? more(what) : {};
  const number = form.elements.undo?.value;
  inTurn(() => {
    if (what === "undo") return undo(number);
    if (form.id === "bulk") return act(what, chosen(), fields);
    return what === "answer" || what === "dismiss" ? act(what, [beside()], {}) : keep(form, what);
  });
});

document.getElementById("news").addEventListener("click", () => inTurn(putIn));
addEventListener("popstate", () => location.reload());
