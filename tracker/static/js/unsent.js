// [data-unsent] in a form: what is said where it could not be sent, and the one press that sends it when the net is back.

export class Unsent {
  constructor(form) {
    this.box = form.querySelector("[data-unsent]");
    if (!this.box) return;
    [this.title, this.words] = this.box.querySelectorAll("p");
    this.button = this.box.querySelector("button");
    this.button.addEventListener("click", () => {
      const run = this.run;
      this.hide();
      run();
    });
    window.addEventListener("online", () => this.reached());
    window.addEventListener("offline", () => this.run && this.tell());
  }

  /** Say that `what` ("submitted", "saved") did not come about. `run` tries it again. */
  show(what, label, isKept, run) {
    if (!this.box) return;
    Object.assign(this, { what, isKept, run });
    this.button.textContent = `${label} now`;
    this.tell();
    this.box.hidden = false;
    // It sticks to the edge, and is seen from wherever one was.
    this.box.focus({ preventScroll: true });
  }

  tell() {
    const isOffline = !navigator.onLine;
    this.title.textContent = isOffline ? `Not ${this.what} yet: you are offline` : `Not ${this.what} yet: the tracker does not answer`;
    const safe = this.isKept ? "What you wrote is safe on this device." : "What you wrote stands in this window alone: leave it open.";
    this.words.textContent = isOffline ? `${safe} It can be ${this.what} here, with one press, as soon as the net is back.` : `${safe} Try again in a moment.`;
    this.button.hidden = isOffline;
  }

  /** The net is back, or the server answered. */
  reached() {
    if (!this.run) return;
    this.title.textContent = "The net is back";
    this.words.textContent = `Nothing was ${this.what} yet.`;
    this.button.hidden = false;
  }

  /** What was typed is saved by itself. */
  saved() {
    if (this.what === "saved") this.hide();
    else this.reached();
  }

  hide() {
    if (!this.box) return;
    this.run = null;
    this.box.hidden = true;
  }
}
