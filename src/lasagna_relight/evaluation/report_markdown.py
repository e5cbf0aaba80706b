"""The report of a run in Markdown: tables with intervals, tests, what failed and what is absent."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.evaluation.baselines import IDENTITY
from lasagna_relight.evaluation.case import Kind
from lasagna_relight.evaluation.claims import verdicts
from lasagna_relight.evaluation.results import Result, RunRecord
from lasagna_relight.evaluation.scoring import FIGURES
from lasagna_relight.evaluation.statistics import Estimate
from lasagna_relight.evaluation.summary import (
    COVERED,
    KINDS,
    REFERENCE,
    Comparison,
    Row,
    comparisons,
    rows,
)
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.image_io import atomic_path

QUALITY = ("psnr_db", COVERED, "ssim", "lpips", "correlation", "direction_hit")
UNFITTED = ("psnr_unfitted_db", "ssim_unfitted", "lpips_unfitted")
KEPT = (
    "chromaticity_error_deg", "chromaticity_change_deg", "background_change", "edges_kept",
    "detail_kept",
)  # fmt: skip
ART_QUALITY = ("toward_light", "side_right", *KEPT[1:])
COST = ("seconds", "peak_mib", "evaluations")
WITH_INTERVAL = ("psnr_db", COVERED, "correlation", "lpips", "toward_light")
KIND_TITLES: dict[Kind, str] = {
    "photographs": "Photographs under known lights",
    "rendered": "Rendered objects that training never saw",
    "art": "Digital art (no truth: preservation and direction only)",
}
CLAIMS_HEAD = ("claim", "measured", "holds")
CASES_HEAD = ("cases from", "kind", "cases", "objects", "licence")
COVERED_MEANING = (
    "share of the absolute error of no edit that is gone, of what the oracle gain takes away; no "
    "exposure factor"
)
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def report(run: RunRecord, results: Sequence[Result], *, level: int = 2) -> str:
    """The whole report; headings start at ``level``."""
    return "\n".join(_lines(run, results, "#" * level)).rstrip() + "\n"


def write_into_page(page: Path, text: str) -> None:
    """Puts ``text`` between the two marks of ``page``; what stands outside is left alone.

    Raises:
        DatasetError: the page is missing or lacks its marks.
        OutputError: it cannot be written.
    """
    try:
        whole = page.read_text(encoding="utf-8")
    except OSError as error:
        raise DatasetError(f"{page} cannot be read ({error.strerror})") from error
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise DatasetError(f"{page}: put the lines {BEGIN} and {END} where tables should stand")
    try:
        with atomic_path(page, force=True) as beside:
            beside.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{page} cannot be written ({error.strerror})") from error


def cell(row: Row, name: str) -> str:
    """A figure as a table shows it: mean, interval where asked, a mark where cases failed."""
    estimate = row.figures.get(name)
    if estimate is None:
        return "" if row.failed < row.cases else "failed"
    mark = "†" if row.failed else ""
    if name == COVERED:
        return f"{_percent(estimate.mean)}{_interval(estimate, 0, percent=True)}{mark}"
    digits = FIGURES[name].digits
    spread = _interval(estimate, digits) if name in WITH_INTERVAL else ""
    return f"{estimate.mean:.{digits}f}{spread}{mark}"


def title(name: str) -> str:
    """Column head of a figure."""
    return "covered" if name == COVERED else FIGURES[name].title


def answered(row: Row, kind_cases: int) -> str:
    """Over how many cases a row's means are, marked where some failed or were never asked."""
    mark = " ‡" if row.cases < kind_cases else ""
    return f"{row.cases}{mark}" if not row.failed else f"{row.cases - row.failed} of {row.cases} †"


def categories(run: RunRecord, kind: Kind) -> dict[str, set[str]]:
    """Names of the cases of each category, where a kind has several."""
    found: dict[str, set[str]] = {}
    for case in run.cases:
        if case.kind == kind and case.error is None:
            found.setdefault(case.category, set()).add(case.name)
    return found if len(found) > 1 else {}


def cases_table(run: RunRecord) -> list[list[str]]:
    """For each source of cases what ``CASES_HEAD`` names."""
    table = []
    for source in dict.fromkeys(case.source for case in run.cases):
        own = [case for case in run.cases if case.source == source]
        licences = ", ".join(sorted({case.licence for case in own}))
        objects = len({case.group for case in own})
        table.append([source, own[0].kind, str(len(own)), str(objects), licences])
    return table


def claims_table(results: Sequence[Result]) -> list[list[str]]:
    """For each claim of the README what ``CLAIMS_HEAD`` names."""
    return [[v.claim, v.measured, "yes" if v.holds else "**no**"] for v in verdicts(results)]


def subset_note(run: RunRecord) -> str | None:
    """What the mark of methods that were asked of few cases means; None without such."""
    few = [f"`{m.name}` of {m.at_most}" for m in run.methods if m.at_most is not None]
    if not few:
        return None
    return (
        f"‡ slow, and asked of few cases of each category ({', '.join(few)}), the first of every "
        "object before any second: such a mean is over other cases than the rest of its column, "
        "and the paired differences are the fair comparison."
    )


def columns(found: Sequence[Row], names: Sequence[str]) -> list[str]:
    """Those of ``names`` that some row has."""
    return [name for name in names if any(name in row.figures for row in found)]


def _lines(run: RunRecord, results: Sequence[Result], head: str) -> Iterator[str]:
    yield f"`{run.command}`"
    yield ""
    yield ", ".join(f"{name} {value}" for name, value in run.provenance.items()) + "."
    yield f"Seed {run.seed}. Intervals are 95 % bootstraps over objects; p-values are of paired"
    yield "sign-flip tests over objects, adjusted by Holm."
    yield ""
    note = unfinished(run, results)
    if note is not None:
        yield from [note, ""]
    yield markdown_table(CASES_HEAD, cases_table(run))
    few = subset_note(run)
    if few is not None:
        yield from ["", few]
    yield from ["", f"{head} What the README says", ""]
    yield markdown_table(CLAIMS_HEAD, claims_table(results))
    for kind in KINDS:
        found = rows(results, kind)
        if found:
            yield from ["", f"{head} {KIND_TITLES[kind]}", ""]
            yield from _kind(results, kind, found, head)
            yield from _by_category(run, results, kind, head)
    yield from ["", f"{head} Methods", ""]
    yield markdown_table(
        ["method", "what it is"], [[method.name, method.summary] for method in run.methods]
    ).replace("-: |", "-- |")
    yield from ["", f"{head} What is absent, and what failed", ""]
    yield from _gaps(run, results)
    yield from ["", f"{head} Figures", ""]
    for figure in FIGURES.values():
        yield f"- **{figure.title}**: {figure.meaning}."
    yield f"- **covered**: {COVERED_MEANING}."


def _kind(results: Sequence[Result], kind: Kind, found: list[Row], head: str) -> Iterator[str]:
    if kind == "art":
        yield _table(found, ART_QUALITY)
        return
    yield _table(found, QUALITY)
    yield from ["", "What must be left alone, and what it costs:", ""]
    yield _table(found, KEPT + COST)
    yield from ["", "Without the exposure factor:", ""]
    yield _table(found, UNFITTED)
    for other in (IDENTITY, REFERENCE):
        paired = comparisons(results, kind, other)
        if paired:
            yield from ["", f"PSNR against `{other}`, paired by case:", ""]
            yield _paired(paired)


def _table(found: Sequence[Row], names: Sequence[str]) -> str:
    shown = columns(found, names)
    most = max(row.cases for row in found)
    body = [
        [f"`{row.method}`", *(cell(row, name) for name in shown), answered(row, most)]
        for row in found
    ]
    return markdown_table(["method", *map(title, shown), "cases"], body)


def _by_category(run: RunRecord, results: Sequence[Result], kind: Kind, head: str) -> Iterator[str]:
    """The recipes and what they stand against, for each category apart."""
    for category, names in sorted(categories(run, kind).items()):
        own = [r for r in results if r.case in names and r.family not in ("ablation", "editor")]
        found = rows(own, kind)
        if found:
            objects = len({result.group for result in own})
            yield from ["", f"{head}# {category}: {len(names)} cases of {objects} objects", ""]
            yield _table(found, QUALITY)


def _paired(paired: Sequence[Comparison]) -> str:
    body = []
    for c in paired:
        mean = f"{c.difference.mean:+.2f}{_interval(c.difference, 2)}"
        body.append(
            [f"`{c.method}`", mean, f"{c.wins} of {c.difference.cases}", f"{c.p_value:.3f}",
             str(c.objects)]
        )  # fmt: skip
    return markdown_table(["method", "difference dB", "wins", "p", "objects"], body)


def unfinished(run: RunRecord, results: Sequence[Result]) -> str | None:
    """A line that says so where a run was stopped before its last answer."""
    usable = {case.name: case.asked for case in run.cases if case.error is None}
    wanted = sum(usable.values())
    there = sum(result.case in usable for result in results)
    if there >= wanted:
        return None
    return (
        f"**This run is not finished**: {there} of {wanted} answers are there. `--resume` goes on "
        "with it."
    )


def _gaps(run: RunRecord, results: Sequence[Result]) -> Iterator[str]:
    for name, reason in run.absent.items():
        yield f"- absent: `{name}`: {reason}."
    for case in run.cases:
        if case.error is not None:
            yield f"- unusable case, in no mean: `{case.name}`: {case.error}."
    for result in results:
        if result.error is not None:
            yield f"- † failed: `{result.method}` on `{result.case}`: {result.error}."
    if not any(r.error for r in results):
        yield "- No method failed on any case."


def _interval(estimate: Estimate, digits: int, *, percent: bool = False) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    if percent:
        return f" [{_percent(estimate.low)}, {_percent(estimate.high)}]"
    return f" [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"  # an integer: it has no minus zero
