"""The stages of a run; in a folder of its own each is done once.

What was read, learned and found is kept there when a stage is finished, and taken from
there when the run is begun again.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import numpy as np

from dedup.article import Article
from dedup.boilerplate.learned import Boilerplate
from dedup.boilerplate.stored import pack_boilerplate, unpack_boilerplate
from dedup.detector.arrays import Column, HeldArray, Scratch
from dedup.detector.articles import KeptArticles
from dedup.detector.corpus import Corpus, Progress, collect
from dedup.detector.detect import Detection, detect
from dedup.detector.found import MATCH_COLUMNS
from dedup.detector.run import RunFolder, Stage
from dedup.detector.stores import TokenStore, UnitStore
from dedup.detector.texts import order_of
from dedup.fingerprint import Recipe
from dedup.match import Evidence, Matches, Policy, RankedIds

__all__ = ["compare_bodies", "kept_boilerplate", "learn_boilerplate", "read_corpus"]

_READ, _LEARN, _COMPARE = "read", "learn", "compare"
_ARTICLES = "articles-"
_ARTICLE_COLUMNS = ("weights", "text_weights", "has_body")


def read_corpus(
    articles: Iterable[Article],
    scratch: Scratch,
    *,
    seed: int = 0,
    boilerplate: Boilerplate | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Corpus:
    """Read articles and hash their tokens, as :func:`dedup.detector.collect`."""
    run = scratch if isinstance(scratch, RunFolder) else None
    corpus = _load_corpus(run) if run else None
    if corpus is None:
        corpus = collect(
            articles,
            seed=seed,
            boilerplate=boilerplate,
            scratch=scratch,
            jobs=jobs,
            progress=progress,
        )
        if run:
            _save_corpus(run, corpus)
    return corpus


def learn_boilerplate(
    corpus: Corpus,
    recipe: Recipe,
    scratch: Scratch,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Boilerplate:
    """Learn what each site repeats."""

    def learn() -> Boilerplate:
        if progress:
            progress("learn boilerplate", 0, len(corpus))
        return corpus.learn(recipe, jobs=jobs)

    return kept_boilerplate(learn, recipe, scratch)


def kept_boilerplate(
    learn: Callable[[], Boilerplate], recipe: Recipe, scratch: Scratch
) -> Boilerplate:
    """Return what was learned, once in a run."""
    run = scratch if isinstance(scratch, RunFolder) else None
    learned = _load_boilerplate(run, recipe) if run else None
    if learned is None:
        learned = learn()
        if run:
            packed = pack_boilerplate(learned, recipe.digest)
            run.save(_LEARN, {"boilerplate": np.frombuffer(packed, np.uint8)})
    return learned


def compare_bodies(
    corpus: Corpus,
    policy: Policy,
    recipe: Recipe,
    boilerplate: Boilerplate,
    scratch: Scratch,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Detection:
    """Find and verify the pairs of a corpus, as :func:`dedup.detector.detect`."""
    run = scratch if isinstance(scratch, RunFolder) else None
    found = _load_detection(run, corpus, boilerplate, policy) if run else None
    if found is None:
        found = detect(
            corpus,
            policy,
            recipe,
            boilerplate=boilerplate,
            scratch=scratch,
            jobs=jobs,
            progress=progress,
        )
        if run:
            _save_detection(run, found)
    return found


def _save_corpus(run: RunFolder, corpus: Corpus) -> None:
    """Keep what was read."""
    tokens, cues = corpus.tokens, corpus.cues
    run.save(
        _READ,
        {
            "records": tokens.records,
            "record_offsets": tokens.offsets,
            "unit_offsets": tokens.unit_offsets,
            "unit_hashes": corpus.units.hashes,
            "unit_weights": corpus.units.weights,
            "unit_digests": corpus.units.digests,
            **{f"{_ARTICLES}{name}": array for name, array in corpus.articles.state().items()},
            "cue_articles": np.array(list(cues), np.int64),
            "cue_ends": np.cumsum([len(flags) for flags in cues.values()], dtype=np.int64),
            "cue_flags": np.concatenate([np.empty(0, np.bool_), *cues.values()]),
        },
        {"notes": corpus.notes},
    )


def _load_corpus(run: RunFolder) -> Corpus | None:
    """Return what was read, if that was finished."""
    stage = run.load(_READ)
    if stage is None:
        return None
    files = stage.files
    tokens = TokenStore(
        files["records"], stage.array("record_offsets"), stage.array("unit_offsets")
    )
    flags = np.split(stage.array("cue_flags"), stage.array("cue_ends")[:-1])
    return Corpus(
        KeptArticles.of_state(
            {
                name.removeprefix(_ARTICLES): _column(run, stage, name)
                for name in files
                if name.startswith(_ARTICLES)
            }
        ),
        tokens,
        UnitStore(
            _column(run, stage, "unit_hashes"),
            _column(run, stage, "unit_weights"),
            stage.array("unit_digests"),
        ),
        dict(zip(stage.array("cue_articles").tolist(), flags, strict=False)),
        tuple(stage.facts["notes"]),
    )


def _load_boilerplate(run: RunFolder, recipe: Recipe) -> Boilerplate | None:
    """Return what was learned, if that was finished."""
    stage = run.load(_LEARN)
    if stage is None:
        return None
    packed = stage.array("boilerplate").tobytes()
    return unpack_boilerplate(packed, recipe.digest, str(stage.files["boilerplate"].path))


def _save_detection(run: RunFolder, found: Detection) -> None:
    """Keep what was found."""
    matches = found.matches
    run.save(
        _COMPARE,
        {
            **matches.columns,
            **{name: getattr(found, name) for name in _ARTICLE_COLUMNS},
            "oversize": found.oversize,
        },
        {"candidates": found.candidates, "unlisted": found.unlisted},
    )


def _load_detection(
    run: RunFolder, corpus: Corpus, boilerplate: Boilerplate, policy: Policy
) -> Detection | None:
    """Return what was found, if that was finished."""
    stage = run.load(_COMPARE)
    if stage is None:
        return None
    columns = {name: _waiting(run, stage, name) for name in MATCH_COLUMNS}
    counts = _waiting(run, stage, "counts")
    if isinstance(counts, np.ndarray):
        counts = counts.reshape(-1, len(fields(Evidence)))
    ids = RankedIds(corpus.ids, order_of(corpus.ids))
    weights, text_weights, has_body = (stage.array(name) for name in _ARTICLE_COLUMNS)
    return Detection(
        Matches(ids, counts=counts, policy=policy, **columns),
        boilerplate,
        weights,
        text_weights,
        has_body,
        stage.facts["candidates"],
        stage.array("oversize"),
        stage.facts["unlisted"],
    )


def _column(run: RunFolder, stage: Stage, name: str) -> Column[Any]:
    file = stage.files[name]
    if run.budget is not None:
        return file
    held: HeldArray[Any] = HeldArray(file.dtype.type)
    held.append(stage.array(name))
    return held


def _waiting(run: RunFolder, stage: Stage, name: str) -> Any:  # noqa: ANN401 - as it was
    return stage.array(name) if run.budget is None else stage.files[name]
