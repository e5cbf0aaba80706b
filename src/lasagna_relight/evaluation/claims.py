"""What the README says of the recipes, held against the results of a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lasagna_relight.evaluation.baselines import IDENTITY, RAMP
from lasagna_relight.evaluation.case import Kind
from lasagna_relight.evaluation.results import Result
from lasagna_relight.evaluation.statistics import Estimate, bootstrap_mean
from lasagna_relight.evaluation.summary import REFERENCE

AS_GOOD_DB = 0.3
"""Two methods count as equally good if the one is behind by no more than this in PSNR."""

BY_WORDS = "instant@words"
DISTILLED = ("target@angles", "sds@angles", "dds@angles")
PAPERS_OWN = "faithful"
"""The paper's constants, which the embedded prior is too small for: the README says so."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A claim and what was measured.

    Attributes:
        claim: in words, with the rows that it speaks of.
        measured: the figures that decide.
        holds: whether they bear it out.
    """

    claim: str
    measured: str
    holds: bool


def verdicts(results: Sequence[Result]) -> list[Verdict]:
    """The claims that the results can decide, in the order of the README."""
    claims = (
        _recipes_beat_no_edit("photographs"),
        _recipes_beat_no_edit("rendered"),
        _as_good_as_distillation,
        _words_against_ramp,
        _background_is_untouched,
    )
    found = (claim(results) for claim in claims)
    return [verdict for verdict in found if verdict is not None]


def difference(results: Sequence[Result], kind: Kind, method: str, other: str) -> Estimate | None:
    """PSNR of a method less that of another, over the cases both answered; None without such."""
    decibels = {
        (r.method, r.case): (r.scores.get("psnr_db"), r.group)
        for r in results
        if r.kind == kind and r.error is None
    }
    values, groups = [], []
    for (name, case), (own, group) in decibels.items():
        against, _ = decibels.get((other, case), (None, group))
        if name == method and own is not None and against is not None:
            values.append(own - against)
            groups.append(group)
    return bootstrap_mean(values, groups) if values else None


def _recipes_beat_no_edit(kind: Kind) -> Callable[[Sequence[Result]], Verdict | None]:
    def judged(results: Sequence[Result]) -> Verdict | None:
        recipes = dict.fromkeys(
            r.method
            for r in results
            if r.family == "recipe" and not r.method.startswith(PAPERS_OWN)
        )
        found = {name: difference(results, kind, name, IDENTITY) for name in recipes}
        known = {name: value for name, value in found.items() if value is not None}
        if not known:
            return None
        worst = min(known, key=lambda name: known[name].mean)
        where = {"photographs": "photographs", "rendered": "renderings"}.get(kind, kind)
        return Verdict(
            claim=f"on {where}, every recipe but `{PAPERS_OWN}` has a higher PSNR than "
            f"`{IDENTITY}`",
            measured=f"the least, `{worst}`: {_decibels(known[worst])}",
            holds=known[worst].mean > 0,
        )

    return judged


def _as_good_as_distillation(results: Sequence[Result]) -> Verdict | None:
    found = {name: difference(results, "photographs", REFERENCE, name) for name in DISTILLED}
    known = {name: value for name, value in found.items() if value is not None}
    if not known:
        return None
    return Verdict(
        claim=f"on photographs, the default `{REFERENCE}` is at most {AS_GOOD_DB} dB behind "
        "distillation",
        measured="; ".join(f"over `{n}`: {_decibels(value)}" for n, value in known.items()),
        holds=min(value.mean for value in known.values()) >= -AS_GOOD_DB,
    )


def _words_against_ramp(results: Sequence[Result]) -> Verdict | None:
    found = difference(results, "photographs", BY_WORDS, RAMP)
    if found is None:
        return None
    return Verdict(
        claim=f"on photographs, by words, `{BY_WORDS}` is at least level with `{RAMP}`, a gradient "
        f"drawn by hand (at most {AS_GOOD_DB} dB behind)",
        measured=_decibels(found),
        holds=found.mean >= -AS_GOOD_DB,
    )


def _background_is_untouched(results: Sequence[Result]) -> Verdict | None:
    changes = [r.scores.get("background_change") for r in results if r.family == "recipe"]
    known = [change for change in changes if change is not None]
    if not known:
        return None
    return Verdict(
        claim="no recipe changes anything outside the mask",
        measured=f"largest change in {len(known)} pictures: {max(known):.1f} of 255",
        holds=max(known) == 0,
    )


def _decibels(found: Estimate) -> str:
    spread = ""
    if found.low is not None and found.high is not None:
        spread = f" [{found.low:+.2f}, {found.high:+.2f}]"
    return f"{found.mean:+.2f}{spread} dB over {found.cases} cases"
