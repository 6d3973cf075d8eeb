// The day of a loop: an interview dragged onto another one changes places with it. The menu of each does the same.

/** Let the interviews of a day be dragged onto each other. */
export function startDays() {
  for (const day of document.querySelectorAll("[data-day]")) startDay(day);
}

function startDay(day) {
  let dragged = null;
  const swap = (line) => line?.querySelector("form[action$='/swap']") ?? null;
  for (const line of day.querySelectorAll("[data-interview]")) if (swap(line)) line.setAttribute("draggable", "true");
  const over = (event) => {
    const line = event.target.closest?.("[data-interview]");
    return dragged && line && line !== dragged ? line : null;
  };
  day.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-interview][draggable]") ?? null;
    event.dataTransfer?.setData("text/plain", dragged?.dataset.interview ?? "");
  });
  day.addEventListener("dragover", (event) => {
    for (const line of day.querySelectorAll("[data-over]")) delete line.dataset.over;
    const line = over(event);
    if (!line) return;
    event.preventDefault();
    line.dataset.over = "";
  });
  day.addEventListener("drop", (event) => {
    const line = over(event);
    if (!line) return;
    event.preventDefault();
    const form = swap(dragged);
    form.elements.other.value = line.dataset.interview;
    form.requestSubmit();
  });
  day.addEventListener("dragend", () => {
    dragged = null;
    for (const line of day.querySelectorAll("[data-over]")) delete line.dataset.over;
  });
}
