// Where clusters and pairs come from: blocks of this page, or the server of `dedup explore`.

async function inflated(base64) {
  const raw = atob(base64);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** The server of `dedup explore`; everything is asked for when it is looked at. */
class Server {
  async #json(path) {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  async index() {
    return this.#json("/api/index");
  }

  async rows({ words, source, kind, sort, down, page }) {
    const asked = new URLSearchParams({ words: words.join(" "), source, kind, sort, down: down ? 1 : 0, page });
    return this.#json(`/api/clusters?${asked}`);
  }

  async fragment(route) {
    return (await this.#json(`/api/fragment?${new URLSearchParams({ route })}`)).markup;
  }
}

/** The blocks of this page; each is unpacked when first asked for. */
class Blocks {
  constructor() {
    this.opened = new Map();
  }

  async block(name) {
    if (!this.opened.has(name)) this.opened.set(name, inflated($(name).textContent));
    return this.opened.get(name);
  }

  async index() {
    const index = await this.block("index");
    const { clusters } = index;
    this.rooms = new Map(clusters.route.map((route, at) => [route, clusters.room[at]]));
    this.pairs = new Set(clusters.pairs.filter((name) => name));
    this.review = new Map(index.review.map((pair) => [pair.route, pair.block]));
    return index;
  }

  /** Return the markup of a cluster or a pair, or null if the page does not have it. */
  async fragment(route, hint) {
    const name = this.rooms.get(route) || this.review.get(route) || hint;
    if (name) {
      const found = (await this.block(name))[route];
      if (found) return found;
    }
    // A permalink to a pair says no cluster: look through the blocks, one by one.
    for (const other of this.pairs) {
      const found = (await this.block(other))[route];
      if (found) return found;
    }
    return null;
  }
}
