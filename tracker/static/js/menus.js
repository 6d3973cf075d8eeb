// Menus are <details data-menu>: this closes them by Escape, by a press elsewhere and when the focus leaves.
// Also: the key that focuses the search, copying to the clipboard, and the way back on fault pages.

import { toast } from "./toast.js";

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
    else focusByHotkey(event);
  });
  document.addEventListener("click", copyOrGoBack);
}

function openMenus() {
  return document.querySelectorAll("details[data-menu][open]");
}

function closeMenus() {
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

function focusByHotkey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const target = [...document.querySelectorAll("[data-hotkey]")].find((element) => element.dataset.hotkey === event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.select?.();
}

/** Whether keys belong to what the person is writing. */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

async function copyOrGoBack(event) {
  const copy = event.target.closest("[data-copy]");
  if (copy) await copyText(copy.dataset.copy);
  if (event.target.closest("[data-back]") && history.length > 1) {
    event.preventDefault();
    history.back();
  }
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast(`This browser does not let us copy. Here it is: ${text}`);
  }
}
