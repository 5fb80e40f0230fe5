// Views and permalinks: the part of the address after # says what is shown.

const VIEWS = ["/", "/clusters", "/flow", "/review", "/run"];
const JUMPS = { o: "/", c: "/clusters", f: "/flow", r: "/review" };

class Report {
  constructor(store, index, list) {
    this.store = store;
    this.list = new ClusterList(index, list);
    this.threshold = new Threshold(index);
    this.flows = new Flows();
    this.review = new Review(index, store);
    const { route, pairs } = index.clusters || { route: [], pairs: [] };
    this.hints = new Map(route.map((one, at) => [one, pairs[at]]));
    this.hint = null;
    this.isListed = false;
    this.isFirst = true;
    addEventListener("hashchange", () => this.show());
    document.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  async show() {
    const asked = location.hash.slice(1) || "/";
    const route = asked.startsWith("/") ? asked : "/";
    const isView = VIEWS.includes(route);
    for (const view of VIEWS) document.getElementById(view).hidden = view !== route;
    $("detail").hidden = isView;
    for (const link of document.querySelectorAll(".masthead nav a")) {
      const isHere = link.hash === `#${route}` || (!isView && link.hash === "#/clusters");
      if (isHere) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (route === "/clusters" && !this.isListed) {
      this.isListed = true;
      await this.list.show({});
    }
    if (route === "/review") await this.review.open();
    if (!isView) await this.#open(route);
    if (!this.isFirst) this.#arrive(isView ? document.getElementById(route) : $("detail"));
    this.isFirst = false;
  }

  async #open(route) {
    if (this.hints.get(route)) this.hint = this.hints.get(route);
    const markup = await this.store.fragment(route, this.hint);
    if (location.hash.slice(1) !== route) return;
    if (markup === null) {
      $("detail").replaceChildren(make("h2", { tabindex: "-1" }, "Not in this file"),
        make("p", {}, "This cluster or pair was left out to keep the file small (--report-size); dedup explore opens it."),
        make("p", {}, make("a", { href: "#/clusters" }, "All clusters of this file")));
      return;
    }
    $("detail").replaceChildren(adopt(markup));
    openPair($("detail"));
  }

  #arrive(section) {
    scrollTo(0, 0);
    const heading = section.querySelector("h1, h2");
    if (heading) heading.focus({ preventScroll: true });
  }

  /** A link inside a diff leads to a place on this page; the address stays the pair's. */
  #click(event) {
    const link = event.target.closest('a[href^="#"]');
    if (!link || link.hash.startsWith("#/")) return;
    const target = $(link.hash.slice(1));
    event.preventDefault();
    if (target) visit(target);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(input|select|textarea)$/.test(event.target.localName)) return;
    const wasJump = this.isJump;
    this.isJump = event.key === "g";
    if (wasJump && JUMPS[event.key]) location.hash = JUMPS[event.key];
    else if (event.key === "/") {
      event.preventDefault();
      location.hash = "/clusters";
      setTimeout(() => $("search").focus(), 50);
    } else if (event.key === "j" || event.key === "k") {
      const shown = $("detail").hidden ? $("review-pair") : $("detail");
      stepChange(shown, event.key === "j" ? 1 : -1);
    } else if (!document.getElementById("/review").hidden) this.review.press(event.key);
  }
}

async function start() {
  const store = $("index") ? new Blocks() : new Server();
  const index = await store.index();
  $("static").remove();
  document.documentElement.classList.add("live");
  const report = new Report(store, index, index.clusters ? new LocalList(index) : store);
  await report.show();
  document.documentElement.dataset.ready = "yes";
}

start();
