"""The sample's trade by HS code as the publisher's yearly zips: three levels of one trade, and the lists of codes."""

from __future__ import annotations

import io
import zipfile
from codecs import BOM_UTF8
from collections.abc import Mapping

from tradeanalytics.sample.goods import Amount, Cell, Trade, total_exports
from tradeanalytics.sample.lists import lists
from tradeanalytics.sample.packing import stamped
from tradeanalytics.sample.published import VINTAGE
from tradeanalytics.sources.cimt import MEMBERS, Member

_NOTICE = b"SYNTHETIC: sums by partner and month are published ones, their split by goods is invented."


def yearly_zips(trade: Trade) -> dict[str, bytes]:
    """The zips of domestic and of total exports, of each year, by their names. No imports: no real sums are at hand."""
    codes = lists()
    flows = {"Dom_Exp": trade["domestic_export"], "Tot_Exp": total_exports(trade)}
    return {
        zip_name(label, year): _yearly_zip(label, year, cells, codes)
        for label, cells in flows.items()
        for year in sorted({cell.period[:4] for cell in cells})
    }


def zip_name(label: str, year: str) -> str:
    """The name of a zip, as the publisher gives it, and marked.

    >>> zip_name("Dom_Exp", "2021")
    'SYNTHETIC_CIMT-CICM_Dom_Exp_2021.zip'
    """
    return f"SYNTHETIC_CIMT-CICM_{label}_{year}.zip"


def _yearly_zip(label: str, year: str, cells: Mapping[Cell, Amount], codes: Mapping[str, bytes]) -> bytes:
    of_year = {cell: amount for cell, amount in cells.items() if cell.period.startswith(year)}
    last = max(cell.period for cell in of_year)
    tables = {f"ODPFN{m.number}_{last}N.csv": _table(m, of_year) for m in MEMBERS.values() if m.label == label}
    folder = zip_name(label, year).removesuffix(".zip")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = _NOTICE
        for name, content in sorted((tables | dict(codes)).items()):
            archive.writestr(stamped(f"{folder}/{name}", (*VINTAGE, 1)), content, zipfile.ZIP_STORED)
    return out.getvalue()


def _table(member: Member, cells: Mapping[Cell, Amount]) -> bytes:
    """One level: byte order mark, bare heading, texts quoted, CR LF, in the order of its cells."""
    sums: dict[Cell, Amount] = {}
    for cell, amount in cells.items():
        whole = sums.setdefault(_at_level(member, cell), Amount())
        whole.value += amount.value
        whole.quantity += amount.quantity
    names = list(member.headings)
    heading = ",".join(spellings[0] for spellings in member.headings.values())
    lines = [",".join(_texts(cell, sums[cell], names)) for cell in sorted(sums)]
    return BOM_UTF8 + "".join(f"{line}\r\n" for line in (heading, *lines)).encode()


def _at_level(member: Member, cell: Cell) -> Cell:
    """The cell of a less detailed table that a cell belongs to."""
    return cell._replace(
        hs=cell.hs[: member.digits],
        province=cell.province if member.by_province else "",
        unit=cell.unit if member.with_quantity else "",
    )


def _texts(cell: Cell, amount: Amount, names: list[str]) -> list[str]:
    numbers = {"value": amount.value, "quantity": amount.quantity}
    texts = cell._asdict()
    return [str(numbers[name]) if name in numbers else f'"{texts[name]}"' for name in names]
