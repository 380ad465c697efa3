"""A person's own mapping of a file whose layout is not known: its draft, guessed from the headings, and its reading.

It lies beside the raw file, as `<file name>.map.toml`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.raw.beside import MAPPING
from tradeanalytics.sources.layouts import (
    FIELDS,
    IGNORED,
    IN_PIECES,
    LAYOUTS,
    SHIPMENT,
    TOTAL,
    Layout,
    fold,
    missing_of,
)

_SETTINGS = {
    "direction": ("import", "export"),
    "value_basis": ("statistical", "declared_fob", "declared_cif", "estimated"),
    "number_style": ("point_decimal", "comma_decimal"),
    "date_order": ("dmy", "mdy", "ymd"),
    "weight_unit": ("kg", "t", "lb"),
    "hs_source": ("declared", "parsed", "classified"),
}
_TOP = ("name", "currency", "columns", *_SETTINGS)


def mapping_path(raw: Path) -> Path:
    """Where a person's mapping of a raw file lies: beside it, under its whole name."""
    return raw.with_name(raw.name + MAPPING)


def read_mapping(path: Path) -> Layout:
    """A person's own layout, from TOML: settings, and under [columns] our field = "their heading", or a list of them.

    Raises TradeAnalyticsError naming the key and what was expected.
    """
    told = _toml(path)
    columns = told.pop("columns", None)
    settings: dict[str, Any] = {key: _setting(path, key, value) for key, value in told.items()}
    spellings = _own_headings(path, columns)
    headings = {fold(heading): name for heading, name in spellings.items()}
    missing = missing_of(SHIPMENT, headings.values())
    _expect(not missing, path, "[columns]", list(headings.values()), f"a heading for {' and for '.join(missing)}")
    name = settings.pop("name", path.name.removesuffix(MAPPING))
    return Layout(
        name=name,
        title=f"own mapping {name}",
        kind="own mapping",
        headings=headings,
        estimated=settings.get("value_basis") == "estimated",
        by_direction="trader_name" in headings.values(),
        spellings=frozenset(spellings),
        **settings,
    )


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise TradeAnalyticsError(f"{path}: no such mapping; `tradeanalytics map FILE` writes its draft") from None
    except UnicodeDecodeError:
        raise TradeAnalyticsError(f"{path}: not UTF-8; save the mapping as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise TradeAnalyticsError(f'{path}: {error}; a line is field = "heading"') from None


def _setting(path: Path, key: str, value: object) -> str:
    place = "under [columns]" if _is_field(key) else f"one of {list(_TOP)}{_did_you_mean(key, _TOP)}"
    _expect(key in _TOP, path, key, value, place)
    _expect(isinstance(value, str) and bool(value.strip()), path, key, value, "a text in quotes")
    if key in _SETTINGS:
        _expect(value in _SETTINGS[key], path, key, value, f"one of {list(_SETTINGS[key])}")
    if key == "currency":
        _expect(bool(re.fullmatch("[A-Z]{3}", str(value))), path, key, value, "three capital letters, such as USD")
    return str(value)


def _own_headings(path: Path, columns: object) -> dict[str, str]:
    """Heading to field; the order of the lines is the order of preference."""
    if not isinstance(columns, dict):
        raise TradeAnalyticsError(f'{path}: expected a part [columns] with lines field = "heading"')
    fields: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for name, value in columns.items():
        _expect(_is_field(name), path, name, value, f"one of our fields{_did_you_mean(name, FIELDS)}")
        for heading in value if isinstance(value, list) else [value]:
            _expect(isinstance(heading, str) and bool(fold(heading)), path, name, heading, "a heading in quotes")
            taken = fields.setdefault(fold(heading), name)
            _expect(taken == name, path, name, heading, f"a heading once; it already stands for {taken}")
            spelt[heading] = name
    return spelt


def _did_you_mean(name: str, names: Sequence[str]) -> str:
    close = get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _is_field(name: str) -> bool:
    piece = re.fullmatch(r"(.+?)_([2-9]|1[0-9])", name)
    return name in (*FIELDS, IGNORED, TOTAL) or bool(piece and piece[1] in IN_PIECES)


def _expect(holds: bool, path: Path, key: str, value: object, expected: str) -> None:
    if not holds:
        raise TradeAnalyticsError(f"{path}: {key} = {value!r}: expected {expected}")


@dataclass(frozen=True)
class _Family:
    """Words that suggest a field, and words that forbid it; `sure` unless a person must look."""

    field: str
    words: re.Pattern[str]
    never: re.Pattern[str]
    sure: bool = True


def _pattern(words: str) -> re.Pattern[str]:
    """Latin words whole (or with an s), Cyrillic ones by their stem, Chinese ones anywhere; `+`: both."""
    groups = ["|".join(_word(word) for word in group.split("|")) for group in words.split(" + ")]
    return re.compile("".join(f"(?=.*(?:{group}))" for group in groups))


def _word(word: str) -> str:
    if _HAN.search(word):
        return word
    return rf"(?<!\w){re.escape(word)}" + (r"s?(?!\w)" if word.isascii() else "")


_HAN = re.compile("[\u4e00-\u9fff]")
_NEVER = re.compile("(?!)")
_ADDRESS = "address|addr|street|адрес|улиц|地址|direccion|dirección"
_COUNTRY = "country|nation|стран|国家|国别|pais|país"
_NUMBER = (
    "id|inn|no|number|num|code|tax|ein|vat|duns|d u n s|ruc|nit|инн|кпп|бин|иин|огрн|окпо|код|номер|рег|税号|编码|编号"
)
_CONTACT = (
    "phone|tel|telephone|fax|email|e mail|mail|website|web|contact|city|town|state|province|region|zip|postal|scac"
    "|postcode|телефон|факс|почт|индекс|город|регион|област|контакт|电话|邮箱|城市|ciudad|telefono|teléfono"
)
_SHIPPER = (
    "shipper|exporter|supplier|seller|consignor|sender|vendor|отправител|экспортер|поставщик|продав|发货人|出口商|供应商"
    "|exportador|proveedor"
)
_CONSIGNEE = (
    "consignee|importer|buyer|receiver|purchaser|получател|импортер|покупател|收货人|进口商|采购商|importador|comprador"
)
_MONEY = "value|amount|price|cost|fob|cif|стоимост|цена|цены|сумм|金额|价值|总价|valor"
_WEIGHT = "weight|wt|mass|kg|kgs|kilo|вес|масс|кг|重量|千克|peso"
_DATE = "date|дат|日期|fecha"
_TOTALS = "total|общ|итог|всего|合计"
_GOODS_WORDS = (
    "description|desc|goods|product|commodity|cargo|товар|описан|груз|货物|品名|商品|descripcion|descripción|mercancia"
)
_NOT_NAME = f"{_ADDRESS}|{_COUNTRY}|{_NUMBER}|{_CONTACT}|{_MONEY}|{_WEIGHT}|{_DATE}|port|порт|type|тип"


def _families() -> tuple[_Family, ...]:
    """In order: the first family whose words are all there and whose forbidden words are not."""
    found: list[_Family] = []

    def family(name: str, words: str, never: str = "", *, sure: bool = True) -> None:
        found.append(_Family(name, _pattern(words), _pattern(never) if never else _NEVER, sure))

    for side, words, other in (("shipper", _SHIPPER, _CONSIGNEE), ("consignee", _CONSIGNEE, _SHIPPER)):
        family(f"{side}_address", f"{words} + {_ADDRESS}", f"{other}|{_CONTACT}|notify")
        family(f"{side}_country", f"{words} + {_COUNTRY}", f"{other}|{_CONTACT}|{_ADDRESS}")
        family(f"{side}_id", f"{words} + {_NUMBER}", f"{other}|{_CONTACT}|{_ADDRESS}|{_COUNTRY}|{_MONEY}|{_DATE}")
        family(f"{side}_name", words, f"{other}|{_NOT_NAME}")
    family("notify_name", "notify|nofity|уведом|通知人", _NOT_NAME)
    family("manufacturer", "manufacturer|maker|изготовител|производител|制造商|fabricante", _NOT_NAME)
    family("trademark", "trademark|brand|товарный знак|бренд|марк|品牌|marca", f"{_NUMBER}|{_MONEY}")
    family("contract_holder_name", "контрактодержател", _NOT_NAME)
    family("contract_holder_id", "контрактодержател + инн|бин")
    family("declarant_name", "declarant|broker|декларант|报关行", _NOT_NAME)
    family("declarant_id", "declarant|broker|декларант + id|inn|инн|бин|code|number")
    family(
        "hs",
        "hs|hs code|hscode|tariff|hts|htsus|tn ved|tnved|тн вэд|тнвэд|海关编码|税则号|税号|harmonized|partida",
        _MONEY,
    )
    family("hs", "product|commodity|товар + code|код", _MONEY, sure=False)
    family("origin_country", f"{_COUNTRY} + origin|происхожд|原产|origen", _CONTACT)
    family("destination_country", f"{_COUNTRY} + destination|назначен|目的|destino", _CONTACT)
    family("dispatch_country", f"{_COUNTRY} + departure|dispatch|export|отправлен|启运|起运", _CONTACT)
    family("trading_country", f"{_COUNTRY} + trading|trade|торгующ|торгов|贸易", _CONTACT)
    family("origin_country", "原产国|原产地")
    family("destination_country", "目的国|目的地", sure=False)
    family("arrival_on", f"arrival + {_DATE}")
    family("released_on", f"{_DATE} + release|выпуск|clearance")
    family("registered_on", f"{_DATE} + registration|declaration|shipment|регистрац|оформлен|申报|出口|进口")
    family("registered_on", _DATE, "birth|update|rate|курс|broker|contract|договор|рожден|invoice|счет")
    family("direction", "direction|направлен|им эк|进出口")
    family("regime", "regime|procedure|режим|процедур|贸易方式|regimen")
    family(
        "declaration",
        "declaration|bill of lading|bol|b l|b#|entry|деклараци|дт|гтд|报关单|提单 + no|number|#|id|номер|номера|号",
        _TOTALS,
    )
    family("declaration", "bill of lading|bill of lading #|报关单号|提单号")
    family("item", "item|line|товара + no|number|номер", f"{_MONEY}|{_GOODS_WORDS}|code|код", sure=False)
    family("gross_kg", f"{_WEIGHT} + gross|брутто|毛|bruto + kg|kgs|kilo|кг|千克|kilos", _MONEY)
    family("net_kg", f"{_WEIGHT} + net|netto|нетто|净|neto + kg|kgs|kilo|кг|千克|kilos", _MONEY)
    family("gross_kg", f"{_WEIGHT} + gross|брутто|毛|bruto|brutos", _MONEY, sure=False)
    family("net_kg", f"{_WEIGHT} + net|netto|нетто|净|neto|netos", _MONEY, sure=False)
    family("weight_unit", f"{_WEIGHT} + unit|единиц|ед|单位", sure=False)
    family("weight", _WEIGHT, _MONEY, sure=False)
    family("invoice_currency", "currency|валют|币种|货币|moneda", "rate|курс|date|дат")
    family("total", f"{_TOTALS} + {_MONEY}", sure=False)
    family("statistical_usd", "статистическ + стоимост", "кг|руб")
    family("customs_rub", "таможенн + стоимост", "usd|долл|корректировк|метод")
    family("invoice", f"фактурн|invoice + {_MONEY}", "unit|кг")
    family("usd", f"{_MONEY} + usd|us$|us|dollar|$|долл|美元", "unit|per|за|единиц|单价")
    family("invoice", _MONEY, "unit|per|за|единиц|单价", sure=False)
    family("quantity_unit", "quantity|qty|кол|количеств|数量|cantidad + unit|единиц|ед|измерен|单位")
    family(
        "quantity", "quantity|qty|количеств|кол во|数量|cantidad|pieces|pcs", "мест|package|container|контейнер|единиц"
    )
    family("quantity_unit", "unit|uom|единиц|измерен|单位|unidad", _MONEY, sure=False)
    family("description", _GOODS_WORDS, f"{_NUMBER}|{_COUNTRY}|{_MONEY}|{_WEIGHT}|{_CONTACT}|type|тип|quantity|кол")
    return tuple(found)


_FAMILIES = _families()


def _agreed() -> dict[str, str]:
    """What a heading means in every layout of shipments that has it, where they agree; single words say too little."""
    fields: dict[str, set[str]] = {}
    for layout in LAYOUTS:
        if layout.table == "shipments":
            for heading, name in layout.headings.items():
                fields.setdefault(heading, set()).add(name)
    agreed = {heading: next(iter(names)) for heading, names in fields.items() if len(names) == 1}
    return {heading: name for heading, name in agreed.items() if name in FIELDS and re.search("[ _0-9]", heading)}


_AGREED = _agreed()
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])|_")


def guess(heading: str) -> tuple[str | None, bool]:
    """The field a heading probably means, null if it tells nothing; and whether that is sure enough to use unread.

    >>> guess("Consignee Address"), guess("ИНН отправителя"), guess("Weight")
    (('consignee_address', True), ('shipper_id', True), ('weight', False))
    """
    if fold(heading) in _AGREED:
        return _AGREED[fold(heading)], True
    words = fold(_HUMP.sub(" ", heading))
    for family in _FAMILIES:
        if family.words.match(words) and not family.never.match(words):
            return family.field, family.sure
    return None, False


def draft_mapping(headings: Sequence[str], samples: Mapping[str, Sequence[str]]) -> str:
    """The draft TOML of a mapping: a line a heading with up to three sample values; what is unsure is commented out."""
    lines: list[str] = []
    seen: set[str] = {""}
    taken: set[str | None] = set()
    for heading in headings:
        if fold(heading) not in seen:
            name, sure = guess(heading)
            lines.append(_line(heading, name, sure and name not in taken, samples.get(heading, ())))
            taken |= {name} if sure else set()
            seen.add(fold(heading))
    return "\n".join([*_HEAD, *lines, ""])


_HEAD = (
    "# Draft of a mapping. Each line: our field = the file's heading, then values from the file.",
    "# Check every line; take the # away before what is right, and put it before what is not.",
    '# Several headings of one field: field = ["first choice", "second choice"].',
    '# name = "a short name for this layout"',
    *(f'# {key} = "{allowed[0]}"  # one of {", ".join(allowed)}' for key, allowed in _SETTINGS.items()),
    '# currency = "USD"  # of the column invoice, where no column says',
    "",
    "[columns]",
)


def _line(heading: str, name: str | None, use: bool, values: Sequence[str]) -> str:
    shown = [text for text in (_one_line(value) for value in values) if text][:3]
    comment = f"  # {' | '.join(shown)}" if shown else ""
    return f"{'' if use else '# '}{name or 'ignored'} = {_quoted(heading)}{comment}"


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    words = "".join(letter if letter.isprintable() else " " for letter in text).split()
    line = " ".join(words)
    return line if len(line) <= 40 else line[:39] + "…"
