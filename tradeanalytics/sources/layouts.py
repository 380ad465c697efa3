"""Layouts of customs records: which heading means what, recognised by score.

The headings are in reference/customs_headings.csv; within a layout the first of two headings of one field is preferred.
A file of no known layout is read by a mapping of one's own: see `mapping`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tradeanalytics.reference import rows
from tradeanalytics.sources.source import UnexpectedHeadingError

IGNORED, TOTAL = "ignored", "total"
FIELDS = (
    *("declaration", "item", "registered_on", "released_on", "arrival_on", "direction", "regime", "bill_type"),
    *("master_bill", "shipper_name", "shipper_address", "shipper_country", "shipper_id"),
    *("consignee_name", "consignee_address", "consignee_country", "consignee_id", "notify_name"),
    *("manufacturer", "trademark", "declarant_name", "declarant_id", "contract_holder_name", "contract_holder_id"),
    *("trading_country", "dispatch_country", "dispatch_name", "origin_country", "origin_name"),
    *("destination_country", "destination_name", "hs", "description"),
    *("gross_kg", "net_kg", "weight", "weight_unit", "quantity", "quantity_unit", "invoice", "invoice_currency"),
    *("customs_rub", "statistical_usd", "usd", "usd_basis", "statistics_flag"),
    # tonnes, and a party's whole cell as the bill has it
    *("gross_t", "shipper_original", "consignee_original"),
    # where the direction says who sends: the declaring side, and the foreign side
    *("trader_name", "trader_address", "trader_country", "trader_id"),
    *("partner_name", "partner_address", "partner_country", "partner_id"),
    # tables joined on the identifier; statistics; files without a day
    *("identifier", "container", "sequence", "record_status"),
    *("period", "partner", "region", "district", "year", "month"),
)
# A text that stands in several columns: the field, then field_2, field_3 and so on, joined in this order.
IN_PIECES = ("declaration", "description", "shipper_address", "consignee_address")

_PARTY = tuple(
    f"{side}_{part}" for side in ("shipper", "consignee", "trader", "partner") for part in ("name", "id", "original")
)
_GOODS = ("hs", "description")
SHIPMENT = (_PARTY, _GOODS)

_FITS = 0.3  # two known headings alone, or five among any number of unknown ones
_LONGEST_HEADING = 400


@dataclass(frozen=True)
class Layout:
    """One layout: what its headings mean, and what no heading says.

    `headings`: folded heading to field, `ignored` or `total`; of one field's headings the preferred one first.
    `key`: fields that identify a row, as far as the file has them. `needs`: of each group one field must be there.
    `direction`, `currency` (of `invoice`), `value_basis` (of `usd` or `statistical_usd`), `weight_unit` (of `weight`
    without a unit): null where the rows say or nobody does. `hs_source`: where no cell says. `estimated`: by a vendor.
    `number_style`: point_decimal or comma_decimal; `date_order`: dmy, mdy or ymd; both null where files differ.
    `to_order`: a party may be "to order". `by_direction`: parties are trader and partner, and the direction says who
    sends. `table`: shipments or goods. `spellings`: headings as listed. `codes`, `labels`: see `meaning`.
    """

    name: str
    title: str
    kind: str
    headings: Mapping[str, str]
    key: tuple[str, ...] = ("declaration", "item")
    needs: tuple[tuple[str, ...], ...] = SHIPMENT
    direction: str | None = None
    currency: str | None = None
    value_basis: str | None = None
    estimated: bool = False
    number_style: str | None = None
    date_order: str | None = None
    weight_unit: str | None = None
    hs_source: str = "declared"
    to_order: bool = False
    by_direction: bool = False
    table: str = "shipments"
    spellings: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def meaning(self, heading: str) -> tuple[str | None, bool]:
        """The field of a heading, null if unknown; and whether only its box code was known, not its label."""
        folded = fold(heading)
        if folded in self.headings:
            return self.headings[folded], False
        code, label = _code(folded)
        known = self.codes.get(code) if label else None
        contradicted = known not in self.labels.get(label, frozenset({known}))
        return (None, False) if contradicted else (known, known is not None)


@dataclass(frozen=True)
class Match:
    """What a file's headings were taken for.

    `fields`: a column name per heading, in the file's order: our field, `total_N`, `_ignored_N`, `_unknown_N`, or
    `_repeat_N` for a further heading of a field. `repeated`: per such field all its columns, the preferred first: the
    first with content holds. `new_labels`: headings known by their box code alone.
    """

    layout: Layout
    headings: list[str]
    fields: list[str]
    score: float
    unknown: tuple[str, ...]
    repeated: Mapping[str, tuple[str, ...]]
    new_labels: tuple[str, ...]

    def remarks(self) -> tuple[str, ...]:
        """Sentences for the report: what was not known, not seen before, or there twice."""
        of_column = dict(zip(self.fields, self.headings, strict=True))
        return (
            *(f"the heading {heading!r} is not known and was not used" for heading in self.unknown),
            *(f"label not seen before: {heading!r} was read by its code" for heading in self.new_labels),
            *(
                f"{name} is there {len(columns)} times ({', '.join(repr(of_column[column]) for column in columns)}): "
                "the first with content was taken"
                for name, columns in self.repeated.items()
            ),
        )


_LATIN = "abcehkmoptxyi"
_CYRILLIC = "авсенкмортхуі"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_HAS_LATIN = re.compile("[a-z]")
_HAS_CYRILLIC = re.compile("[а-яі]")
_ONLY_CYRILLIC = re.compile(f"(?![{_CYRILLIC}])[а-я]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_A_WORD = re.compile(r"[^\w$#%&]+")
_CODE = re.compile(r"(nd|g?d[0-9]|g[0-9][0-9a-z]*(?:_[0-9a-z]+)?|[0-9]{2,4}(?:_[0-9]+)?)(?: (.*))?")


def fold(heading: str) -> str:
    """One spelling for the same heading: case, spaces, quotes, punctuation, brackets and look-alike letters gone.

    >>> fold('G31_1  (Описание - 256 символов') == fold('g31_1 (описание, 256 символов)')
    True
    """
    return _fold(heading[:_LONGEST_HEADING])  # a longer cell is no heading: it need not be kept in the cache


@lru_cache(maxsize=8192)
def _fold(heading: str) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", heading)).casefold()
    text = text.replace("ё", "е").replace("â®", "").replace("®", "")  # â®: UTF-8 that was read as cp1252
    words = _NOT_A_WORD.sub(" ", text).split()
    more = len(_HAS_CYRILLIC.findall(text)) > len(_HAS_LATIN.findall(text))
    russian = more or bool(_ONLY_CYRILLIC.search(text))
    return " ".join(_one_script(word, russian) for word in words)


def _one_script(word: str, russian: bool) -> str:
    """A word of Latin and Cyrillic letters in the one script that has them all; if both do, in the heading's."""
    if not (_HAS_LATIN.search(word) and _HAS_CYRILLIC.search(word)):
        return word
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    all_latin, all_cyrillic = not _HAS_CYRILLIC.search(latin), not _HAS_LATIN.search(cyrillic)
    if all_cyrillic and (russian or not all_latin):
        return cyrillic
    return latin if all_latin else word


def _code(folded: str) -> tuple[str, str]:
    """A heading's box code and its label, empty if it has none."""
    found = _CODE.fullmatch(folded)
    return (found[1], found[2] or "") if found else ("", folded)


def _codes(headings: Mapping[str, str]) -> dict[str, str]:
    """Field by box code, where all headings with this code have the same field: 15 and G15 differ between styles."""
    fields: dict[str, set[str]] = {}
    for heading, name in headings.items():
        fields.setdefault(_code(heading)[0], set()).add(name)
    return {code: next(iter(names)) for code, names in fields.items() if code and len(names) == 1}


def _labels(headings: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Fields by label: a label seen elsewhere contradicts a code that means another field."""
    fields: dict[str, set[str]] = {}
    for heading, name in headings.items():
        fields.setdefault(_code(heading)[1], set()).add(name)
    return {label: frozenset(names) for label, names in fields.items() if label}


def _layout(name: str, title: str, kind: str, **settings: Any) -> Layout:
    spellings = [row for row in rows("customs_headings") if row["layout"] == name]
    headings = {fold(row["heading"]): row["field"] for row in spellings}
    return Layout(
        name=name,
        title=title,
        kind=kind,
        headings=headings,
        spellings=frozenset(row["heading"] for row in spellings),
        codes=_codes(headings),
        labels=_labels(headings),
        **settings,
    )


def _manifest(table: str, title: str, *needs: str, key: tuple[str, ...] = ()) -> Layout:
    return _layout(
        f"us_manifest_{table}",
        f"US manifest table: {title}",
        "official records",
        key=("identifier", *key),
        needs=(("identifier",), *((need,) for need in needs)),
        direction="import",
        date_order="ymd",
        number_style="point_decimal",
        to_order=table in ("shipper", "consignee", "notifyparty", "summary"),
    )


_VENDOR = "vendor of trade data"
# Consignee, Shipper and HS Code stand in files of many vendors: one of these must be there in this vendor's words.
_PANJIVA_MARKS = ("description", "usd", "shipper_original", "consignee_original", "gross_t")
_PANJIVA: dict[str, Any] = {
    "needs": (*SHIPMENT, _PANJIVA_MARKS),
    "key": ("declaration",),
    "hs_source": "classified",
    "number_style": "point_decimal",
    "to_order": True,
}
LAYOUTS = (
    _layout("ru_declaration", "Russian customs declarations", "resold dump", value_basis="statistical"),
    _layout(
        "kz_declaration", "Kazakh customs declarations", "resold dump", value_basis="statistical", by_direction=True
    ),
    _layout(
        "ru_statistics",
        "Russian customs statistics to January 2022",
        "official statistics",
        key=(),
        needs=(("direction",), ("period",), ("partner",), ("hs",), ("usd",)),
        value_basis="statistical",
        number_style="comma_decimal",
        table="goods",
    ),
    _layout("eaeu_form", "EAEU statistical forms", "resold dump", key=("declaration", "hs"), value_basis="statistical"),
    _layout(
        "panjiva_us_imports",
        "Panjiva US imports",
        _VENDOR,
        direction="import",
        value_basis="estimated",
        estimated=True,
        **_PANJIVA,
    ),
    _layout("panjiva_china_exports", "Panjiva China exports", _VENDOR, direction="export", **{**_PANJIVA, "key": ()}),
    _layout("panjiva_us_exports", "Panjiva US exports", _VENDOR, direction="export", **_PANJIVA),
    _manifest("header", "arrivals and weights", "arrival_on"),
    _manifest("bill", "bill numbers", "master_bill"),
    _manifest("shipper", "shippers", "shipper_name"),
    _manifest("consignee", "consignees", "consignee_name"),
    _manifest("notifyparty", "parties to notify", "notify_name"),
    _manifest("cargodesc", "descriptions of cargo", "description", key=("container", "sequence")),
    _manifest("container", "containers", "container", key=("container",)),
    _manifest("tariff", "tariff codes", "hs", key=("container", "sequence")),
    _manifest("summary", "all in one", "shipper_name", "consignee_name", key=("container", "sequence")),
    _layout(
        "us_bills",
        "US bills of lading (ImportGenius and Datamyne style)",
        _VENDOR,
        key=("declaration",),
        direction="import",
        value_basis="estimated",
        estimated=True,
        needs=(*SHIPMENT, ("gross_kg", "usd", "shipper_original", "consignee_original", "declaration")),
        hs_source="classified",
        to_order=True,
    ),
    _layout(
        "trade_atlas",
        "Trade Atlas style",
        _VENDOR,
        key=("declaration", "hs"),
        needs=(*SHIPMENT, ("description", "usd", "manufacturer", "trademark")),
        value_basis="declared_fob",
    ),
    _layout(
        "korea_synthetic",
        "Korean declarations (synthetic)",
        "published data set",
        key=("declaration",),
        direction="import",
        currency="KRW",
        number_style="point_decimal",
        date_order="ymd",
    ),
    _layout(
        "peru_sunat",
        "Peruvian imports (SUNAT)",
        "official records",
        key=("declaration", "declaration_2", "declaration_3", "item"),
        direction="import",
        value_basis="declared_fob",
        number_style="point_decimal",
        date_order="ymd",
    ),
    _layout(
        "colombia_legiscomex",
        "Colombian exports (Legiscomex)",
        _VENDOR,
        key=(),
        direction="export",
        value_basis="declared_fob",
    ),
    _layout(
        "zauba",
        "Indian imports (Zauba)",
        _VENDOR,
        key=(),
        needs=(("registered_on",), _GOODS, ("invoice",)),
        direction="import",
        currency="INR",
        number_style="point_decimal",
        date_order="dmy",
    ),
    _layout(
        "canada_export",
        "Canadian export declarations",
        "official records",
        needs=(*SHIPMENT, ("declaration", "shipper_id", "destination_name", "invoice")),
        direction="export",
        to_order=True,
    ),
)


@dataclass(frozen=True)
class _Fit:
    """How well a layout fits: known headings (a code alone counts half), distinct fields of use, what is missing."""

    layout: Layout
    meanings: tuple[tuple[str | None, bool], ...]
    known: float
    exact: int
    missing: tuple[str, ...]
    score: float

    def says(self) -> tuple[object, ...]:
        """All that a file would be read by: two layouts that say the same do not compete."""
        layout = self.layout
        settings = (layout.direction, layout.currency, layout.value_basis, layout.estimated, layout.number_style)
        return (self.meanings, settings, layout.date_order, layout.weight_unit, layout.hs_source, layout.table)


def _fit(layout: Layout, headings: Sequence[str]) -> _Fit:
    meanings = tuple(layout.meaning(heading) for heading in headings)
    named = sum(1 for heading in headings if fold(heading))
    known = sum(0.5 if by_code else 1.0 for name, by_code in meanings if name)
    useful = len({name for name, _ in meanings if name} - {IGNORED, TOTAL})
    missing = missing_of(layout.needs, {name for name, _ in meanings if name})
    score = 0.0 if missing else useful / (useful + 3) * (0.5 + 0.5 * known / max(named, 1))
    return _Fit(layout, meanings, known, sum(text in layout.spellings for text in headings), missing, score)


def missing_of(needs: Iterable[Sequence[str]], found: Iterable[str]) -> tuple[str, ...]:
    absent = [group for group in needs if not set(group) & set(found)]
    return tuple("a shipper or a consignee" if group == _PARTY else " or ".join(group) for group in absent)


def _fits(headings: Sequence[str]) -> list[_Fit]:
    """Every layout's fit, the best first; of equals the one whose headings are spelt like the file's, then listed."""
    return sorted((_fit(layout, headings) for layout in LAYOUTS), key=lambda fit: (-fit.score, -fit.exact))


def score(headings: Sequence[str]) -> float:
    """How well the best layout fits a row of cells, 0 to 1: the heading row of a sheet has the highest."""
    return _fits(headings)[0].score


def recognise(headings: Sequence[str], name: str) -> Match:
    """The layout that fits the headings best, and what each heading means in it. `name`: the file, for errors.

    Raises UnexpectedHeadingError when none fits well enough, or two fit equally and would read the file differently.
    """
    fits = _fits(headings)
    best = fits[0]
    if best.score < _FITS:
        raise UnexpectedHeadingError(f"{name}: {_closest(fits, headings)}; {_advice(name)}")
    equals = [fit for fit in fits if (fit.score, fit.exact) == (best.score, best.exact)]
    rivals = [fit.layout.name for fit in equals if fit.says() != best.says()]
    if rivals:
        both = f"the layouts {best.layout.name} and {rivals[0]} fit its headings equally"
        raise UnexpectedHeadingError(f"{name}: {both}; {_advice(name)}")
    return _match(best, headings)


def apply_mapping(mapping: Layout, headings: Sequence[str], name: str) -> Match:
    """What each heading means in a person's own mapping of this file.

    Raises UnexpectedHeadingError when the mapping names a heading that the file does not have.
    """
    found = [fold(heading) for heading in headings]
    absent = sorted(spelling for spelling in mapping.spellings if fold(spelling) not in found)
    if absent:
        close = get_close_matches(fold(absent[0]), found, n=1)
        hint = f" (is it now {headings[found.index(close[0])]!r}?)" if close else ""
        raise UnexpectedHeadingError(f"{name}: no heading {absent[0]!r}{hint}, which its mapping {mapping.name} names")
    return _match(_fit(mapping, headings), headings)


def _closest(fits: Sequence[_Fit], headings: Sequence[str]) -> str:
    """Why nothing fits: the closest layout, how many headings it knows, and what it lacks."""
    fit = max(fits, key=lambda candidate: candidate.known)
    if not fit.known:
        return f"no known layout has any of its {len(headings)} headings, such as {list(headings[:4])}"
    known = sum(1 for name, _ in fit.meanings if name)
    lacks = f", but nothing for {' nor for '.join(fit.missing)}" if fit.missing else ", too few to be sure"
    return f"no known layout fits; the closest, {fit.layout.name}, knows {known} of its {len(headings)} headings{lacks}"


def _advice(name: str) -> str:
    return f"say what they mean in {name}.map.toml, whose draft `tradeanalytics map {name}` writes"


def _match(fit: _Fit, headings: Sequence[str]) -> Match:
    columns = _columns(fit, headings)
    new_labels = (heading for heading, (_, by_code) in zip(headings, fit.meanings, strict=True) if by_code)
    return Match(
        layout=fit.layout,
        headings=list(headings),
        fields=[columns[position] for position in range(len(headings))],
        score=fit.score,
        unknown=tuple(
            heading if fold(heading) else f"(column {position + 1}, no heading)"
            for position, (heading, (name, _)) in enumerate(zip(headings, fit.meanings, strict=True))
            if name is None
        ),
        repeated=_repeated(fit, headings, columns),
        new_labels=tuple(new_labels),
    )


def _preference(fit: _Fit, headings: Sequence[str]) -> dict[str, list[int]]:
    """Positions of every useful field, the layout's preferred heading first."""
    order = {heading: rank for rank, heading in enumerate(fit.layout.headings)}
    positions: dict[str, list[int]] = {}
    for position, (name, _) in enumerate(fit.meanings):
        if name and name not in (IGNORED, TOTAL):
            positions.setdefault(name, []).append(position)
    return {
        name: sorted(places, key=lambda place: (order.get(fold(headings[place]), len(order)), place))
        for name, places in positions.items()
    }


def _columns(fit: _Fit, headings: Sequence[str]) -> dict[int, str]:
    kinds = {None: "_unknown", IGNORED: "_ignored", TOTAL: "total"}
    columns = {at: f"{kinds.get(name, '_repeat')}_{at}" for at, (name, _) in enumerate(fit.meanings)}
    return columns | {places[0]: name for name, places in _preference(fit, headings).items()}


def _repeated(fit: _Fit, headings: Sequence[str], columns: Mapping[int, str]) -> dict[str, tuple[str, ...]]:
    several = {name: places for name, places in _preference(fit, headings).items() if len(places) > 1}
    return {name: tuple(columns[place] for place in places) for name, places in several.items()}
