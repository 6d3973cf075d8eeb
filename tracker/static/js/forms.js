// What every form gets: one effect for two clicks, a word where it takes long, a warning before typed text is lost, filters that act at once,
// and the focus on what went wrong.

import { keys, remove } from "./storage.js";

const FOCUS_KEY = "tracker:filter-focus";

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-filter]")) dropEmpty(form);
    if (form.matches("[data-forget-drafts]")) for (const key of keys("tracker:draft:")) remove(key);
    // Later, when every other listener had its say and the pressed button's value is in the request.
    setTimeout(() => !event.defaultPrevented && form.method === "post" && lock(form));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-busy]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    link.setAttribute("aria-busy", "true");
    sayBusy(link);
  });
  window.addEventListener("pageshow", unlockAll);
  startFilters();
  startWarnings();
  focusOnFault();
}

/** Lead to what went wrong, but never take the focus from whoever types already: on a slow line the page is there before this script. */
function focusOnFault() {
  const active = document.activeElement;
  const untouched = active === document.body || (active.autofocus && active.value === active.defaultValue);
  if (untouched) document.querySelector("[data-focus]")?.focus();
}

function lock(form) {
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type='submit'], button:not([type])")) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    button.dataset.locked = "yes";
    sayBusy(button);
  }
}

/** Where the server works for seconds, the button says so: data-busy="Planning…". */
function sayBusy(element) {
  if (!element.dataset.busy || element.dataset.idle) return;
  element.dataset.idle = element.textContent;
  element.textContent = element.dataset.busy;
}

function unlockAll() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-locked]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    delete button.dataset.locked;
  }
  for (const element of document.querySelectorAll("[data-idle]")) {
    element.textContent = element.dataset.idle;
    element.removeAttribute("aria-busy");
    delete element.dataset.idle;
  }
  for (const input of document.querySelectorAll("[data-dropped]")) input.disabled = false;
}

/** Keep addresses short: an empty filter is not sent. */
function dropEmpty(form) {
  for (const input of form.elements) {
    if (input.name && input.value === "" && !input.disabled) {
      input.disabled = true;
      input.dataset.dropped = "yes";
    }
  }
}

function startFilters() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-filter]") || event.target.type === "search") return;
    remember(event.target.id);
    form.requestSubmit();
  });
  // The page comes back filtered: the person stays where he or she was.
  const id = remembered();
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}

function remember(id) {
  try {
    sessionStorage.setItem(FOCUS_KEY, id);
  } catch {
    // Then the focus starts at the top.
  }
}

function remembered() {
  try {
    const id = sessionStorage.getItem(FOCUS_KEY);
    sessionStorage.removeItem(FOCUS_KEY);
    return id;
  } catch {
    return null;
  }
}

function startWarnings() {
  const isWarned = (element) => element?.form?.matches?.("[data-warn-unsaved]");
  document.addEventListener("input", ({ target }) => {
    if (isWarned(target)) target.form.dataset.dirty = "yes";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-warn-unsaved][data-dirty]:not([data-sent])")) event.preventDefault();
  });
}
