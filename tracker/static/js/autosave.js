// form[data-autosave=url]: what is typed is POSTed a moment later, and kept on this device until the server has it.
//
// The answer's {version, saved} (the time of day, in the person's zone) go into the form and its status line. Not reached: retried, and at once when the
// connection is back. 409 (changed elsewhere): saving stops and says so. The idempotency key is left out, since every
// saving is meant to have its effect. {merged}: another device wrote too, the server kept both, and the page is loaded anew.

import { Trouble, post } from "./http.js";
import { keys, read, remove, write } from "./storage.js";

const PAUSE = 800;
const FIRST_RETRY = 4000;
const LAST_RETRY = 60000;
const PREFIX = "tracker:draft:";
const SENT_KEY = "tracker:sent-draft";
const MERGED_KEY = "tracker:merged-draft";
const LONG_PASTE = 100;
const KEPT_FOR = 30 * 24 * 3600 * 1000;

export function startAutosave() {
  const forms = document.querySelectorAll("form[data-autosave]");
  tidy(forms);
  for (const form of forms) new Autosave(form);
}

/** Drop copies whose form was sent (its page no longer has the form), and those that are very old. */
function tidy(forms) {
  const here = new Set([...forms].map((form) => PREFIX + form.dataset.autosave));
  let sent = null;
  try {
    sent = sessionStorage.getItem(SENT_KEY);
    sessionStorage.removeItem(SENT_KEY);
  } catch {
    // Then only age counts.
  }
  for (const key of keys(PREFIX)) {
    const isOld = Date.now() - (read(key)?.at ?? 0) > KEPT_FOR;
    if (isOld || (key === sent && !here.has(key))) remove(key);
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.key = PREFIX + this.url;
    this.retry = FIRST_RETRY;
    this.isStopped = false;
    this.isBusy = false;
    this.isAgain = false;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.sent(event));
    form.addEventListener("paste", (event) => this.pasted(event));
    // Come back to, from a page that could not be reached: it saves again.
    window.addEventListener("pageshow", () => (this.isLeaving = false));
    window.addEventListener("online", () => this.isUnsaved && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.isUnsaved && this.save());
    this.bringBack();
    this.tellMerged();
  }

  data() {
    const data = new FormData(this.form);
    data.delete("once");
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return [...data];
  }

  later() {
    if (this.isStopped || this.isLeaving) return;
    this.isUnsaved = true;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /** Long texts that are pasted are counted: the look before submission asks about them. */
  pasted(event) {
    const length = event.clipboardData?.getData("text").length ?? 0;
    const count = this.form.elements.namedItem("pasted");
    if (count && length >= LONG_PASTE) count.value = Number(count.value || 0) + length;
  }

  /** What is typed, without the csrf token, which belongs to the session alone. */
  fields() {
    return this.data().filter(([name]) => name !== "csrf_token" && name !== "version");
  }

  /** The copy on this device. */
  keep() {
    write(this.key, { at: Date.now(), version: this.version(), fields: this.fields() });
  }

  /** Whether the form shows what the copy holds: a refused one comes back as it was typed. */
  isShown(copy) {
    const plain = (fields) => JSON.stringify(fields.map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]));
    return plain(copy.fields) === plain(this.fields());
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isStopped || this.isLeaving) return;
    if (this.isBusy) {
      this.isAgain = true;
      return;
    }
    this.isBusy = true;
    this.isUnsaved = false;
    this.show("Saving…", "busy");
    try {
      this.saved(await post(this.url, this.data()));
    } catch (trouble) {
      this.failed(trouble);
    }
    this.isBusy = false;
    if (this.held) {
      // Its version is the one of this answer now.
      this.form.requestSubmit(this.held.submitter);
      return;
    }
    if (this.isAgain && !this.isStopped) {
      this.isAgain = false;
      this.save();
    }
  }

  saved(answer) {
    if (answer.merged && !this.isUnsaved) {
      this.showMerged();
      return;
    }
    // Typed on meanwhile: the next saving, of the same old version, is merged too.
    if (answer.merged) return;
    const field = this.form.elements.namedItem("version");
    if (field && answer.version !== undefined) field.value = answer.version;
    this.retry = FIRST_RETRY;
    delete this.form.dataset.dirty;
    if (this.isUnsaved) this.keep();
    else remove(this.key);
    if (answer.checks) showChecks(this.form, answer.checks);
    this.show(`Saved ${answer.saved ?? ""}`, "saved");
  }

  /** Another device wrote too: the server holds both texts, and the page is loaded anew to show them. */
  showMerged() {
    this.isLeaving = true;
    remove(this.key);
    delete this.form.dataset.dirty;
    this.show("Another device wrote too. Both texts are kept.", "saved");
    try {
      sessionStorage.setItem(MERGED_KEY, this.url);
    } catch {
      // Then nothing says why the page was loaded anew; the texts do.
    }
    location.reload();
  }

  tellMerged() {
    try {
      if (sessionStorage.getItem(MERGED_KEY) !== this.url) return;
      sessionStorage.removeItem(MERGED_KEY);
      this.show("Another device wrote too. Both texts are kept: please look them over.", "trouble");
    } catch {
      // As above.
    }
  }

  failed(trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    this.isUnsaved = true;
    this.form.dataset.dirty = "yes";
    if (trouble.status === 409) {
      this.isStopped = true;
      this.show(`${trouble.message} What you typed stays in this window: copy it before you reload.`, "conflict");
    } else if (trouble.status === 0 || trouble.status >= 500) {
      this.show(navigator.onLine ? "Not saved: the tracker does not answer. Will retry." : "Not saved: offline, will retry.", "trouble");
      this.timer = setTimeout(() => this.save(), this.retry);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    } else {
      this.show(`Not saved: ${trouble.message}`, "trouble");
    }
  }

  /** After a reload: put back what the server does not have. */
  bringBack() {
    const copy = read(this.key);
    if (!copy) return;
    if (copy.version !== this.version()) {
      if (this.isShown(copy)) remove(this.key);
      else this.offer(copy);
      return;
    }
    // Whoever was quicker than this script keeps what he or she chose meanwhile.
    const chosen = new Set([...this.form.elements].filter(isTouched).map((input) => input.name));
    this.fill(copy.fields, chosen);
    this.later();
  }

  /** The server has a newer version than the copy was made from: let the person choose. */
  offer(copy) {
    const status = this.status();
    if (!status) return;
    this.show("An older text of yours, never saved, is kept on this device.", "trouble");
    const use = linkButton("Use it", () => {
      this.fill(copy.fields);
      this.later();
    });
    const drop = linkButton("Drop it", () => {
      remove(this.key);
      this.show("", "");
    });
    status.append(" ", use, drop);
  }

  /** Fill the form, but for what goes by these names. */
  fill(fields, except = new Set()) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const input of this.form.elements) {
      if (!input.name || ["csrf_token", "once", "version"].includes(input.name) || input.type === "file") continue;
      if (except.has(input.name)) continue;
      const kept = values.get(input.name) ?? [];
      if (input.type === "checkbox" || input.type === "radio") input.checked = kept.includes(input.value);
      else if (input.matches("input, textarea, select") && kept.length) input.value = kept.shift();
    }
  }

  /**
   * The whole form is being sent; if its next page has no such form, the copy has done its work. A draft that is under
   * way is waited for: it raises the version, and the form would be taken for one of another window.
   */
  sent(event) {
    clearTimeout(this.timer);
    if (event.defaultPrevented) return;
    if (this.isBusy && !this.held) {
      this.held = { submitter: event.submitter };
      event.preventDefault();
      return;
    }
    this.held = null;
    this.isLeaving = true;
    if (this.isUnsaved) this.keep();
    try {
      sessionStorage.setItem(SENT_KEY, this.key);
    } catch {
      // Then the copy goes by age.
    }
  }

  version() {
    return this.form.elements.namedItem("version")?.value ?? "";
  }

  status() {
    return this.form.querySelector("[data-autosave-status]");
  }

  show(words, state) {
    const status = this.status();
    if (!status) return;
    status.textContent = words;
    status.dataset.state = state;
  }
}

/** What the server found worth a second look: the list in [data-checks]. */
/** Whether a field is no longer what the page came with. */
function isTouched(input) {
  if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
  return "defaultValue" in input && input.value !== input.defaultValue;
}

function showChecks(form, checks) {
  const box = form.querySelector("[data-checks]");
  if (!box) return;
  box.hidden = checks.length === 0;
  const lines = checks.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  box.querySelector("ul").replaceChildren(...lines);
}

function linkButton(label, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--small";
  button.textContent = label;
  button.addEventListener("click", run);
  return button;
}
