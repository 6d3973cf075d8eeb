// [data-files=url] holding a file field: what is chosen is sent at once, one by one, and joins [data-files-list].
//
// Nothing that is typed in the form around it is touched by that. What is too large is not sent at all; what could not be
// sent for want of a connection waits for it, as long as the page is open.

import { Trouble, elements, send } from "./http.js";

const states = new WeakMap();

/** What becomes of the files that were chosen in a form: "busy" being sent, "waiting" for a connection, or "" all there. */
export function pendingFiles(form) {
  return states.get(form) ?? "";
}

export function startFiles() {
  for (const holder of document.querySelectorAll("[data-files]")) new Files(holder);
}

class Files {
  constructor(holder) {
    this.input = holder.querySelector("input[type='file']");
    this.status = holder.querySelector("[data-files-status]");
    this.list = holder.parentElement.querySelector("[data-files-list]");
    this.url = holder.dataset.files;
    this.waiting = [];
    this.input.addEventListener("change", () => this.chosen());
    window.addEventListener("online", () => this.work());
  }

  chosen() {
    const most = Number(this.input.dataset.mostBytes);
    const files = [...this.input.files];
    const large = files.filter((file) => file.size > most);
    this.waiting.push(...files.filter((file) => file.size <= most));
    // They are sent now: with the form they would go a second time.
    this.input.value = "";
    this.refusal = large.map((file) => `“${file.name}” has ${inMegabytes(file.size)} MB, and ${inMegabytes(most)} MB is the most. Send a smaller one. `).join("");
    this.show("");
    this.work();
  }

  async work() {
    if (this.isBusy) return;
    this.isBusy = true;
    if (this.waiting.length) this.tell("busy");
    while (this.waiting.length && (await this.add(this.waiting[0]))) this.waiting.shift();
    this.isBusy = false;
    this.tell(this.waiting.length ? "waiting" : "");
  }

  /** Tell the form, which is not sent before. */
  tell(state) {
    states.set(this.input.form, state);
    this.input.form.dispatchEvent(new Event("tracker:files"));
  }

  /** Send one file; return whether there is an answer to it. */
  async add(file) {
    const data = new FormData();
    data.append("csrf_token", this.input.form.elements.namedItem("csrf_token").value);
    data.append("files", file);
    this.show(`Adding “${file.name}”…`);
    try {
      const item = elements((await send(this.url, data)).items);
      for (const each of [...item.children]) if (!this.isThere(each)) this.list.append(each);
      this.show(`“${file.name}” is added.`);
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      if (trouble.status === 0) {
        this.show(`“${file.name}” waits for a connection. Leave this page open.`);
        return false;
      }
      this.refusal += `${trouble.message} `;
      this.show("");
    }
    return true;
  }

  isThere(item) {
    return this.list.querySelector(`[value="${item.querySelector("[name='drop_file']").value}"]`);
  }

  show(message) {
    this.status.textContent = `${this.refusal}${message}`.trim();
  }
}

function inMegabytes(size) {
  return Math.round(size / 1048576);
}
