// Says that a mention is open, as long as it is, so that colleagues see it; and that it was closed.

const EVERY = 20_000; // milliseconds; the server believes it for 45 s
const shown = () => document.querySelector("[data-here]");

const form = (act, { dataset }) =>
  new URLSearchParams({ act, on: dataset.here, token: dataset.token });

setInterval(() => {
  if (shown() && !document.hidden)
    fetch("/act", { method: "POST", body: form("here", shown()) }).catch(() => {}); // in 20 s again
}, EVERY);

const leave = () => {
  if (shown()) navigator.sendBeacon("/act", form("leave", shown()));
};
addEventListener("pagehide", leave);
document.addEventListener("leave", leave);
