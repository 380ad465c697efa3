"""Text for someone else's spreadsheet: no cell that we export starts a formula there."""

from __future__ import annotations

import re

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)


def spreadsheet_safe(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula; plain numbers stay.

    Full-width signs count too: some spreadsheets turn them into the ASCII ones. Spaces before a sign do not protect.

    >>> spreadsheet_safe("=HYPERLINK(1)"), spreadsheet_safe("-12.5"), spreadsheet_safe("+7 (000) 0000")
    ("'=HYPERLINK(1)", '-12.5', "'+7 (000) 0000")
    """
    starts = text.startswith(_STARTS_FORMULA) or text.lstrip().startswith(_STARTS_FORMULA)
    return f"'{text}" if starts and not _NUMBER.fullmatch(text) else text
