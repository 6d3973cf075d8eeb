// Repeatable rows ([data-rows=prefix] holding [data-row]): add one, remove one. Names and ids follow WTForms:
// prefix-0-field, prefix-1-field, ... A <template> in the holder (with __index__) is copied; else the last row, emptied.

export function startRows() {
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-rows-add]");
    const drop = event.target.closest("[data-row-remove]");
    if (add) addRow(add.closest("[data-rows]"));
    if (drop) dropRow(drop.closest("[data-row]"));
  });
  // The blank row for browsers without the script: what is added beside it would be as hidden as that is.
  for (const spare of document.querySelectorAll(".no-js-only:has(> [data-row])")) spare.remove();
  for (const holder of document.querySelectorAll("[data-rows]")) showLimits(holder);
}

/** Add the rows that these fields belong to, where the form does not show them. */
export function addRowsFor(form, fields) {
  for (const holder of form.querySelectorAll("[data-rows]")) {
    const pattern = new RegExp(`^${CSS.escape(holder.dataset.rows)}-(\\d+)-`);
    const numbers = new Set(fields.map(([name]) => pattern.exec(name)?.[1]).filter(Boolean).map(Number));
    for (const index of [...numbers].sort((a, b) => a - b)) {
      if (!form.querySelector(`[name^="${holder.dataset.rows}-${index}-"]`)) putRow(holder, index);
    }
    showLimits(holder);
  }
}

function putRow(holder, index) {
  const rows = rowsOf(holder);
  const row = freshRow(holder, rows, index);
  if (rows.length) rows[rows.length - 1].after(row);
  else holder.prepend(row);
  return row;
}

function rowsOf(holder) {
  return [...holder.querySelectorAll("[data-row]")].filter((row) => row.closest("[data-rows]") === holder);
}

function addRow(holder) {
  const row = putRow(holder, nextIndex(holder, rowsOf(holder)));
  row.querySelector("input:not([type='hidden']), textarea, select")?.focus();
  changed(holder);
}

function dropRow(row) {
  const holder = row.closest("[data-rows]");
  const rows = rowsOf(holder);
  // The last one stays, emptied: it is what the next one is copied from.
  if (rows.length === 1) empty(row);
  else {
    const neighbour = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    row.remove();
    neighbour.querySelector("input:not([type='hidden']), textarea, select")?.focus();
  }
  changed(holder);
}

function freshRow(holder, rows, index) {
  const template = holder.querySelector(":scope > template");
  const row = template ? template.content.firstElementChild.cloneNode(true) : rows[rows.length - 1].cloneNode(true);
  renumber(row, holder.dataset.rows, index);
  if (!template) empty(row);
  return row;
}

/** One above the highest in use, so that a removed row's number is not taken twice on one page. */
function nextIndex(holder, rows) {
  const pattern = new RegExp(`^${CSS.escape(holder.dataset.rows)}-(\\d+)`);
  const used = rows.flatMap((row) => [...row.querySelectorAll("[name]")]).map((input) => pattern.exec(input.name)?.[1]);
  return Math.max(-1, ...used.filter((index) => index !== undefined).map(Number)) + 1;
}

function renumber(row, prefix, index) {
  const old = new RegExp(`(^|\\s)${CSS.escape(prefix)}-(\\d+|__index__)(?=-|$|\\s)`, "g");
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(old, `$1${prefix}-${index}`));
    }
  }
}

function empty(row) {
  for (const error of row.querySelectorAll(".field__error")) error.remove();
  for (const input of row.querySelectorAll("input, textarea, select")) {
    input.removeAttribute("aria-invalid");
    if (input.type === "checkbox" || input.type === "radio") input.checked = false;
    else if (input.matches("select")) input.selectedIndex = 0;
    else input.value = "";
  }
}

function changed(holder) {
  showLimits(holder);
  holder.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
}

function showLimits(holder) {
  const add = holder.querySelector("[data-rows-add]");
  if (add) add.disabled = rowsOf(holder).length >= Number(holder.dataset.most ?? 50);
}
