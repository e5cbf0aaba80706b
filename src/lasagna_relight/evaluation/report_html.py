"""The report of a run as one HTML page: tables, curves, best and worst cases, a sheet per case."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from lasagna_relight.evaluation.answers import PICTURES, case_picture
from lasagna_relight.evaluation.baselines import IDENTITY
from lasagna_relight.evaluation.case import Kind
from lasagna_relight.evaluation.report_curves import time_plot
from lasagna_relight.evaluation.report_markdown import (
    ART_QUALITY,
    CASES_HEAD,
    CLAIMS_HEAD,
    COST,
    COVERED_MEANING,
    KEPT,
    KIND_TITLES,
    QUALITY,
    UNFITTED,
    answered,
    cases_table,
    categories,
    cell,
    claims_table,
    columns,
    subset_note,
    title,
    unfinished,
)
from lasagna_relight.evaluation.results import CaseEntry, Result, RunRecord
from lasagna_relight.evaluation.scoring import FIGURES
from lasagna_relight.evaluation.summary import (
    COVERED,
    KINDS,
    REFERENCE,
    Row,
    comparisons,
    extreme_cases,
    rows,
)

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { margin-top: 2.5rem; } h3 { margin-bottom: .4rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.prose td, .prose th { white-space: normal; text-align: left; }
p code { overflow-wrap: anywhere; }
tr.reference td { color: #888; }
.sheet { display: flex; flex-wrap: wrap; gap: .6rem; }
figure { margin: 0; width: 150px; } figure img { width: 150px; height: 150px; object-fit: contain;
  background: #777; display: block; }
figcaption { font-size: .72rem; line-height: 1.25; overflow-wrap: anywhere; }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; }
summary { cursor: pointer; }
code { font-size: .9em; } .plot { max-width: 760px; width: 100%; height: auto; }
"""


def html_report(folder: Path, run: RunRecord, results: Sequence[Result]) -> str:
    """The page; its pictures are those that the run keeps beside it."""
    body = "\n".join(_body(folder, run, results))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Lasagna: evaluation</title><style>{STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _body(folder: Path, run: RunRecord, results: Sequence[Result]) -> Iterator[str]:
    yield "<h1>Evaluation</h1>"
    yield f"<p><code>{escape(run.command)}</code></p>"
    facts = ", ".join(f"{escape(k)} {escape(v)}" for k, v in run.provenance.items())
    yield f"<p>{facts}. Seed {run.seed}. Intervals are 95&nbsp;% bootstraps over objects.</p>"
    for note in (unfinished(run, results), subset_note(run)):
        if note is not None:
            yield f"<p>{_words(note)}</p>"
    yield _plain_table(CASES_HEAD, cases_table(run))
    yield "<h2>What the README says</h2>"
    yield _plain_table(CLAIMS_HEAD, claims_table(results), 'class="prose"')
    for kind in KINDS:
        found = rows(results, kind)
        if not found:
            continue
        yield f"<h2>{escape(KIND_TITLES[kind])}</h2>"
        if kind == "art":
            yield _table(found, ART_QUALITY + COST)
        else:
            yield _table(found, QUALITY)
            yield "<h3>What must be left alone, and the cost</h3>"
            yield _table(found, KEPT + COST)
            yield "<h3>Without the exposure factor</h3>"
            yield _table(found, UNFITTED)
            yield "<h3>Paired by case: difference of PSNR in dB</h3>"
            yield _paired(results, kind)
            yield "<h3>Quality against time</h3>"
            yield time_plot(found, [r for r in results if r.kind == kind])
            yield (
                "<p>A dot is a method's answer at full size. A line is the way of an iterative "
                "solve, measured on the small edit, so it ends a little beside its dot.</p>"
            )
        for category, names in sorted(categories(run, kind).items()):
            yield f"<h3>{escape(category)}: {len(names)} cases</h3>"
            own = rows([r for r in results if r.case in names], kind)
            yield _table(own, QUALITY) if own else ""
        yield from _extremes(folder, run, results, kind)
    yield "<h2>Methods</h2><dl>"
    for method in run.methods:
        yield f"<dt><code>{escape(method.name)}</code></dt><dd>{escape(method.summary)}</dd>"
    yield "</dl><h2>What is absent, and what failed</h2><ul>"
    for name, reason in run.absent.items():
        yield f"<li>absent: <code>{escape(name)}</code>: {escape(reason)}</li>"
    for case in run.cases:
        if case.error is not None:
            yield f"<li>unusable case: {escape(case.name)}: {escape(case.error)}</li>"
    for result in results:
        if result.error is not None:
            yield (
                f"<li>failed: <code>{escape(result.method)}</code> on {escape(result.case)}: "
                f"{escape(result.error)}</li>"
            )
    yield "</ul><h2>Figures</h2><dl>"
    for figure in FIGURES.values():
        yield f"<dt>{escape(figure.title)}</dt><dd>{escape(figure.meaning)}</dd>"
    yield f"<dt>covered</dt><dd>{_meaning(COVERED)}</dd></dl><h2>Every case</h2>"
    for case in run.cases:
        yield f"<details><summary>{escape(case.name)}: {escape(case.words)}</summary>"
        yield _sheet(folder, case, [r for r in results if r.case == case.name])
        yield "</details>"


def _plain_table(head: Sequence[str], body: Sequence[Sequence[str]], extra: str = "") -> str:
    heads = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = ["<tr>" + "".join(f"<td>{_words(text)}</td>" for text in row) + "</tr>" for row in body]
    return f'<div class="wide"><table {extra}><tr>{heads}</tr>{"".join(lines)}</table></div>'


def _words(text: str) -> str:
    """Markdown's code and bold as HTML."""
    text = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\*\*([^*]*)\*\*", r"<b>\1</b>", text)


def _table(found: Sequence[Row], names: Sequence[str]) -> str:
    shown = columns(found, names)
    most = max(row.cases for row in found)
    heads = "".join(f'<th title="{_meaning(name)}">{escape(title(name))}</th>' for name in shown)
    lines = [f"<tr><th>method</th>{heads}<th>cases</th></tr>"]
    for row in found:
        cells = "".join(f"<td>{escape(cell(row, name))}</td>" for name in shown)
        kind = ' class="reference"' if row.method in (IDENTITY, "oracle") else ""
        name = f"<td><code>{escape(row.method)}</code></td>"
        lines.append(f"<tr{kind}>{name}{cells}<td>{answered(row, most)}</td></tr>")
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _paired(results: Sequence[Result], kind: Kind) -> str:
    lines = ["<tr><th>method</th><th>against</th><th>difference</th><th>wins</th><th>p</th></tr>"]
    for other in (IDENTITY, REFERENCE):
        for c in comparisons(results, kind, other):
            spread = ""
            if c.difference.low is not None and c.difference.high is not None:
                spread = f" [{c.difference.low:+.2f}, {c.difference.high:+.2f}]"
            lines.append(
                f"<tr><td><code>{escape(c.method)}</code></td><td>{escape(other)}</td>"
                f"<td>{c.difference.mean:+.2f}{spread}</td>"
                f"<td>{c.wins} of {c.difference.cases}</td><td>{c.p_value:.3f}</td></tr>"
            )
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _extremes(folder: Path, run: RunRecord, results: Sequence[Result], kind: Kind) -> Iterator[str]:
    cases = {case.name: case for case in run.cases}
    best, worst = extreme_cases(results, kind, REFERENCE)
    for name, chosen in (("Best", best), ("Worst", worst)):
        if chosen:
            yield f"<h3>{name} cases of <code>{REFERENCE}</code></h3>"
        for result in chosen:
            own = [r for r in results if r.case == result.case]
            yield f"<p>{escape(result.case)}: {escape(cases[result.case].words)}</p>"
            yield _sheet(folder, cases[result.case], own)


def _sheet(folder: Path, case: CaseEntry, results: Sequence[Result]) -> str:
    figures = [_figure(folder, case.name, "_source", "source", "")]
    figures.append(_figure(folder, case.name, "_target", "truth", ""))
    for result in results:
        names = ("psnr_db", "correlation") if case.kind != "art" else ("toward_light",)
        known = [
            f"{FIGURES[n].title} {value:.{FIGURES[n].digits}f}"
            for n in names
            if (value := result.scores.get(n)) is not None
        ]
        note = "failed" if result.error is not None else ", ".join(known)
        figures.append(_figure(folder, case.name, result.method, result.method, note))
    return f'<div class="sheet">{"".join(figures)}</div>'


def _figure(folder: Path, case: str, name: str, caption: str, note: str) -> str:
    if not case_picture(folder, case, name).exists():
        return ""
    source = f"{PICTURES}/{case}/{name}.jpg"
    return (
        f'<figure><img loading="lazy" src="{escape(source)}" alt="{escape(caption)}">'
        f"<figcaption>{escape(caption)}<br>{escape(note)}</figcaption></figure>"
    )


def _meaning(name: str) -> str:
    return escape(COVERED_MEANING if name == COVERED else FIGURES[name].meaning)
