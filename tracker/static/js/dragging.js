// Native drag and drop of cards between columns. On touch screens the menu of the card does the same.

/** Let the cards of a board be dragged; `onDrop(card, column)` is called when one is let go over a column. */
export function startDragging(board, onDrop) {
  let dragged = null;
  const mark = (column) => {
    for (const other of board.querySelectorAll(".board__column--over")) other.classList.remove("board__column--over");
    column?.classList.add("board__column--over");
  };
  for (const card of board.querySelectorAll("[data-card]:has([data-move])")) card.setAttribute("draggable", "true");
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-card]") ?? null;
    if (!dragged || dragged.dataset.busy || !dragged.querySelector("[data-move]")) return event.preventDefault();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector(".bcard__name").textContent.trim());
    // Later: the picture under the pointer is taken from how the card looks now.
    requestAnimationFrame(() => dragged?.classList.add("bcard--dragged"));
  });
  board.addEventListener("dragover", (event) => {
    const column = openColumn(event, dragged);
    mark(column);
    if (column) event.preventDefault();
    scrollAtEdges(board, event.clientX);
  });
  board.addEventListener("drop", (event) => {
    const column = openColumn(event, dragged);
    if (!column) return;
    event.preventDefault();
    onDrop(dragged, column);
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("bcard--dragged");
    dragged = null;
    mark(null);
  });
}

/** The column under the pointer, if the card may be let go there. */
function openColumn(event, dragged) {
  const column = event.target.closest("[data-column]");
  if (!dragged || !column || "closed" in column.dataset || column.contains(dragged)) return null;
  return column;
}

const EDGE = 60;
const STEP = 14;

function scrollAtEdges(board, x) {
  const box = board.getBoundingClientRect();
  if (x < box.left + EDGE) board.scrollLeft -= STEP;
  else if (x > box.right - EDGE) board.scrollLeft += STEP;
}
