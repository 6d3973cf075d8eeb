// The debrief. [data-room]: the line that says who else is there, asked for every 15 seconds while the page is seen.
// [data-room-waiting]: who has not voted again. [data-room-news]: shown when there is more to see than before; the page
// is never changed under somebody who reads or writes.

const EACH = 15_000;

export function startRooms() {
  for (const line of document.querySelectorAll("[data-room]")) {
    const look = () => document.hidden || ask(line);
    setInterval(look, EACH);
    document.addEventListener("visibilitychange", look);
  }
}

async function ask(line) {
  const answer = await fetch(line.dataset.room, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const room = await answer.json();
  say(line, room.present.length ? `Also here: ${room.present.join(", ")}.` : "Nobody else is here now.");
  for (const waiting of document.querySelectorAll("[data-room-waiting]")) say(waiting, room.still_to_vote.join(", "));
  if (room.stage === line.dataset.stage) return;
  for (const news of document.querySelectorAll("[data-room-news]")) news.hidden = false;
}

function say(element, text) {
  // Written only where it changed, so that a screen reader says it once.
  if (element.textContent.trim() !== text) element.textContent = text;
}
