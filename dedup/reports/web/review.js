// The queue of borderline pairs: one key a label, kept in this browser, saved as a CSV.

/** Wilson's interval for a share, 95 %. (E. B. Wilson, 1927.) */
function wilson(right, all) {
  const z = 1.959964;
  const share = right / all;
  const middle = share + (z * z) / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * all)) / all);
  const scale = 1 + (z * z) / all;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

class Review {
  constructor(index, store) {
    this.queue = index.review;
    this.labels = index.labels;
    this.store = store;
    this.key = `dedup-labels-${index.run}`;
    this.given = this.#read();
    this.at = 0;
    if (!this.queue.length) return;
    document.querySelector("[data-review]").hidden = false;
    $("labels").append(
      ...this.labels.map(([name, key, , meaning]) => make("button",
        { type: "button", "data-label": name, title: meaning, "aria-keyshortcuts": key },
        make("kbd", {}, key), ` ${name.replace("_", " ")}`)),
      make("button", { type: "button", "data-step": "-1", "aria-keyshortcuts": "ArrowLeft" }, make("kbd", {}, "←"), " back"),
      make("button", { type: "button", "data-step": "1", "aria-keyshortcuts": "ArrowRight" }, make("kbd", {}, "→"), " skip"));
    $("labels").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && button.dataset.label) this.label(button.dataset.label);
      else if (button) this.step(Number(button.dataset.step));
    });
    $("review-export").addEventListener("click", () => this.#save());
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) || {};
    } catch {
      return {}; // a browser that keeps nothing for pages from files
    }
  }

  #keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.given));
    } catch {
      $("review-place").textContent += " (this browser keeps no labels: save them before you leave)";
    }
  }

  async open() {
    if (!this.queue.length) return;
    const first = this.queue.findIndex((pair) => !(pair.route in this.given));
    this.at = first < 0 ? 0 : first;
    await this.#show();
  }

  async step(direction) {
    this.at = Math.min(Math.max(this.at + direction, 0), this.queue.length - 1);
    await this.#show();
  }

  async label(name) {
    this.given[this.queue[this.at].route] = name;
    this.#keep();
    await this.step(1);
  }

  /** Take a key; say whether it meant anything. */
  press(key) {
    const found = this.labels.find((label) => label[1] === key);
    if (found) this.label(found[0]);
    else if (key === "ArrowLeft" || key === "ArrowRight") this.step(key === "ArrowLeft" ? -1 : 1);
    else return false;
    return true;
  }

  async #show() {
    const pair = this.queue[this.at];
    const markup = await this.store.fragment(pair.route, pair.block);
    if (this.queue[this.at] !== pair) return; // the reader was faster
    $("review-pair").replaceChildren(adopt(markup));
    openPair($("review-pair"));
    const done = this.queue.filter((one) => one.route in this.given).length;
    $("review-progress").max = this.queue.length;
    $("review-progress").value = done;
    const said = pair.duplicate ? `the run says ${pair.relation}` : `the run says ${pair.relation}, no duplicate`;
    $("review-place").textContent =
      `Pair ${this.at + 1} of ${this.queue.length}, ${said}, coverage ${percent(pair.strength)}. ${done} labelled.`;
    for (const button of $("labels").querySelectorAll("[data-label]")) {
      button.setAttribute("aria-pressed", String(this.given[pair.route] === button.dataset.label));
    }
    this.#precision();
  }

  /** Say how many of the labelled duplicates are right. */
  figures() {
    const meaning = new Map(this.labels.map(([name, , isDuplicate]) => [name, isDuplicate]));
    const judged = this.queue.filter((pair) => pair.duplicate && meaning.get(this.given[pair.route]) !== undefined
      && meaning.get(this.given[pair.route]) !== null);
    const right = judged.filter((pair) => meaning.get(this.given[pair.route])).length;
    return { right, all: judged.length, interval: judged.length ? wilson(right, judged.length) : null };
  }

  #precision() {
    const { right, all, interval } = this.figures();
    $("review-precision").textContent = all === 0
      ? "Precision of the weakest pairs: no label yet."
      : `Precision of the weakest pairs: ${percent(right / all)} (${right} of ${all}), 95 % interval ` +
        `${percent(interval[0])} to ${percent(interval[1])}. These are the run's hardest pairs: expect more over all.`;
  }

  csv() {
    const rows = this.queue.filter((pair) => pair.route in this.given)
      .map((pair) => [pair.a, pair.b, this.given[pair.route]].map(quoted).join(","));
    return ["id_a,id_b,label", ...rows].join("\n") + "\n";
  }

  #save() {
    const url = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv" }));
    const link = make("a", { href: url, download: "labels.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }
}
