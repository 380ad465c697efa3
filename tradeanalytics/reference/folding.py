"""What spellings of one address share."""

from __future__ import annotations

import re
import unicodedata

from tradeanalytics.reference.scripts import unmix

_NOT_WORDS = re.compile(r"[^\w]+|_")


def folded_address(text: str) -> str:
    """The words of an address in capitals, without marks, each in one script: a text to compare by, no more.

    Streets are not taken apart: SUITE 5, 1 MAIN ST and 1 MAIN STREET, SUITE 5 stay two.

    >>> folded_address("1  Main St.; Suite 5") == folded_address("1 MAIN ST, SUITE 5")
    True
    """
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    return " ".join(_NOT_WORDS.sub(" ", unmix(composed)).split())
