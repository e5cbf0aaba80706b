"""Names of licences, as people and catalogues write them, and lists of allowed ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = (
    (r"creative commons|\bcc\b", "cc"),
    (r"attribution|\bby\b", "by"),
    (r"non[- ]?commercial|\bnc\b", "nc"),
    (r"no[- ]?deriv\w*|\bnd\b", "nd"),
    (r"share[- ]?alike|\bsa\b", "sa"),
)


def short_name(licence: str) -> str:
    """A short name of ``licence`` in lower case, close to SPDX: ``cc-by-sa-4.0``, ``cc0-1.0``.

    >>> short_name("Creative Commons Attribution 3.0 United States license, by Ada")
    'cc-by-3.0'
    >>> short_name("CC0 1.0 Universal")
    'cc0-1.0'
    >>> short_name("Public Domain")
    'public domain'
    """
    text = " ".join(re.split(r"[\s_-]+", licence.casefold())).strip()
    version = re.search(r"\b\d+\.\d+\b", text)
    suffix = f"-{version[0]}" if version else ""
    if re.search(r"\bcc ?0\b|creative commons zero", text):
        return f"cc0{suffix}"
    if re.search(_PARTS[0][0], text):
        words = [word for pattern, word in _PARTS if re.search(pattern, text)]
        return "-".join(words) + suffix
    return text


def is_allowed(licence: str, allowed: Iterable[str]) -> bool:
    """Whether ``licence`` is on the list; an entry without a version allows every version.

    >>> is_allowed("Creative Commons Attribution 3.0 license", ["CC-BY"])
    True
    >>> is_allowed("CC BY-NC 4.0", ["CC-BY", "CC0"])
    False
    """
    name = short_name(licence)
    plain = re.sub(r"-\d+\.\d+$", "", name)
    return any(entry in (name, plain) for entry in map(short_name, allowed))
