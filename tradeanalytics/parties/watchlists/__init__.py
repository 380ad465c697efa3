"""Lists of sanctioned and controlled parties, in the publishers' own files: a file here for each publisher's formats.

A list is known by what it holds, never by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tradeanalytics.parties.watchlists import (
    canada,
    csl,
    denied,
    eu,
    extract,
    ofac,
    ofac_advanced,
    ofac_xml,
    opensanctions,
    uk,
    ukraine,
    un,
)
from tradeanalytics.parties.watchlists.entry import Listing


@dataclass(frozen=True)
class Format:
    """One file format of one publisher. `begins` tells it by the first 16,384 characters of a file and its name."""

    title: str
    publisher: str
    begins: Callable[[str, str], bool]
    read: Callable[[Path, str], Listing]


_OFAC = "Office of Foreign Assets Control, US Department of the Treasury"
_CSL = "International Trade Administration, US Department of Commerce"
_BIS = "Bureau of Industry and Security, US Department of Commerce"
FORMATS = (
    Format("extract of lists", "", extract.begins, extract.read),
    Format("list of OFAC, files without headings", _OFAC, ofac.begins, ofac.read),
    Format("list of OFAC, XML", _OFAC, ofac_xml.begins, ofac_xml.read),
    Format("list of OFAC, advanced XML", _OFAC, ofac_advanced.begins, ofac_advanced.read),
    Format("Consolidated Screening List", _CSL, csl.begins, csl.read),
    Format("Denied Persons List", _BIS, denied.begins, denied.read),
    *(Format(*one) for publisher in (canada, uk, eu, un, ukraine, opensanctions) for one in publisher.READERS),
)


def recognise(start: str, file: str) -> Format | None:
    """The format of a file by its start, None of one that is no list."""
    return next((one for one in FORMATS if one.begins(start, file)), None)
