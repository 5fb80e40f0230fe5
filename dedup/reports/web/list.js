// The list of clusters: sorted, searched, a page at a time.

const ROWS = 50;

/** The list of this page's own clusters. */
class LocalList {
  constructor(index) {
    this.sources = index.sources;
    this.columns = index.clusters;
    this.keys = {
      size: (at) => this.columns.size[at],
      spread: (at) => this.columns.outlets[at].length,
      lag: (at) => (this.columns.lag[at] === null ? -1 : this.columns.lag[at]),
      weakest: (at) => this.columns.weakest[at],
    };
  }

  #words() {
    if (!this.searched) {
      const { title, words, outlets } = this.columns;
      this.searched = title.map((name, at) =>
        [name, words[at], ...outlets[at].map((one) => this.sources[one])].join("\n").toLowerCase());
    }
    return this.searched;
  }

  async rows({ words, source, kind, sort, down, page }) {
    const { route, outlets, kinds } = this.columns;
    const texts = words.length ? this.#words() : null;
    const found = [];
    for (let at = 0; at < route.length; at += 1) {
      if (source !== "" && !outlets[at].includes(Number(source))) continue;
      if (kind !== "" && !kinds[at].includes(Number(kind))) continue;
      if (texts && !words.every((word) => texts[at].includes(word))) continue;
      found.push(at);
    }
    const key = this.keys[sort];
    const turn = down ? -1 : 1;
    const equal = down === (sort !== "weakest") ? 1 : -1; // as the server of `dedup explore` sorts
    found.sort((a, b) => turn * (key(a) - key(b)) || equal * (a - b));
    const names = ["route", "title", "size", "outlets", "lag", "weakest", "kinds"];
    const shown = found.slice(page * ROWS, (page + 1) * ROWS);
    const rows = shown.map((at) => Object.fromEntries(names.map((name) => [name, this.columns[name][at]])));
    return { total: found.length, rows };
  }
}

class ClusterList {
  constructor(index, list) {
    this.index = index;
    this.list = list;
    this.state = { sort: "size", down: true, page: 0 };
    this.asked = 0;
    this.body = $("clusters").tBodies[0];
    this.#fill();
    this.#listen();
  }

  #fill() {
    const names = this.index.sources.map((name, at) => [name, at]).sort((a, b) => a[0].localeCompare(b[0]));
    $("by-source").append(...names.map(([name, at]) => make("option", { value: at }, name)));
    $("by-kind").append(...this.index.kinds.map((kind, at) => make("option", { value: at }, SAID[kind] || kind)));
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

  /** Show the list; what is not named stays as it is. */
  async show(change) {
    Object.assign(this.state, change);
    this.asked += 1;
    const mine = this.asked;
    const { total, rows } = await this.list.rows({
      ...this.state,
      words: $("search").value.toLowerCase().split(/\s+/).filter(Boolean),
      source: $("by-source").value,
      kind: $("by-kind").value,
    });
    if (mine !== this.asked) return; // the reader typed on
    const pages = Math.max(1, Math.ceil(total / ROWS));
    this.body.replaceChildren(...rows.map((row) => this.#row(row)));
    $("found").textContent = `${count(total, "cluster")} found`;
    $("page").textContent = `Page ${grouped.format(this.state.page + 1)} of ${grouped.format(pages)}`;
    $("previous").disabled = this.state.page === 0;
    $("next").disabled = this.state.page >= pages - 1;
    for (const head of $("clusters").tHead.querySelectorAll("[data-sort]")) {
      if (head.dataset.sort === this.state.sort) {
        head.setAttribute("aria-sort", this.state.down ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }
  }

  #row({ route, title, size, outlets, lag, weakest, kinds }) {
    const names = outlets.map((one) => this.index.sources[one]);
    const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
    return make("tr", {},
      make("th", { scope: "row" },
        make("a", { href: `#${route}` }, make("bdi", { dir: "auto" }, title)), make("br"),
        make("span", { class: "soft small" }, make("bdi", {}, names.slice(0, 4).join(", ") + more))),
      make("td", { class: "num" }, grouped.format(size)),
      make("td", { class: "num" }, String(names.length)),
      make("td", { class: "num" }, duration(lag)),
      make("td", { class: "num" }, percent(weakest)),
      make("td", {}, ...kinds.map((one) => chip(this.index.kinds[one]))));
  }
}

const SAID = {
  number: "a number changed", name: "a name changed", quotation: "a quotation changed", edited: "text edited",
  moved: "text moved", added: "text added", dropped: "text dropped", abridged: "abridged copies",
};

const chip = (kind) => make("span", { class: `chip k-${kind}` }, kind);
