// What stands in a form, as pairs of a name and a value: taken out, compared, and put back.

const OWN = new Set(["csrf_token", "once", "version", "goes_on"]);

/** What stands in a form by now, without the hidden fields that belong to the page alone, and without files. */
export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
}

/** What stood there when the page came. */
export function fieldsAsShown(form) {
  const isThere = (input) => input.name && !OWN.has(input.name) && !input.disabled && input.matches("input, textarea, select");
  return [...form.elements].filter((input) => isThere(input) && !["file", "submit", "button"].includes(input.type)).flatMap(shown);
}

function shown(input) {
  if (input.matches("select")) return [...input.options].filter((each) => each.defaultSelected).map((each) => [input.name, each.value]);
  if (["checkbox", "radio"].includes(input.type)) return input.defaultChecked ? [[input.name, input.value]] : [];
  return [[input.name, input.defaultValue]];
}

/** What a server needs to tell what was changed here from what was changed elsewhere: was-NAME for all that differs. */
export function changesOf(seen, fields) {
  const before = byName(seen);
  const now = byName(fields);
  const differs = (name) => plain(before.get(name) ?? [""]) !== plain(now.get(name) ?? [""]);
  const names = [...new Set([...before.keys(), ...now.keys()])].filter(differs);
  return [["was", "1"], ...names.flatMap((name) => (before.get(name) ?? [""]).map((value) => [`was-${name}`, value]))];
}

/** Whether two are the same but for the ends of their texts, and for how a line is broken. */
export function isSame(fields, others) {
  const filled = (pairs) => plain(pairs.filter(([, value]) => value.trim()).map((pair) => pair.join("=")).sort());
  return filled(fields) === filled(others);
}

/** Whether a field is no longer what the page came with. */
export function isTouched(input) {
  if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
  return "defaultValue" in input && input.value !== input.defaultValue;
}

/** Fill a form, but for what goes by these names. */
export function fill(form, fields, except = new Set()) {
  const values = byName(fields);
  for (const input of form.elements) {
    if (!input.name || OWN.has(input.name) || input.type === "file" || except.has(input.name)) continue;
    const kept = values.get(input.name) ?? [];
    if (input.type === "checkbox" || input.type === "radio") input.checked = kept.includes(input.value);
    else if (input.matches("input, textarea, select") && kept.length) input.value = kept.shift();
  }
}

function byName(fields) {
  const found = new Map();
  for (const [name, value] of fields) found.set(name, [...(found.get(name) ?? []), value]);
  return found;
}

function plain(values) {
  return JSON.stringify(values.map((value) => value.replaceAll("\r\n", "\n").trim()));
}
