// The choice of colours: as the system, light or dark; kept on this device.

const KEY = "tracker:theme";

export function startThemes() {
  const buttons = document.querySelectorAll("[data-theme-choice]");
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.themeChoice, buttons));
  show(document.documentElement.dataset.theme ?? "", buttons);
}

function choose(theme, buttons) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // Then it holds for this page.
  }
  show(theme, buttons);
}

function show(theme, buttons) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
}
