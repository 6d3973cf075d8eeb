// How the script speaks with the server: the same POSTs as the page's forms, answered in JSON.

/** A refusal or a failure, in words for the person. `status` is 0 where the server was not reached. */
export class Trouble extends Error {
  constructor(message, status, answer = {}) {
    super(message);
    this.status = status;
    this.answer = answer;
  }

  /** Whether the server said nothing about it: the same may well be taken later. */
  get isUnreached() {
    return this.status === 0 || this.status >= 500;
  }
}

/** POST form data; return the answer's JSON, or throw Trouble with what to tell the person. What takes longer than `seconds` is not reached. */
export function post(url, data, seconds = 0) {
  return send(url, new URLSearchParams(data), seconds);
}

/** POST a body as it is (files); return and throw as `post` does. */
export async function send(url, body, seconds = 0) {
  const headers = { Accept: "application/json" };
  const signal = seconds ? AbortSignal.timeout(seconds * 1000) : null;
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers, credentials: "same-origin", signal });
  } catch {
    throw new Trouble("The tracker cannot be reached. Check your connection; nothing was changed.", 0);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer && answer.ok !== false) return answer;
  throw new Trouble(answer?.message || wordsFor(response.status), response.status, answer ?? {});
}

/** GET a page of ours for the token that its forms are sent with. */
export async function freshToken(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!response) throw new Trouble("The tracker cannot be reached. Check your connection; nothing was changed.", 0);
  const field = elements(await response.text()).querySelector("[name='csrf_token']");
  if (response.redirected || !field) throw new Trouble(wordsFor(401), 401);
  return field.value;
}

/** GET a fragment of a page as elements. */
export async function fragment(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Trouble(wordsFor(response.status), response.status);
  return elements(await response.text());
}

/** Parse markup of ours into a fragment; scripts in it do not run. */
export function elements(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

/** A fresh idempotency key, of 128 random bits. */
export function newOnce() {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

function wordsFor(status) {
  if (status === 413) return "This is too large. Please choose a smaller one; nothing else was changed.";
  if (status === 401) return "You are signed out. Sign in again in another tab, then try again.";
  if (status === 409) return "Somebody was faster. Reload the page to see what changed.";
  if (status === 429) return "That was too often. Wait a little, then try again.";
  return "This did not work, and nothing was changed. Reload the page and try again.";
}
