// A tighter threshold: what would change, at once, from the links that hold clusters together.

class Threshold {
  constructor(index) {
    this.index = index;
    if (!index.links) return;
    this.sizes = [];
    for (const home of index.homes) this.sizes[home] = (this.sizes[home] || 0) + 1;
    this.slider = $("threshold");
    this.measure = $("measure");
    document.querySelector("[data-threshold]").hidden = false;
    this.slider.addEventListener("input", () => this.#draw());
    this.measure.addEventListener("change", () => this.#draw());
    this.#draw();
  }

  /** Return, for each cluster, how many links hold and how many clusters are left of it. */
  at(measure, hundredths) {
    const [from, to, share] = this.index.links[measure];
    const { homes } = this.index;
    const parents = Int32Array.from(homes, (_, at) => at);
    const find = (one) => {
      while (parents[one] !== one) {
        parents[one] = parents[parents[one]];
        one = parents[one];
      }
      return one;
    };
    const held = new Int32Array(this.sizes.length);
    const inCluster = new Uint8Array(homes.length);
    for (let at = 0; at < from.length && share[at] >= hundredths * 100; at += 1) {
      parents[find(from[at])] = find(to[at]);
      held[homes[from[at]]] += 1;
      inCluster[from[at]] = 1;
      inCluster[to[at]] = 1;
    }
    const parts = new Int32Array(this.sizes.length);
    for (let at = 0; at < homes.length; at += 1) {
      if (inCluster[at] && find(at) === at) parts[homes[at]] += 1;
    }
    return { held, parts };
  }

  #draw() {
    const measure = this.measure.value;
    const hundredths = Number(this.slider.value);
    const counts = this.index.counts[measure];
    let lost = 0;
    for (let at = 0; at < hundredths; at += 1) lost += counts[at];
    const { held, parts } = this.at(measure, hundredths);
    const before = this.sizes.reduce((sum, size) => sum + size - 1, 0);
    const after = held.reduce((sum, links) => sum + links, 0);
    const clusters = parts.reduce((sum, left) => sum + left, 0);
    for (const veil of document.querySelectorAll("[data-veil]")) {
      veil.setAttribute("width", veil.dataset.veil === measure ? hundredths : 0);
    }
    $("threshold-value").textContent = `${hundredths} %`;
    this.slider.setAttribute("aria-valuetext", `${hundredths} percent ${measure}`);
    const option = measure === "resemblance" ? ` To apply it: --resemblance ${(hundredths / 100).toFixed(2)}.` : "";
    $("threshold-said").textContent = hundredths === 0
      ? "Nothing changes: every pair of the run counts. The threshold only tightens."
      : `${count(lost, "pair")} would no longer count: ${count(before - after, "more article")} kept, ` +
        `${count(after, "copy", "copies")} left in ${count(clusters, "cluster")} (now ${grouped.format(this.sizes.length)}).` +
        option;
    this.#list(held, parts);
  }

  #list(held, parts) {
    const changed = [];
    for (let at = 0; at < this.sizes.length; at += 1) {
      if (held[at] < this.sizes[at] - 1) changed.push(at);
    }
    const said = (at) => (parts[at] === 0 ? "falls apart" : parts[at] === 1
      ? `loses ${grouped.format(this.sizes[at] - 1 - held[at])}` : `splits into ${parts[at]}`);
    const { route, title } = this.index.clusters || { route: [], title: [] };
    this.places = this.places || new Map(route.map((one, at) => [one, at]));
    const items = changed.slice(0, 6).map((at) => {
      const place = this.places.get(this.index.names[at]);
      const name = place === undefined ? this.index.names[at].replace("/cluster/", "cluster ") : title[place];
      return make("li", {}, make("a", { href: `#${this.index.names[at]}` }, make("bdi", { dir: "auto" }, name)),
        ` – ${said(at)} (of ${this.sizes[at]})`);
    });
    const more = changed.length > 6 ? make("p", { class: "soft small" }, `and ${count(changed.length - 6, "more cluster")}`) : null;
    $("threshold-changes").replaceChildren(...[items.length ? make("ul", {}, ...items) : null, more].filter(Boolean));
  }
}
