// form[data-autosave=url]: what is typed is POSTed a moment later, and kept on this device until the server has it.
//
// The answer's {version, saved} (the time of day, in the person's zone) go into the form and its status line. Not reached: retried, and at once when the
// connection is back. 409 (changed elsewhere): saving stops and says so. The idempotency key is left out, since every
// saving is meant to have its effect. {merged}: another device wrote too, the server kept both, and the page is loaded anew.
// The form itself is sent by the script as well: whoever has no net stays on the page, with the words.

import { showChecks } from "./checks.js";
import { changesOf, fieldsAsShown, fieldsOf, fill, isSame, isTouched } from "./fields.js";
import { pendingFiles } from "./files.js";
import { Trouble, freshToken, post, send } from "./http.js";
import { addRowsFor } from "./rows.js";
import { keys, leaveWord, read, remove, takeWord, write } from "./storage.js";
import { Unsent } from "./unsent.js";

const PAUSE = 800;
const FIRST_RETRY = 4000;
const LAST_RETRY = 60000;
// What takes longer will not come.
const SECONDS = 30;
const PREFIX = "tracker:draft:";
const OLDER = ":older";
const MERGED_KEY = "tracker:merged-draft";
const LONG_PASTE = 100;
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const TOO_OLD = 400;
const SIGNED_OUT = 401;

export function startAutosave() {
  for (const key of keys(PREFIX)) if (Date.now() - (read(key)?.at ?? 0) > KEPT_FOR) remove(key);
  for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
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
    // What the server has, as far as this page knows.
    this.seen = fieldsAsShown(form);
    this.unsent = new Unsent(form);
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.sent(event));
    form.addEventListener("paste", (event) => this.pasted(event));
    form.addEventListener("tracker:files", () => this.goOn());
    // Come back to, from a page that could not be reached: it saves again.
    window.addEventListener("pageshow", () => (this.isLeaving = this.isPassed = false));
    window.addEventListener("online", () => this.catchUp());
    // Signed in again in another tab, say.
    window.addEventListener("focus", () => this.catchUp());
    document.addEventListener("visibilitychange", () => document.hidden && this.isUnsaved && this.save());
    this.bringBack();
    this.tellMerged();
  }

  /** What is sent, beside what it was when the server had it last. */
  data() {
    const data = [...new FormData(this.form)].filter(([name, value]) => name !== "once" && typeof value === "string");
    return [...data, ...changesOf(this.seen, fieldsOf(this.form))];
  }

  later() {
    if (this.isStopped) return;
    this.isUnsaved = true;
    this.keep();
    clearTimeout(this.timer);
    if (!this.isLeaving) this.timer = setTimeout(() => this.save(), PAUSE);
  }

  catchUp() {
    this.putTogether();
    if (this.isUnsaved) this.save();
  }

  /** Long texts that are pasted are counted: the look before submission asks about them. */
  pasted(event) {
    const length = event.clipboardData?.getData("text").length ?? 0;
    const count = this.form.elements.namedItem("pasted");
    if (count && length >= LONG_PASTE) count.value = Number(count.value || 0) + length;
  }

  /** The copy on this device; whether there is one. */
  keep() {
    return write(this.key, { at: Date.now(), version: this.version(), fields: fieldsOf(this.form), seen: this.seen });
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isStopped || this.isLeaving || this.isSending) return;
    if (this.isBusy) {
      this.isAgain = true;
      return;
    }
    this.isBusy = true;
    this.isUnsaved = false;
    this.show("Saving…", "busy");
    const fields = fieldsOf(this.form);
    try {
      this.saved(await this.asked(() => post(this.url, this.data(), SECONDS)), fields);
    } catch (trouble) {
      this.failed(trouble);
    }
    this.isBusy = false;
    if (this.held) {
      // Its version is the one of this answer now.
      this.goOn();
      return;
    }
    if (this.isAgain && !this.isStopped) {
      this.isAgain = false;
      this.save();
    }
  }

  /** Ask the server; where the session is another one by now, once more with its token. */
  async asked(ask) {
    try {
      return await ask();
    } catch (trouble) {
      if (!(trouble instanceof Trouble) || trouble.status !== TOO_OLD) throw trouble;
      this.form.elements.namedItem("csrf_token").value = await freshToken(this.form.getAttribute("action"));
      return ask();
    }
  }

  saved(answer, fields) {
    this.seen = fields;
    this.unsent.saved();
    if (answer.merged) {
      // Typed on meanwhile: the next saving, of the same old version, is merged too.
      if (!this.isUnsaved) this.showMerged();
      return;
    }
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
    remove(this.key);
    delete this.form.dataset.dirty;
    this.show("Another device wrote too. Both texts are kept.", "saved");
    // A file that is being added would be lost with the page.
    this.isMerged = true;
    if (pendingFiles(this.form)) return;
    this.isLeaving = true;
    leaveWord(MERGED_KEY, this.url);
    location.assign(this.form.getAttribute("action"));
  }

  tellMerged() {
    if (takeWord(MERGED_KEY) === this.url) this.show("Another device wrote too. Both texts are kept: please look them over.", "trouble");
  }

  failed(trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    this.isUnsaved = true;
    this.form.dataset.dirty = "yes";
    if (!trouble.isUnreached) this.unsent.reached();
    if (trouble.status === 409) {
      this.isStopped = true;
      this.show(`${trouble.message} What you typed stays in this window: copy it before you reload.`, "conflict");
    } else if (trouble.isUnreached) {
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
    if (copy && copy.version !== this.version()) {
      remove(this.key);
      if (!isSame(copy.fields, this.seen)) write(this.key + OLDER, copy);
    } else if (copy) {
      // Whoever was quicker than this script keeps what he or she chose meanwhile.
      const chosen = new Set([...this.form.elements].filter(isTouched).map((input) => input.name));
      addRowsFor(this.form, copy.fields);
      fill(this.form, copy.fields, chosen);
      this.later();
    }
    this.putTogether();
  }

  /** A copy from before another device saved: the server puts both together, and the page shows them. */
  async putTogether() {
    const copy = read(this.key + OLDER);
    if (!copy || this.isPutting) return;
    this.isPutting = true;
    const token = () => ["csrf_token", this.form.elements.namedItem("csrf_token").value];
    const changes = copy.seen ? changesOf(copy.seen, copy.fields) : [];
    try {
      await this.asked(() => post(this.url, [token(), ["version", copy.version], ...copy.fields, ...changes], SECONDS));
      remove(this.key + OLDER);
      // What is typed by now is merged by its own saving.
      if (!this.isUnsaved && !this.isBusy) this.showMerged();
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      this.show(`What you typed before is kept on this device, and not saved yet. ${trouble.message}`, "trouble");
    }
    this.isPutting = false;
  }

  /** The form is sent. A draft or a file that is under way is waited for: the one raises the version, the other would be lost. */
  sent(event) {
    clearTimeout(this.timer);
    if (event.defaultPrevented) return;
    if (this.isPassed) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    this.held = { submitter: event.submitter };
    this.goOn();
  }

  goOn() {
    const files = pendingFiles(this.form);
    if (this.isMerged && !files && !this.isUnsaved && !this.isBusy) this.showMerged();
    if (this.held && files === "busy") this.show("Waits for the file that is being added…", "busy");
    if (!this.held || this.isBusy || this.isSending || files === "busy") return;
    const { submitter } = this.held;
    this.held = null;
    if (files) this.notSent(submitter);
    else this.hand(submitter);
  }

  async hand(submitter) {
    this.isSending = true;
    this.isKept = this.keep();
    this.unsent.hide();
    this.show("Sending…", "busy");
    // What is typed from now on would not be in it.
    this.form.inert = true;
    const url = submitter?.getAttribute("formaction") || this.form.getAttribute("action");
    const made = () => {
      const data = new FormData(this.form, submitter);
      for (const [name, value] of [["goes_on", "1"], ...changesOf(this.seen, fieldsOf(this.form))]) data.append(name, value);
      return data;
    };
    try {
      const answer = await this.asked(() => send(url, made(), SECONDS));
      remove(this.key);
      this.isLeaving = true;
      location.assign(answer.url);
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      this.form.inert = false;
      this.refused(trouble, submitter);
    }
    this.isSending = false;
  }

  /** Not reached: all stays as it is. Refused: the form's own page says why, and the server is there to show it. */
  refused(trouble, submitter) {
    if (trouble.isUnreached) {
      this.notSent(submitter);
    } else if (trouble.status === SIGNED_OUT) {
      this.isUnsaved = true;
      this.show(trouble.message, "trouble");
    } else {
      this.isPassed = true;
      this.form.requestSubmit(submitter);
    }
  }

  notSent(submitter) {
    this.isUnsaved = true;
    this.failed(new Trouble("", 0));
    const what = submitter?.hasAttribute("formaction") ? "saved" : "submitted";
    this.unsent.show(what, submitter?.textContent.trim() ?? "Send", this.keep(), () => this.form.requestSubmit(submitter));
  }

  version() {
    return this.form.elements.namedItem("version")?.value ?? "";
  }

  show(words, state) {
    const status = this.form.querySelector("[data-autosave-status]");
    if (!status) return;
    status.textContent = words;
    status.dataset.state = state;
  }
}
