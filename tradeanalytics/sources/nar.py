"""Statistics Canada's National Address Register: what its columns mean, in every layout that was published.

Read by name alone: in June 2026 two columns came into the middle of the addresses, and every place after them moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradeanalytics import TradeAnalyticsError

MEMBER = re.compile(r"(Address|Location)_([0-9]{2})(?:_part_([0-9]{1,3}))?\.csv", re.I)
USES = {"1": "residential", "2": "mixed", "3": "non_residential", "4": "unknown"}  # BU_USE


@dataclass(frozen=True)
class Layout:
    """One kind of file: our names with every spelling of the heading, what must be there, and what is not used."""

    kind: str
    headings: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    ignored: re.Pattern[str]

    def fields(self, found: Sequence[str], name: str) -> tuple[dict[str, str], list[str], list[str]]:
        """The heading of each field that is there, the fields that are not, and the headings that are not known.

        Raises TradeAnalyticsError where a field that is needed has no column, or a heading stands twice.
        """
        if twice := [heading for heading in found if found.count(heading) > 1]:
            raise TradeAnalyticsError(f"{name}: the heading {twice[0]!r} stands twice, expected once")
        known = {
            field: next((one for one in found if one.strip().upper() in spellings), "")
            for field, spellings in self.headings.items()
        }
        if missing := [field for field in self.needed if not known[field]]:
            wanted = self.headings[missing[0]][0]
            raise TradeAnalyticsError(
                f"{name}: no column {wanted} among {', '.join(found)[:200]}; expected the layout of {self.kind}"
            )
        used = {heading for heading in known.values() if heading}
        strange = [one for one in found if one not in used and not self.ignored.fullmatch(one.strip().upper())]
        return known, [field for field, heading in known.items() if not heading], strange


ADDRESSES = Layout(
    kind="addresses of the National Address Register",
    headings={
        "location": ("LOC_GUID",),
        "address": ("ADDR_GUID",),
        "unit": ("APT_NO_LABEL",),
        "civic": ("CIVIC_NO",),
        "suffix": ("CIVIC_NO_SUFFIX",),
        "street": ("OFFICIAL_STREET_NAME",),
        "type": ("OFFICIAL_STREET_TYPE",),
        "direction": ("OFFICIAL_STREET_DIR",),
        "csd": ("CSD_ENG_NAME",),
        "csd_french": ("CSD_FRE_NAME",),
        "mail_street": ("MAIL_STREET_NAME",),
        "mail_type": ("MAIL_STREET_TYPE",),
        "mail_direction": ("MAIL_STREET_DIR", "MAIL_STEET_DIR"),  # so misspelt until June 2024
        "municipality": ("MAIL_MUN_NAME",),
        "postal": ("MAIL_POSTAL_CODE",),
        "use": ("BU_USE",),
    },
    needed=("location", "address", "civic", "use"),
    # The file's name tells the province; coordinates are read from the locations, in degrees.
    ignored=re.compile(
        r"PROV_CODE|MAIL_PROV_ABVN|CSD_TYPE_(?:ENG|FRE)_CODE|BG_DLS_(?:LSD|QTR|SCTN|TWNSHP|RNG|MRD)|(?:BG|(?:BF_)?REPPOINT)_[XY]"
        r"|BU_N_CIVIC_ADD"
    ),
)
LOCATIONS = Layout(
    kind="locations of the National Address Register",
    headings={
        "location": ("LOC_GUID",),
        "latitude": ("BG_LATITUDE",),
        "longitude": ("BG_LONGITUDE",),
        "block_latitude": ("BF_REPPOINT_LATITUDE", "REPPOINT_LATITUDE"),
        "block_longitude": ("BF_REPPOINT_LONGITUDE", "REPPOINT_LONGITUDE"),
    },
    needed=("location",),
    ignored=re.compile(r"CSD_CODE|(?:FED|ER)_(?:[0-9]{4}_)?(?:CODE|ENG_NAME|FRE_NAME)"),
)
