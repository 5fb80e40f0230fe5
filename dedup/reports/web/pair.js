// A pair's page: show one sort of change only, step from change to change.

const CHANGED = ".row.edited, .row.moved, .row.added, .row.dropped, .row.arrival";

function openPair(section) {
  const filters = section.querySelector("[data-filters]");
  const shown = section.querySelector("[data-diff]");
  if (!filters || !shown) return;
  filters.hidden = false;
  filters.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const other of filters.querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    const { only } = button.dataset;
    for (const row of shown.children) {
      if (row.matches(".heads")) continue;
      const isMove = only === "moved" && row.matches(".arrival");
      row.hidden = only !== "all" && !row.matches(`.row.${only}`) && !isMove;
    }
    for (const jump of shown.querySelectorAll(".jump")) jump.hidden = only !== "all";
  });
}

/** Move the reader to the next (1) or the previous (-1) change that is shown. */
function stepChange(section, direction) {
  const changes = [...section.querySelectorAll(CHANGED)].filter((row) => !row.hidden);
  if (!changes.length) return;
  const now = changes.findIndex((row) => row.classList.contains("here"));
  const next = now < 0 ? (direction > 0 ? 0 : changes.length - 1) : now + direction;
  const row = changes[Math.min(Math.max(next, 0), changes.length - 1)];
  visit(row);
}

/** Scroll to an element, mark it and give it the keyboard. */
function visit(element) {
  for (const other of document.querySelectorAll(".here")) other.classList.remove("here");
  for (let above = element; above; above = above.parentElement) {
    if (above.localName === "details") above.open = true;
  }
  element.classList.add("here");
  if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
}
