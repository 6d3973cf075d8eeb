// What the server found worth a second look: the list in [data-checks].

export function showChecks(form, checks) {
  const box = form.querySelector("[data-checks]");
  if (!box) return;
  box.hidden = checks.length === 0;
  const lines = checks.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  box.querySelector("ul").replaceChildren(...lines);
}
