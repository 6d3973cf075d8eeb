// The sample of an e-mail follows what is typed: the server makes it, as the button without the script does.

import { elements } from "./http.js";

const PAUSE = 600;

for (const form of document.querySelectorAll("form[data-live-sample]")) {
  let timer;
  let latest = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(form, ++latest, () => latest), PAUSE);
  });
}

async function show(form, number, latest) {
  const data = new URLSearchParams(new FormData(form));
  data.set("look", "1");
  const asked = { method: "POST", body: data, headers: { Accept: "text/html" }, credentials: "same-origin" };
  const response = await fetch(form.action, asked).catch(() => null);
  // An answer that comes late, or none at all, changes nothing: the button is still there.
  if (!response?.ok || response.redirected) return;
  const sample = elements(await response.text()).querySelector("[data-sample]");
  if (sample && number === latest()) document.querySelector("[data-sample]").replaceWith(sample);
}
