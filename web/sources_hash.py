"""The hash of the page's sources: written beside the build, compared by a test and by `make check`.

python web/sources_hash.py            exit code 1 if the shipped build is not of these sources
python web/sources_hash.py --write    records the hash; the build does this
"""

import hashlib
import sys
from pathlib import Path

WEB = Path(__file__).parent
BUILT = WEB.parent / "src" / "lasagna_relight" / "apps" / "studio" / "static"
RECORD = BUILT / "sources.sha256"
TOP_LEVEL = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.js")


def sources_hash() -> str:
    """SHA-256 over names and contents of everything that the build is made from."""
    files = [WEB / name for name in TOP_LEVEL]
    files += [p for folder in ("src", "public") for p in (WEB / folder).rglob("*") if p.is_file()]
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(WEB).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        RECORD.write_text(sources_hash() + "\n")
        return 0
    if not RECORD.is_file() or RECORD.read_text().strip() != sources_hash():
        print("the studio's page is not built from its sources: run make web", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
