"""Bytes per view of packed shards, and views decoded a second on one thread, as Markdown.

python benchmarks/shards.py SHARDS...
"""

import sys
import time
from itertools import islice
from pathlib import Path

import torch

from lasagna_relight.relit.shards import Shard

VIEWS = 256


def main() -> None:
    torch.set_num_threads(1)
    print("| shards | px | lights | views | bytes/view | float16 / that | views/s (CPU time) |")
    print("|---|---|---|---|---|---|---|")
    for folder in map(Path, sys.argv[1:]):
        paths = sorted(folder.glob("*.safetensors"))
        shards = [Shard(path) for path in paths]
        side, lights = shards[0].resolution, shards[0].lights
        count = sum(map(len, shards))
        size = sum(path.stat().st_size for path in paths) / count
        plain = side * side * (6 * (lights + 1) + 1)
        places = ((shard, i) for shard in shards for i in range(len(shard)))
        started, read = time.process_time(), 0
        for shard, i in islice(places, VIEWS):
            shard.read(i)
            read += 1
        rate = read / (time.process_time() - started)
        print(
            f"| {folder.name} | {side} | {lights} | {count} | {size:,.0f} | {plain / size:.1f} "
            f"| {rate:.0f} |"
        )


if __name__ == "__main__":
    main()
