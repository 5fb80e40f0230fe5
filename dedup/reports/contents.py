"""What fits into the page: clusters, pairs with their diffs, the review's queue."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from markupsafe import Markup

from dedup.article import Article
from dedup.reports.listing import (
    NO_PREVIEW,
    columns_of,
    index_of,
    listing,
    no_preview,
    what_if,
)
from dedup.reports.pack import FRAGMENTS_A_BLOCK, Packer, packed
from dedup.reports.pages import Change, cluster_fragment
from dedup.reports.pair_maker import PairMaker, kept_first
from dedup.reports.review import review_queue
from dedup.reports.survey import ClusterView, Copy, Survey
from dedup.reports.words import cluster_route, pair_route, plural

__all__ = ["Contents", "collect", "note"]

#: Shares of the page that the list of clusters, their pages, the review's queue and
#: what is readable without a script may take.
_INDEX_SHARE, _CLUSTERS_SHARE, _REVIEW_SHARE, _STATIC_SHARE = 0.35, 0.5, 0.15, 0.125
#: A cluster's row in the list takes more than this, compressed.
_LEAST_ROW_BYTES = 40
#: The list of clusters is at most this part shorter than it could be.
_NEAR_ENOUGH = 64
_MOST_STATIC_BYTES, _QUEUE_BYTES = 1_000_000, 16_000
#: Bars make the pages of clusters a little larger than those measured without.
_SPARE = 1.2
_MOST_REVIEWED, _MOST_DIFFS, _MOST_STATIC = 60, 24, 30
_NO_ROOM = (
    "There is no preview of a tighter threshold: in a file of this size it would take the place of "
    "clusters. Give more by --report-size, or run again with --resemblance."
)

Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Contents:
    """What the page holds, as it fills."""

    survey: Survey
    packer: Packer = field(default_factory=Packer)
    known: dict[tuple[str, str], Change] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    fragments: dict[str, Markup] = field(default_factory=dict)
    static_rows: list[dict[str, object]] = field(default_factory=list)
    static_fragments: list[Markup] = field(default_factory=list)
    no_preview: str = ""
    clusters_note: str = ""
    review_note: str = ""
    embedded_note: str = ""


def collect(
    survey: Survey,
    texts: Callable[[str], Article],
    size_bytes: int,
    progress: Progress | None = None,
) -> Contents:
    """Fill a page up to a size: clusters first, then diffs of the largest and the weakest.

    The preview of a threshold is there if all clusters are listed.

    Parameters
    ----------
    size_bytes : int
        What the page may take besides its shell.
    """
    held = Contents(survey)
    ordered, index_bytes = _listable(survey, size_bytes)
    is_whole = len(ordered) == len(survey.clusters)
    room = int(size_bytes * _INDEX_SHARE) - index_bytes if is_whole else 0
    tightened, preview_bytes = _preview(held, room)
    index_bytes += preview_bytes
    clusters_bytes = min(_estimate(ordered, held), int(size_bytes * _CLUSTERS_SHARE))
    room = size_bytes - index_bytes - clusters_bytes
    static_bytes = max(min(int(room * _STATIC_SHARE), _MOST_STATIC_BYTES), 0)
    room -= static_bytes
    maker = PairMaker(survey, texts, held.known, progress)
    queue = _review(held, maker, int(room * _REVIEW_SHARE))
    blocks = _diffs(held, maker, ordered, room)
    most_bytes = size_bytes - index_bytes - static_bytes
    listed = _clusters(held, ordered, most_bytes, blocks, queue, tightened)
    _static(held, maker, listed, static_bytes)
    note(held, listed)
    return held


def _listable(survey: Survey, size_bytes: int) -> tuple[list[ClusterView], int]:
    """Return the clusters whose list fits into its share of the page, and its size."""
    most = max(int(size_bytes * _INDEX_SHARE), 0)
    ordered = list(islice(_by_need(survey.clusters), most // _LEAST_ROW_BYTES))
    rooms = {view.cluster.id: "clusters-0" for view in ordered}
    columns = columns_of(survey, ordered, {}, rooms, {})
    others = len(packed(index_of(survey, (), NO_PREVIEW)))

    def size_of(count: int) -> int:
        first = {name: column[:count] for name, column in columns.items()}
        size = others + len(packed(first))
        # What changed, and where the diffs are, comes on top.
        return size + size // 8 + _QUEUE_BYTES

    count, size = _most_that_fit(size_of, len(ordered), most)
    return ordered[:count], size


def _most_that_fit(size_of: Callable[[int], int], count: int, most_bytes: int) -> tuple[int, int]:
    """Return how many of so many rows fit, to one in ``_NEAR_ENOUGH``, and their size.

    By regula falsi, with the weight of an end halved that stays (the Illinois rule).
    """
    fitting, size = 0, size_of(0)
    if size >= most_bytes or not count:
        return fitting, size
    over, over_size = count, size_of(count)
    if over_size <= most_bytes:
        return over, over_size
    below, above = float(most_bytes - size), float(over_size - most_bytes)
    was_over = True
    while below and over - fitting > (step := max(fitting // _NEAR_ENOUGH, 1)):
        guess = fitting + int((over - fitting) * below / (below + above))
        guess = min(max(guess, fitting + step), over - step)
        guess_size = size_of(guess)
        is_over = guess_size > most_bytes
        if is_over:
            over, above = guess, guess_size - most_bytes
            below = max(below / 2, 1) if was_over else below
        else:
            fitting, size, below = guess, guess_size, most_bytes - guess_size
            above = above if was_over else max(above / 2, 1)
        was_over = is_over
    return fitting, size


def _preview(held: Contents, room: int) -> tuple[Mapping[str, object], int]:
    """Return what a tighter threshold would change, and its size, if it fits into the room."""
    held.no_preview = no_preview(held.survey.result) or ""
    if not held.no_preview:
        tightened = what_if(held.survey) if room > 0 else NO_PREVIEW
        size = len(packed(tightened))
        if size < room:
            return tightened, size
        held.no_preview = _NO_ROOM
    return NO_PREVIEW, 0


def _estimate(views: Sequence[ClusterView], held: Contents) -> int:
    """Return about what the pages of clusters take, from one in so many of them."""
    sample = views[:: len(views) // FRAGMENTS_A_BLOCK + 1]
    if not sample:
        return 0
    size = len(packed({str(n): _fragment(view, held) for n, view in enumerate(sample)}))
    return int(size * len(views) / len(sample) * _SPARE)


def _by_need(views: Sequence[ClusterView]) -> Iterator[ClusterView]:
    """Yield the clusters, the largest and the weakest in turns."""
    weakest = sorted(views, key=lambda view: (view.cluster.weakest.strength, view.cluster.id))
    seen: set[str] = set()
    for pair in zip(views, weakest, strict=True):
        for view in pair:
            if view.cluster.id not in seen:
                seen.add(view.cluster.id)
                yield view


def _review(held: Contents, maker: PairMaker, room: int) -> list[dict[str, object]]:
    """Put the queue of borderline pairs into the page."""
    queue: list[dict[str, object]] = []
    for match in review_queue(held.survey.result, _MOST_REVIEWED):
        a, b = kept_first(match, held.survey)
        route, fragment = maker.fragment(a, b)
        name = f"review-{len(queue)}"
        if not held.packer.add(name, {route: fragment}, most_bytes=room):
            maker.forget(route, (a, b))
            break
        held.opened.add(route)
        queue.append({
            "a": a, "b": b, "route": route, "block": name, "relation": str(match.relation),
            "duplicate": match.is_duplicate, "strength": round(match.strength, 4),
        })  # fmt: skip
    return queue


def _diffs(
    held: Contents, maker: PairMaker, ordered: Sequence[ClusterView], room: int
) -> dict[str, str]:
    """Put the diffs of the clusters into the page; return the block of each."""
    blocks: dict[str, str] = {}
    for view in ordered:
        name = f"pairs-{len(blocks)}"
        kept = view.kept.article.id
        pairs = [(kept, copy.article.id) for copy in _most_changed(view)]
        weakest = view.cluster.weakest
        if kept not in (weakest.a, weakest.b):
            pairs.append(kept_first(weakest, held.survey))
        made = {pair: maker.fragment(*pair) for pair in pairs}
        if not held.packer.add(name, dict(made.values()), most_bytes=room):
            for pair, (route, _) in made.items():
                if route not in held.opened:
                    maker.forget(route, pair)
            break
        held.opened.update(route for route, _ in made.values())
        blocks[view.cluster.id] = name
    return blocks


def _most_changed(view: ClusterView) -> list[Copy]:
    def strength(copy: Copy) -> float:
        match = copy.match or copy.via
        return match.strength if match else 0.0

    return sorted(view.copies, key=strength)[:_MOST_DIFFS]


def _clusters(
    held: Contents,
    ordered: Sequence[ClusterView],
    most_bytes: int,
    blocks: dict[str, str],
    queue: list[dict[str, object]],
    tightened: Mapping[str, object],
) -> list[ClusterView]:
    """Put the list of clusters and their pages into the page, as many as fit."""
    listed: list[ClusterView] = []
    rooms: dict[str, str] = {}
    for start in range(0, len(ordered), FRAGMENTS_A_BLOCK):
        chunk = ordered[start : start + FRAGMENTS_A_BLOCK]
        name = f"clusters-{start // FRAGMENTS_A_BLOCK}"
        made = {view.cluster.id: _fragment(view, held) for view in chunk}
        content = {cluster_route(one): fragment for one, fragment in made.items()}
        if not held.packer.add(name, content, most_bytes=most_bytes):
            break
        held.fragments.update(made)
        rooms.update(dict.fromkeys(made, name))
        listed += chunk
    listed.sort(key=lambda view: (-view.size, view.cluster.id))
    held.packer.add(
        "index", listing(held.survey, listed, held.known, rooms, blocks, queue, tightened)
    )
    return listed


def _fragment(view: ClusterView, held: Contents) -> Markup:
    weakest = view.cluster.weakest
    route = pair_route(*kept_first(weakest, held.survey))
    return cluster_fragment(
        view, held.survey.result, held.known, weakest_route=route if route in held.opened else None
    )


def _static(
    held: Contents, maker: PairMaker, listed: Sequence[ClusterView], most_bytes: int
) -> None:
    """Put the largest clusters, with their diffs, into the page for readers without scripts."""
    room = most_bytes
    for view in listed[:_MOST_STATIC]:
        kept = view.kept.article.id
        routes = [pair_route(kept, copy.article.id) for copy in view.copies]
        parts = [held.fragments[view.cluster.id]]
        parts += [maker.rendered[route] for route in routes if route in maker.rendered]
        size = sum(len(part.encode("utf-8", "replace")) for part in parts)
        if size > room:
            break
        room -= size
        held.static_fragments += parts
        held.static_rows.append({
            "route": cluster_route(view.cluster.id),
            "view": view,
            "kinds": _kinds(view, held),
        })  # fmt: skip


def _kinds(view: ClusterView, held: Contents) -> list[str]:
    kept = view.kept.article.id
    found = [held.known.get((kept, copy.article.id)) for copy in view.copies]
    return list(dict.fromkeys(kind for change in found if change for kind in change.kinds))


def note(held: Contents, listed: Sequence[ClusterView], *, is_all: bool = False) -> None:
    """Say what is in the page and what is not; ``is_all`` where a server has the rest."""
    survey = held.survey
    total, shown = len(survey.clusters), len(listed)
    copies = sum(len(view.copies) for view in survey.clusters)
    diffs = sum(
        (view.kept.article.id, copy.article.id) in held.known
        for view in survey.clusters
        for copy in view.copies
    )
    left_out = [
        f"{copies - diffs:,} of {copies:,} diffs" if diffs < copies else "",
        f"{total - shown:,} of {plural(total, 'cluster')}" if shown < total else "",
    ]
    said = " and ".join(filter(None, left_out))
    here = "; the largest and the weakest clusters are here" if shown else ""
    held.embedded_note = (
        f"Left out to stay within --report-size: {said}{here}. dedup explore opens them all."
        if said
        else f"All {plural(total, 'cluster')} and {plural(copies, 'diff')} are in this file."
    )
    if is_all:
        held.embedded_note = f"All {plural(total, 'cluster')} and {plural(copies, 'diff')}."
    held.clusters_note = (
        f"{plural(total, 'cluster')}"
        + (f", {shown:,} of them in this file" if shown < total else "")
        + "; a click on a headline opens its timeline."
    )
    held.review_note = (
        "Pairs nearest to the line between copy and not, weakest first. Say what each is with a "
        "key; the labels stay in this browser and can be saved as a CSV that dedup evaluate "
        "reads as gold."
    )
