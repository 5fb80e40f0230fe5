// The list of clusters: sorted, searched, a page at a time.

const ROWS = 50;

class ClusterList {
  constructor(index) {
    this.index = index;
    this.columns = index.clusters;
    this.total = this.columns.route.length;
    this.keys = {
      size: (at) => this.columns.size[at],
      spread: (at) => this.columns.outlets[at].length,
      lag: (at) => (this.columns.lag[at] === null ? -1 : this.columns.lag[at]),
      weakest: (at) => this.columns.weakest[at],
    };
    this.state = { sort: "size", down: true, page: 0 };
    this.body = $("clusters").tBodies[0];
    this.#fill();
    this.#listen();
  }

  #fill() {
    const names = this.index.sources.map((name, at) => [name, at]).sort((a, b) => a[0].localeCompare(b[0]));
    $("by-source").append(...names.map(([name, at]) => make("option", { value: at }, name)));
    $("by-kind").append(...this.index.kinds.map((kind, at) => make("option", { value: at }, `${SAID[kind] || kind}`)));
    for (const head of $("clusters").tHead.querySelectorAll("[data-sort]")) {
      head.replaceChildren(make("button", { type: "button", class: "sort" }, head.textContent));
    }
    document.querySelector("[data-search]").hidden = false;
    document.querySelector("[data-pager]").hidden = false;
  }

  #listen() {
    const again = () => this.show({ page: 0 });
    $("search").addEventListener("input", soon(again, 120));
    $("by-source").addEventListener("change", again);
    $("by-kind").addEventListener("change", again);
    document.querySelector("[data-search]").addEventListener("submit", (event) => event.preventDefault());
    $("previous").addEventListener("click", () => this.show({ page: this.state.page - 1 }));
    $("next").addEventListener("click", () => this.show({ page: this.state.page + 1 }));
    for (const head of $("clusters").tHead.querySelectorAll("[data-sort]")) {
      head.firstChild.addEventListener("click", () => {
        const sort = head.dataset.sort;
        // The weakest first, the largest first: what a reader looks for.
        const down = sort === this.state.sort ? !this.state.down : sort !== "weakest";
        this.show({ sort, down, page: 0 });
      });
    }
  }

  #words() {
    if (!this.searched) {
      const { title, words, outlets } = this.columns;
      this.searched = title.map((name, at) =>
        [name, words[at], ...outlets[at].map((one) => this.index.sources[one])].join("\n").toLowerCase());
    }
    return this.searched;
  }

  #found() {
    const asked = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const source = $("by-source").value === "" ? null : Number($("by-source").value);
    const kind = $("by-kind").value === "" ? null : Number($("by-kind").value);
    const words = asked.length ? this.#words() : null;
    const found = [];
    for (let at = 0; at < this.total; at += 1) {
      if (source !== null && !this.columns.outlets[at].includes(source)) continue;
      if (kind !== null && !this.columns.kinds[at].includes(kind)) continue;
      if (words && !asked.every((word) => words[at].includes(word))) continue;
      found.push(at);
    }
    const key = this.keys[this.state.sort];
    const turn = this.state.down ? -1 : 1;
    return found.sort((a, b) => turn * (key(a) - key(b)) || a - b);
  }

  /** Show the list; what is not named stays as it is. */
  show(change) {
    Object.assign(this.state, change);
    const found = this.#found();
    const pages = Math.max(1, Math.ceil(found.length / ROWS));
    const page = Math.min(Math.max(this.state.page, 0), pages - 1);
    this.state.page = page;
    this.body.replaceChildren(...found.slice(page * ROWS, (page + 1) * ROWS).map((at) => this.#row(at)));
    $("found").textContent = `${count(found.length, "cluster")} found`;
    $("page").textContent = `Page ${grouped.format(page + 1)} of ${grouped.format(pages)}`;
    $("previous").disabled = page === 0;
    $("next").disabled = page === pages - 1;
    for (const head of $("clusters").tHead.querySelectorAll("[data-sort]")) {
      if (head.dataset.sort === this.state.sort) {
        head.setAttribute("aria-sort", this.state.down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }
  }

  #row(at) {
    const { route, title, size, outlets, lag, weakest, kinds } = this.columns;
    const names = outlets[at].map((one) => this.index.sources[one]);
    const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
    return make("tr", {},
      make("th", { scope: "row" },
        make("a", { href: `#${route[at]}` }, make("bdi", { dir: "auto" }, title[at])), make("br"),
        make("span", { class: "soft small" }, make("bdi", {}, names.slice(0, 4).join(", ") + more))),
      make("td", { class: "num" }, grouped.format(size[at])),
      make("td", { class: "num" }, String(names.length)),
      make("td", { class: "num" }, duration(lag[at])),
      make("td", { class: "num" }, percent(weakest[at])),
      make("td", {}, ...kinds[at].map((one) => chip(this.index.kinds[one]))));
  }
}

const SAID = {
  number: "a number changed", name: "a name changed", quotation: "a quotation changed", edited: "text edited",
  moved: "text moved", added: "text added", dropped: "text dropped", abridged: "abridged copies",
};

const chip = (kind) => make("span", { class: `chip k-${kind}` }, kind);
