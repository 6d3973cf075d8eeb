// Forms with files and zones: a file that is too large is refused before it is sent, and the zone is the browser's own.

for (const input of document.querySelectorAll("input[type='file'][data-most-bytes]")) {
  input.addEventListener("change", () => {
    const most = Number(input.dataset.mostBytes);
    const tooLarge = [...input.files].some((file) => file.size > most);
    const megabytes = Math.floor(most / 1048576);
    input.setCustomValidity(tooLarge ? `This file is larger than ${megabytes} MB. Please choose a smaller one.` : "");
    if (tooLarge) input.reportValidity();
  });
}

for (const select of document.querySelectorAll("select[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Browsers may say an older name of the same zone (Asia/Calcutta), which the list leaves out and the server takes.
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone.replaceAll("_", " "), zone));
  select.value = zone;
}
