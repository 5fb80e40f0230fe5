// The table of flows: by origin, sorted by how many or how soon.

class Flows {
  constructor() {
    this.table = $("flows");
    this.rows = [...this.table.tBodies[0].rows];
    if (!this.rows.length) return;
    this.state = { column: "copies", down: true };
    const origins = [...new Set(this.rows.map((row) => row.dataset.origin))].sort((a, b) => a.localeCompare(b));
    $("origin").append(...origins.map((name) => make("option", { value: name }, name)));
    document.querySelector("[data-flow]").hidden = false;
    document.querySelector("[data-flow]").addEventListener("submit", (event) => event.preventDefault());
    $("origin").addEventListener("change", () => this.#show());
    $("often").addEventListener("change", () => this.#show());
    for (const head of this.table.tHead.querySelectorAll("[data-column]")) {
      const button = make("button", { type: "button", class: "sort" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const { column } = head.dataset;
        const down = column === this.state.column ? !this.state.down : column === "copies";
        this.state = { column, down };
        this.#show();
      });
    }
    this.#show();
  }

  #show() {
    const { column, down } = this.state;
    const value = (row) => (row.dataset[column] === "" ? Infinity : Number(row.dataset[column]));
    const asked = $("origin").value;
    const isShown = (row) => (!asked || row.dataset.origin === asked)
      && (!$("often").checked || Number(row.dataset.copies) >= 3);
    const shown = this.rows.filter(isShown).sort((a, b) => (down ? value(b) - value(a) : value(a) - value(b)) || 0);
    this.table.tBodies[0].replaceChildren(...shown);
    for (const head of this.table.tHead.querySelectorAll("[data-column]")) {
      if (head.dataset.column === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }
}
