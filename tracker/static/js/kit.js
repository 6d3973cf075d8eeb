// The interview kit. [data-hour]: the parts of the interview's time; the present one is marked, with the minutes that
// are left of it. [data-print]: puts the page on paper.

const EACH = 10_000;

export function startKits() {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  for (const list of document.querySelectorAll("[data-hour]")) {
    const show = () => mark(list, Date.now());
    show();
    setInterval(show, EACH);
    document.addEventListener("visibilitychange", show);
  }
}

function mark(list, now) {
  for (const part of list.children) {
    const isNow = now >= Date.parse(part.dataset.from) && now < Date.parse(part.dataset.to);
    const left = Math.ceil((Date.parse(part.dataset.to) - now) / 60_000);
    if (isNow) part.setAttribute("aria-current", "time");
    else part.removeAttribute("aria-current");
    part.querySelector(".hour__left").textContent = isNow ? `${left} min left` : "";
  }
}
