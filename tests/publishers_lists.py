"""Records of the UK's and the EU's lists in the publishers' layouts of XML and CSV, from the same records in JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product, zip_longest
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_UK_TAGS = {
    "unique_id": "UniqueID",
    "ofsi_group_id": "OFSIGroupID",
    "un_reference_number": "UNReferenceNumber",
    "uk_statement_of_reasons": "UKStatementofReasons",
    "dobs": "DOBs",
    "dob": "DOB",
    "imo_numbers": "IMONumbers",
    "imo_number": "IMONumber",
}
_UK_SINGLE = {"names": "Name", "non_latin_names": "NonLatinName", "addresses": "Address"}
UK_COLUMNS = [
    "Last Updated",
    "Unique ID",
    "OFSI Group ID",
    "UN Reference Number",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Title",
    "Name non-latin script",
    "Non-latin script type",
    "Non-latin script language",
    "Regime Name",
    "Designation Type",
    "Designation source",
    "Sanctions Imposed",
    "Other Information",
    "UK Statement of Reasons",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
    "Phone number",
    "Website",
    "Email address",
    "Date Designated",
    "D.O.B",
    "Nationality(/ies)",
    "National Identifier number",
    "National Identifier additional information",
    "Passport number",
    "Passport additional information",
    "Position",
    "Gender",
    "Town of birth",
    "Country of birth",
    "Type of entity",
    "Subsidiaries",
    "Parent company",
    "Business registration number (s)",
    "IMO number",
    "Current owner/operator (s)",
    "Previous owner/operator (s)",
    "Current believed flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year Built",
    "Hull identification number (HIN)",
]
_UK_HEADINGS = {
    "last_updated": "Last Updated",
    "unique_id": "Unique ID",
    "ofsi_group_id": "OFSI Group ID",
    "un_reference_number": "UN Reference Number",
    "regime_name": "Regime Name",
    "individual_entity_ship": "Designation Type",
    "designation_source": "Designation source",
    "sanctions_imposed": "Sanctions Imposed",
    "other_information": "Other Information",
    "uk_statement_of_reasons": "UK Statement of Reasons",
    "date_designated": "Date Designated",
    "name_type": "Name type",
    "alias_strength": "Alias strength",
    "name_non_latin_script": "Name non-latin script",
    "address_country": "Address Country",
    **{f"name{place}": f"Name {place}" for place in range(1, 7)},
    **{f"address_line{place}": f"Address Line {place}" for place in range(1, 7)},
}
_EU_ACT = (
    "Regulation_Type",
    "Regulation_OrganisationType",
    "Regulation_PublicationDate",
    "Regulation_EntryIntoForceDate",
    "Regulation_NumberTitle",
    "Regulation_Programme",
    "Regulation_PublicationUrl",
)
_EU_PLACE = ("CountryIso2Code", "CountryDescription", "LogicalId", "RegulationLanguage", "Remark", *_EU_ACT)
_EU_COLUMNS = {
    "Entity": (
        *("LogicalId", "EU_ReferenceNumber", "UnitedNationId", "DesignationDate", "DesignationDetails", "Remark"),
        *("SubjectType", "SubjectType_ClassificationCode", *_EU_ACT),
    ),
    "NameAlias": (
        *("LastName", "FirstName", "MiddleName", "WholeName", "NameLanguage", "Gender", "Title", "Function"),
        *("LogicalId", "RegulationLanguage", "Remark", *_EU_ACT),
    ),
    "Address": ("City", "Street", "PoBox", "ZipCode", "Region", "Place", "AsAtListingTime", "ContactInfo", *_EU_PLACE),
    "BirthDate": (
        *("BirthDate", "Day", "Month", "Year", "YearRangeFrom", "YearRangeTo", "Circa", "CalendarType", "ZipCode"),
        *("Region", "Place", "City", *_EU_PLACE),
    ),
    "Identification": (
        *("Number", "Diplomatic", "KnownExpired", "KnownFalse", "ReportedLost", "RevokedByIssuer", "IssuedBy"),
        *("IssuedDate", "ValidFrom", "ValidTo", "LatinNumber", "NameOnDocument", "TypeCode", "TypeDescription"),
        *("Region", *_EU_PLACE),
    ),
    "Citizenship": ("Region", *_EU_PLACE),
}
EU_COLUMNS = ("fileGenerationDate", *(f"{part}_{name}" for part, names in _EU_COLUMNS.items() for name in names))
_EU_PARTS = {
    "name_aliases": ("nameAlias", "NameAlias"),
    "addresses": ("address", "Address"),
    "birthdates": ("birthdate", "BirthDate"),
    "identifications": ("identification", "Identification"),
    "citizenships": ("citizenship", "Citizenship"),
}
_EU_NAMES = {
    ("birthdates", "birthdate"): "BirthDate",
    ("birthdates", "day_of_month"): "Day",
    ("birthdates", "month_of_year"): "Month",
    ("identifications", "identification_type_code"): "TypeCode",
    ("regulations", "regulation_type"): "Type",
}


def british(text: str) -> str:
    """A day as the UK writes it: 31/12/2020."""
    return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3/\2/\1", text)


def camel(name: str) -> str:
    """`un_reference` as unReference."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def uk_xml(records: Iterable[Mapping[str, Any]], date: str = "22/08/2026") -> str:
    """Records of the UK Sanctions List as its XML."""
    told = "".join(f"<Designation>{''.join(_uk_elements(record))}</Designation>\n" for record in records)
    start = f'<?xml version="1.0" encoding="utf-8"?>\n<Designations><DateGenerated>{date}</DateGenerated>'
    return f"{start}\n{told}</Designations>"


def _uk_elements(record: Mapping[str, Any], inside: str = "") -> Iterator[str]:
    for name, value in record.items():
        tag = _UK_TAGS.get(name, camel(name)[0].upper() + camel(name)[1:])
        if isinstance(value, dict):
            yield f"<{tag}>{''.join(_uk_elements(value, name))}</{tag}>"
        elif isinstance(value, list):
            single = _UK_SINGLE[inside]
            yield from (f"<{single}>{''.join(_uk_elements(one))}</{single}>" for one in value)
        elif name != "_file":
            yield f"<{tag}>{escape(british(str(value).lower() if isinstance(value, bool) else value))}</{tag}>"


def uk_csv(records: Iterable[Mapping[str, Any]], date: str = "22-Aug-2026") -> str:
    """Records of the UK Sanctions List as its CSV: a row for each name of a party with each of its addresses."""
    out = io.StringIO()
    out.write(f"Report Date: {date}\r\n")
    writer = csv.DictWriter(out, UK_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        own = {name: value for name, value in record.items() if isinstance(value, str) and name != "_file"}
        native = record.get("non_latin_names", {}).get("names", [])
        names = zip_longest(record["names"]["names"], native, fillvalue={})
        for (latin, other), place in product(names, record.get("addresses", {}).get("addresses", [{}])):
            told = {**own, **latin, **other, **place}
            writer.writerow({_UK_HEADINGS[name]: british(text) for name, text in told.items()})
    return out.getvalue()


def eu_xml(records: Iterable[Mapping[str, Any]], date: str = "2026-05-01T09:00:00.000+02:00") -> str:
    """Records of the EU's list as its XML 1.1."""
    start = f'<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="{date}" globalFileId="1">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{start}\n{"".join(map(_eu_entity, records))}</export>'


def _eu_entity(record: Mapping[str, Any]) -> str:
    own = {name: record[name] for name in record if isinstance(record[name], str) and name not in ("_file", "remark")}
    remark = f"<remark>{escape(record['remark'])}</remark>" if record.get("remark") else ""
    acts = "".join(_eu_act(act) for act in record["regulations"])
    parts = [(tag, one) for name, (tag, _) in _EU_PARTS.items() for one in record.get(name, [])]
    told = "".join(_eu_element(tag, one, "".join(_eu_summaries(one))) for tag, one in parts)
    subject = _eu_element("subjectType", record["subject_type"])
    return f"<sanctionEntity{_attributes(own)}>{remark}{acts}{subject}{told}</sanctionEntity>\n"


def _eu_act(act: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in act.items() if name != "publication_url"}
    return _eu_element("regulation", plain, f"<publicationUrl>{escape(act['publication_url'])}</publicationUrl>")


def _eu_summaries(part: Mapping[str, Any]) -> Iterator[str]:
    return (_eu_element("regulationSummary", one) for one in part["regulation_summaries"])


def _eu_element(tag: str, fields: Mapping[str, Any], inside: str = "") -> str:
    plain = {name: value for name, value in fields.items() if not isinstance(value, list)}
    return f"<{tag}{_attributes(plain)}>{inside}</{tag}>"


def _attributes(fields: Mapping[str, Any]) -> str:
    return "".join(f" {camel(name)}={quoteattr(_text(value))}" for name, value in fields.items()) + ' place=""' * (
        "place" not in fields
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def eu_csv(records: Iterable[Mapping[str, Any]], date: str = "01/05/2026") -> str:
    """Records of the EU's list as its CSV 1.1: a row for each name, address, birth, number and citizenship."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, EU_COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        own = {"fileGenerationDate": date, **_eu_own(record)}
        for name, (_, start) in _EU_PARTS.items():
            for one in record.get(name, []):
                writer.writerow(own | _eu_cells(name, start, one) | _eu_dates(start, one))
    return out.getvalue()


def _eu_own(record: Mapping[str, Any]) -> dict[str, str]:
    kind = record["subject_type"]
    return {
        "Entity_LogicalId": record["logical_id"],
        "Entity_EU_ReferenceNumber": record["eu_reference_number"],
        "Entity_UnitedNationId": record.get("united_nation_id", ""),
        "Entity_DesignationDetails": record.get("designation_details", ""),
        "Entity_Remark": record.get("remark") or "",
        "Entity_SubjectType": kind["code"],
        "Entity_SubjectType_ClassificationCode": kind["classification_code"],
        **{
            f"Entity_Regulation_{_eu_heading('regulations', name)}": text
            for name, text in record["regulations"][0].items()
            if name != "logical_id"
        },
    }


def _eu_cells(part: str, start: str, one: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a part. The CSV has no column for `strong`."""
    plain = {name: value for name, value in one.items() if not isinstance(value, list) and name != "strong"}
    return {f"{start}_{_eu_heading(part, name)}": _text(value) for name, value in plain.items()}


def _eu_dates(start: str, one: Mapping[str, Any]) -> dict[str, str]:
    act = one["regulation_summaries"][0]
    return {
        f"{start}_Regulation_Type": act["regulation_type"],
        f"{start}_Regulation_PublicationDate": act["publication_date"],
        f"{start}_Regulation_NumberTitle": act["number_title"],
        f"{start}_Regulation_PublicationUrl": act["publication_url"],
    }


def _eu_heading(part: str, name: str) -> str:
    return _EU_NAMES.get((part, name)) or camel(name)[0].upper() + camel(name)[1:]
