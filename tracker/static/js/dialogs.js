// Dialogs: [data-dialog-open=id] opens <dialog id>, and a submit with data-confirm asks first. With data-check=url the
// server is asked before whether anything is in the way: then nothing is confirmed, and the form is sent to say what it is.

import { post } from "./http.js";

const REFUSED = 422;

export function startDialogs() {
  document.addEventListener("click", (event) => {
    openOrClose(event);
    askFirst(event);
  });
  for (const dialog of document.querySelectorAll("dialog[data-dialog-now]")) {
    dialog.removeAttribute("open");
    dialog.showModal();
  }
}

function openOrClose(event) {
  const opener = event.target.closest("[data-dialog-open]");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  // A press on the backdrop is a press on the dialog itself, outside of its box.
  if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
}

function isOutside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

async function askFirst(event) {
  const button = event.target.closest("[data-confirm]");
  if (!button?.form || button.dataset.confirmed) return;
  if (!button.form.reportValidity()) return;
  event.preventDefault();
  if (button.hasAttribute("aria-busy")) return;
  const yes = () => {
    button.dataset.confirmed = "yes";
    button.form.requestSubmit(button);
    delete button.dataset.confirmed;
  };
  if (button.dataset.check && (await isRefused(button))) yes();
  else ask(button.dataset.confirm, button.textContent.trim(), yes);
}

/**
 * Whether the server refuses the form as it is typed. In all other trouble the person is asked, as without a check: a
 * draft that is being saved in this moment raises the version, and the form itself waits for it.
 */
async function isRefused(button) {
  const data = [...new FormData(button.form)].filter(([name, value]) => name !== "once" && !(value instanceof File));
  button.setAttribute("aria-busy", "true");
  try {
    await post(button.dataset.check, data);
    return false;
  } catch (trouble) {
    return trouble.status === REFUSED;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Ask a question; `yes` runs when the person agrees. The first focus is on the way out. */
function ask(question, label, yes) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", question);
  const words = document.createElement("p");
  words.className = "prewrap";
  words.textContent = question;
  const row = document.createElement("div");
  row.className = "dialog__actions";
  row.append(choice("Cancel", "secondary", dialog), choice(label, "primary", dialog, yes));
  dialog.append(words, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function choice(label, kind, dialog, run = null) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button button--${kind}`;
  button.textContent = label;
  button.addEventListener("click", () => {
    dialog.close();
    run?.();
  });
  return button;
}
