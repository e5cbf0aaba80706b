"""What a dataset holds, counted over its index: objects, views, failures, bytes, seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lasagna_relight.relit.view_index import SPLITS, ViewIndex

MOST_REASONS = 20
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, kw_only=True)
class DatasetStats:
    """Counts of objects and views that can be used, and of views that cannot.

    Attributes:
        by_split: split, objects, views; splits without views are left out.
        by_source: source, licence, objects, views; most views first.
        failures: reason and views; most views first.
        bytes_per_view: mean, of views that can be used.
        seconds_per_view: mean time of rendering one, or None where that is not known.
        coverage: its 10 %, 50 % and 90 % quantiles over views that can be used.
    """

    objects: int
    views: int
    by_split: tuple[tuple[str, int, int], ...]
    by_source: tuple[tuple[str, str, int, int], ...]
    failures: tuple[tuple[str, int], ...]
    bytes_per_view: float
    seconds_per_view: float | None
    coverage: tuple[float, ...]


def dataset_stats(index: ViewIndex) -> DatasetStats:
    """The counts of an index."""
    good = "FROM views WHERE problem = ''"
    views = index.number(f"SELECT count(*) {good}")
    splits = {
        split: (objects, count)
        for split, objects, count in index.query(
            f"SELECT split, count(DISTINCT uid), count(*) {good} GROUP BY split"
        )
    }
    return DatasetStats(
        objects=index.number(f"SELECT count(DISTINCT uid) {good}"),
        views=views,
        by_split=tuple((split, *splits[split]) for split in SPLITS if split in splits),
        by_source=tuple(
            index.query(
                f"SELECT source, licence, count(DISTINCT uid), count(*) {good} "
                "GROUP BY source, licence ORDER BY count(*) DESC, source, licence"
            )
        ),
        failures=tuple(
            index.query(
                "SELECT problem, count(*) FROM views WHERE problem != '' "
                "GROUP BY problem ORDER BY count(*) DESC, problem"
            )
        ),
        bytes_per_view=index.number(f"SELECT total(bytes) {good}") / max(views, 1),
        seconds_per_view=index.number(f"SELECT avg(seconds) {good}"),
        coverage=tuple(
            index.number(
                f"SELECT coverage {good} ORDER BY coverage LIMIT 1 OFFSET ?",
                min(int(share * views), views - 1),
            )
            for share in QUANTILES
            if views
        ),
    )


def stats_tables(stats: DatasetStats) -> str:
    """The counts as Markdown tables."""
    facts = [
        ("objects", f"{stats.objects:,}"),
        ("views", f"{stats.views:,}"),
        ("views without pixels", f"{sum(count for _, count in stats.failures):,}"),
        ("bytes per view", f"{stats.bytes_per_view:,.0f}"),
        ("bytes in all", f"{stats.bytes_per_view * stats.views:,.0f}"),
    ]
    if stats.seconds_per_view is not None:
        facts.append(("seconds per view", f"{stats.seconds_per_view:.2f}"))
    if stats.coverage:
        low, middle, high = (f"{share:.0%}" for share in stats.coverage)
        facts.append(("share of the frame", f"{middle} (80 % of views: {low} to {high})"))
    tables = [markdown_table(("", ""), facts)]
    if stats.by_split:
        rows = [(s, f"{objects:,}", f"{views:,}") for s, objects, views in stats.by_split]
        tables.append(markdown_table(("split", "objects", "views"), rows))
    rows = [
        (s, licence, f"{objects:,}", f"{views:,}") for s, licence, objects, views in stats.by_source
    ]
    tables.append(markdown_table(("source", "licence", "objects", "views"), rows))
    if stats.failures:
        tables.append(failure_table(stats))
    return "\n\n".join(tables)


def failure_table(stats: DatasetStats) -> str:
    """Why views have no pixels, the most frequent reasons first."""
    rows = [(reason, f"{count:,}") for reason, count in stats.failures[:MOST_REASONS]]
    rest = sum(count for _, count in stats.failures[MOST_REASONS:])
    if rest:
        rows.append(("other reasons", f"{rest:,}"))
    return markdown_table(("views left out because", "views"), rows)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what would break it is escaped."""

    def line(cells: Sequence[str]) -> str:
        shown = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
        return f"| {' | '.join(shown)} |"

    return "\n".join([line(header), "|" + "---|" * len(header), *map(line, rows)])
