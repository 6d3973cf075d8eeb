// The board: cards move by drag and drop, by keys and by their menus without leaving the page; refused moves go back and
// say why; moves can be undone; columns load more cards as they are scrolled.

import { startDragging } from "./dragging.js";
import { elements, fragment, newOnce, post } from "./http.js";
import { isTyping } from "./menus.js";
import { say, toast } from "./toast.js";

export function startBoards() {
  for (const board of document.querySelectorAll("[data-board]")) startBoard(board);
}

function startBoard(board) {
  startDragging(board, (card, column) => move(board, card, column));
  board.addEventListener("submit", (event) => {
    const card = event.target.closest("[data-card]");
    const column = columnOf(board, event.submitter?.value);
    if (!card || !column) return;
    event.preventDefault();
    move(board, card, column);
  });
  board.addEventListener("keydown", (event) => onKey(board, event));
  board.addEventListener("toggle", offerOtherColumns, true);
  for (const more of board.querySelectorAll("[data-next]")) watch(more);
  followColumns(board);
}

const columnsOf = (board) => [...board.querySelectorAll("[data-column]")];
const columnOf = (board, id) => columnsOf(board).find((column) => column.dataset.column === String(id));
const cardsOf = (column) => column.querySelector("[data-cards]");
const nameOf = (column) => column.querySelector("h2").textContent.trim();
const personOf = (card) => card.querySelector(".bcard__name").textContent.trim();

/** A menu that opens offers every column but the one where its card is. */
function offerOtherColumns({ target }) {
  const here = target.closest("[data-column]")?.dataset.column;
  for (const button of target.querySelectorAll("button[name='stage']")) button.hidden = button.value === here;
}

/** Move at once, ask the server, and take it back with the reason if it says no. */
async function move(board, card, column) {
  const from = card.closest("[data-column]");
  const form = card.querySelector("[data-move] form");
  if (!form || column === from || card.dataset.busy) return;
  const place = { parent: card.parentElement, before: card.nextSibling };
  const data = new FormData(form);
  data.set("stage", column.dataset.column);
  put(card, column, from);
  try {
    settle(card, await post(form.action, data), { from, column });
  } catch (trouble) {
    putBack(card, place, from, column);
    toast(`${personOf(card)} stays in ${nameOf(from)}. ${trouble.message}`, { tone: "bad" });
  }
}

function put(card, column, from) {
  card.dataset.busy = "yes";
  card.classList.add("bcard--busy");
  card.querySelector("[data-move]").open = false;
  const hadFocus = card.contains(document.activeElement);
  cardsOf(column).prepend(card);
  if (hadFocus) card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  count(from, -1);
  count(column, 1);
}

function putBack(card, place, from, column) {
  release(card);
  place.parent.insertBefore(card, place.before?.parentNode === place.parent ? place.before : null);
  card.focus();
  count(from, 1);
  count(column, -1);
}

function release(card) {
  delete card.dataset.busy;
  card.classList.remove("bcard--busy");
}

/** The server agreed: take over what it says, and offer to undo. */
function settle(card, answer, { from, column }) {
  const fresh = refresh(card, answer);
  recount(answer.counts);
  const message = answer.message || `${personOf(fresh)} is in ${nameOf(column)} now.`;
  const action = answer.undo_url ? { label: "Undo", run: () => undo(fresh, answer.undo_url, { from, column }) } : null;
  toast(message, { action });
}

async function undo(card, url, { from, column }) {
  const data = new FormData(card.querySelector("[data-move] form"));
  put(card, from, column);
  try {
    const answer = await post(url, data);
    const fresh = refresh(card, answer);
    recount(answer.counts);
    toast(answer.message || `${personOf(fresh)} is back in ${nameOf(from)}.`);
  } catch (trouble) {
    putBack(card, { parent: cardsOf(column), before: cardsOf(column).firstChild }, column, from);
    toast(`This could not be undone. ${trouble.message}`, { tone: "bad" });
  }
}

/** Replace the card by the server's, or bring its version up to date; return the one that stands. */
function refresh(card, answer) {
  release(card);
  const fresh = answer.card_html ? elements(answer.card_html).querySelector("[data-card]") : null;
  if (fresh) {
    const hadFocus = card.contains(document.activeElement);
    card.replaceWith(fresh);
    if (hadFocus) fresh.focus();
    fresh.setAttribute("draggable", "true");
  }
  const standing = fresh ?? card;
  const form = standing.querySelector("[data-move] form");
  if (form) {
    form.elements.once.value = newOnce();
    if (answer.version !== undefined) form.elements.version.value = answer.version;
  }
  standing.classList.add("bcard--landed");
  setTimeout(() => standing.classList.remove("bcard--landed"), 1500);
  return standing;
}

function count(column, change) {
  const [shown] = countsOf(column.dataset.column);
  const number = Number(shown?.textContent.replaceAll(",", ""));
  if (Number.isInteger(number)) showCount(column.dataset.column, Math.max(0, number + change));
}

function recount(counts) {
  for (const [id, number] of Object.entries(counts ?? {})) showCount(id, number);
}

const countsOf = (id) => document.querySelectorAll(`[data-count="${CSS.escape(id)}"]`);

/** A column's count stands in its head and in the picker. */
function showCount(id, number) {
  for (const shown of countsOf(id)) shown.textContent = number.toLocaleString("en");
}

/** On a card: m opens its menu, Alt and an arrow moves it, arrows walk, Enter opens the application. */
function onKey(board, event) {
  const card = event.target.closest("[data-card]");
  if (!card || isTyping(event.target)) return;
  if (event.key === "Escape") closeMenu(card);
  else if (event.target !== card) return;
  else if (event.key === "m") openMenu(event, card);
  else if (event.altKey && event.key.startsWith("Arrow")) moveByArrow(board, event, card);
  else if (event.key.startsWith("Arrow")) walk(board, event, card);
  else if (event.key === "Enter") card.querySelector(".bcard__name a").click();
}

function openMenu(event, card) {
  const menu = card.querySelector("[data-move]");
  if (!menu) return;
  event.preventDefault();
  menu.open = true;
  offerOtherColumns({ target: menu });
  menu.querySelector("button:not([hidden])").focus();
}

function closeMenu(card) {
  const menu = card.querySelector("[data-move][open]");
  if (!menu) return;
  menu.open = false;
  card.focus();
}

function moveByArrow(board, event, card) {
  const step = stepOf(event, board);
  if (!step) return;
  event.preventDefault();
  const columns = columnsOf(board).filter((column) => !("closed" in column.dataset));
  const target = columns[columns.indexOf(card.closest("[data-column]")) + step];
  if (target) move(board, card, target);
  else say("There is no column on that side.");
}

function stepOf(event, board) {
  const forward = getComputedStyle(board).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return 0;
  return event.key === forward ? 1 : -1;
}

function walk(board, event, card) {
  const column = card.closest("[data-column]");
  const cards = [...column.querySelectorAll("[data-card]")];
  const at = cards.indexOf(card);
  let target = null;
  if (event.key === "ArrowDown") target = cards[at + 1];
  else if (event.key === "ArrowUp") target = cards[at - 1];
  else target = beside(board, column, stepOf(event, board), at);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** The card at the same height in the nearest column on that side that has any. */
function beside(board, column, step, at) {
  const columns = columnsOf(board);
  for (let i = columns.indexOf(column) + step; columns[i]; i += step) {
    const cards = columns[i].querySelectorAll("[data-card]");
    if (cards.length) return cards[Math.min(at, cards.length - 1)];
  }
  return null;
}

/** Load the next cards when their place comes near the eye; the link stays for who presses it. */
function watch(more) {
  const load = () => loadMore(more, observer);
  const root = more.closest("[data-cards]");
  const isScrolled = getComputedStyle(root).overflowY !== "visible";
  const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && load(), {
    root: isScrolled ? root : null,
    rootMargin: "300px",
  });
  observer.observe(more);
  more.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    load();
  });
}

async function loadMore(more, observer) {
  if (more.dataset.busy) return;
  more.dataset.busy = "yes";
  observer.disconnect();
  try {
    const next = await fragment(more.dataset.next);
    const hadFocus = more.contains(document.activeElement);
    const fresh = dropKnown(next);
    const further = next.querySelector("[data-next]");
    // Only these: a server that was not told by the browser that a script asks answers with a whole page.
    more.replaceWith(...fresh, ...(further ? [further] : []));
    if (hadFocus) fresh[0]?.focus();
    if (further) watch(further);
  } catch {
    delete more.dataset.busy;
    more.querySelector("a").textContent = "More could not be loaded. Try again";
  }
}

/** A card that was moved meanwhile may come again: it stays where it is. Returns the new ones. */
function dropKnown(next) {
  const fresh = [];
  for (const card of next.querySelectorAll("[data-card]")) {
    if (document.querySelector(`[data-card="${CSS.escape(card.dataset.card)}"]`)) card.remove();
    else {
      card.setAttribute("draggable", "true");
      fresh.push(card);
    }
  }
  return fresh;
}

/** On a phone the picker shows which column is in view. */
function followColumns(board) {
  const links = [...document.querySelectorAll("[data-picker] a")];
  if (!links.length) return;
  const linkOf = (column) => links.find((link) => link.hash === `#${column.id}`);
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) linkOf(target)?.setAttribute("aria-current", "true");
      else linkOf(target)?.removeAttribute("aria-current");
    }
  }, { root: board, threshold: 0.6 });
  for (const column of columnsOf(board)) observer.observe(column);
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(link.hash)?.scrollIntoView({ block: "nearest", inline: "start" });
    });
  }
}
