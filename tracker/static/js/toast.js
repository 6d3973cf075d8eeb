// Short messages at the foot of the page, read aloud; with one action where there is one to take (undo).

const SECONDS = 8;
const SECONDS_WITH_ACTION = 15;

/** Show a message. `action` is {label, run}; a pointer or the focus on the toast keeps it. */
export function toast(message, { tone = "neutral", action = null } = {}) {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  const item = document.createElement("div");
  item.className = `toast toast--${tone}`;
  const words = document.createElement("span");
  words.textContent = message;
  item.append(words);
  if (action) item.append(button(action, item));
  item.append(closeButton(item));
  box.replaceChildren(item);
  leaveLater(item, action ? SECONDS_WITH_ACTION : SECONDS);
}

/** Have a sentence read aloud without showing it. */
export function say(message) {
  const live = document.querySelector("[data-live]");
  if (live) live.textContent = message;
}

function button({ label, run }, item) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--quiet button--small";
  made.textContent = label;
  made.addEventListener("click", () => {
    item.remove();
    run();
  });
  return made;
}

function closeButton(item) {
  const made = button({ label: "×", run: () => {} }, item);
  made.setAttribute("aria-label", "Dismiss");
  return made;
}

function leaveLater(item, seconds) {
  let timer;
  const start = () => {
    timer = setTimeout(() => item.remove(), seconds * 1000);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) item.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) item.addEventListener(name, start);
  start();
}
