"""What a clean row is: columns, types, units, row rules. Data, no logic.

Every table carries its lineage: `file_id` (first 16 hex digits of the raw file's sha256) and `record` (1-based row
number after the heading, blank rows counted).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a clean table: its SQL type, its unit or scheme, and what it means."""

    name: str
    type: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A clean table; within one raw file, the columns of `key` name one row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


LINEAGE = (
    Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
    Column("record", "BIGINT", "Row of the raw file after its heading, blank rows counted", "1-based"),
)

FLOWS = Table(
    name="flows",
    columns=(
        *LINEAGE,
        Column("reporter", "VARCHAR", "Who reports the trade", "ISO 3166 alpha-2, or EU27"),
        Column("partner", "VARCHAR", "The other side", "ISO 3166 alpha-2, or WORLD, EU27, OTHER"),
        Column("flow", "VARCHAR", "Which way", "import, domestic_export, re_export, total_export"),
        Column("basis", "VARCHAR", "How trade is counted", "customs, balance_of_payments"),
        Column("seasonal_adjustment", "VARCHAR", "Whether seasons are taken out", "unadjusted, seasonally_adjusted"),
        Column("period", "DATE", "The month, or the first month of the year", "first day of the month"),
        Column("months", "BIGINT", "How many months are counted from there", "1 or 12"),
        Column("product_scheme", "VARCHAR", "Which list the product code is from", "napcs_section, total_only"),
        Column("product", "VARCHAR", "Which goods", "code of the scheme, or TOTAL"),
        Column("region", "VARCHAR", "Part of the reporter", "ISO 3166-2, or the reporter's code for all of it"),
        Column(
            "value_cad_cents", "BIGINT", "Value as published; null where the publisher gives none", "Canadian cents"
        ),
        Column("value_eur_cents", "BIGINT", "The same of a publisher who counts in euros", "euro cents"),
        Column("status", "VARCHAR", "The publisher's status sign of the cell", "x, .., ..., F, A-E, 0s, <LOD or null"),
        Column("symbol", "VARCHAR", "The publisher's revision sign of the cell", "p, r or null"),
        Column("sums_regions", "BOOLEAN", "Its parts by region are in the same file"),
        Column("sums_products", "BOOLEAN", "Its parts by product are in the same file"),
        Column("sums_partners", "BOOLEAN", "Its parts by partner are in the same file"),
        Column(
            "sums_jointly", "VARCHAR", "Its parts lie only this many dimensions down", "product+region, ... or null"
        ),
        Column("parts_missing", "BOOLEAN", "Its parts in the file do not add up to it: some are missing"),
        Column("table_id", "VARCHAR", "The publisher's table", "12-10-0119"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("reporter", "partner", "flow", "basis", "seasonal_adjustment", "period", "months", "product", "region"),
)

GOODS = Table(
    name="goods",
    columns=(
        *LINEAGE,
        Column("reporter", "VARCHAR", "Who reports the trade", "ISO 3166 alpha-2"),
        Column("partner", "VARCHAR", "The other side", "ISO 3166 alpha-2 or the publisher's code"),
        Column("flow", "VARCHAR", "Which way", "import, domestic_export, re_export, total_export, re_import"),
        Column("basis", "VARCHAR", "How trade is counted", "customs"),
        Column("period", "DATE", "The month, or the first month of the year", "first day of the month"),
        Column("months", "BIGINT", "How many months are counted from there", "1 or 12"),
        Column("hs", "VARCHAR", "Code of the goods as published: one level, never its sums", "digits"),
        Column("hs_edition", "VARCHAR", "Edition of the HS in force", "1988, 1996, 2002, 2007, 2012, 2017, 2022"),
        Column("region", "VARCHAR", "Part of the reporter; null if not told", "ISO 3166-2; Russia's as published"),
        Column(
            "partner_region", "VARCHAR", "State of the United States; null elsewhere", "ISO 3166-2, or US if unknown"
        ),
        Column("value_cad_cents", "BIGINT", "Value as published, on the valuation beside it", "Canadian cents"),
        Column("value_usd_cents", "BIGINT", "The same of a publisher who counts in US dollars", "US cents"),
        Column("valuation", "VARCHAR", "What the value includes; null if the publisher does not say", "fob, cif"),
        Column("net_kg", "DOUBLE", "Net mass as declared", "kg"),
        Column("net_kg_estimated", "DOUBLE", "Net mass as the publisher estimates it", "kg"),
        Column("quantity", "DOUBLE", "Quantity as declared, in the unit beside it; null where there is no unit"),
        Column("quantity_estimated", "DOUBLE", "Quantity as the publisher estimates it, in the unit beside it"),
        Column("quantity_unit", "VARCHAR", "Unit of the quantity as published"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table", "CIMT-Imp-2023"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=(
        *("reporter", "partner", "flow", "period", "months", "hs", "hs_edition"),
        *("region", "partner_region", "quantity_unit"),
    ),
)

HELD = Table(
    name="held",
    columns=(
        Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
        Column("reporter", "VARCHAR", "Who reports the trade", "ISO 3166 alpha-2"),
        Column("flow", "VARCHAR", "Which way, as in `goods`"),
        Column("partner", "VARCHAR", "With whom; null: with all, where the publisher gives all trade"),
        Column("period", "DATE", "A month that the file's goods tell of, or the first month of a year"),
        Column("months", "BIGINT", "How many months are counted from there", "1 or 12"),
        Column("digits", "BIGINT", "The fewest digits of a code there"),
        Column("rows", "BIGINT", "Rows of goods"),
        Column("without_value", "BIGINT", "Rows whose value the publisher leaves out"),
        Column("currency", "VARCHAR", "Which value the rows have", "CAD, USD"),
        Column("valuation", "VARCHAR", "What the value includes; null if it is not one for all", "fob, cif"),
        Column("complete", "BOOLEAN", "All trade is there: what has no row there was not traded"),
        Column("by_region", "BOOLEAN", "The rows name the part of the reporter"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table", "CIMT-Imp-2023"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("file_id", "reporter", "flow", "partner", "period", "months"),
)

DOUBTS = Table(
    name="doubts",
    columns=(
        Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
        Column("reporter", "VARCHAR", "Whose goods may be wrong; null: of any reporter of the file"),
        Column("flow", "VARCHAR", "In which flow; null: in any"),
        Column("partner", "VARCHAR", "With which partner; null: with any"),
        Column("period", "DATE", "In which month; null: in any"),
        Column("hs", "VARCHAR", "Which goods, by the first digits of their code; null: any", "digits"),
        Column(
            "why", "VARCHAR", "A row was rejected, or another level of the file has another sum", "rejected, levels"
        ),
        Column("rows", "BIGINT", "How many rows or cells"),
    ),
    key=("file_id", "reporter", "flow", "partner", "period", "hs", "why"),
)

CODES = Table(
    name="codes",
    columns=(
        *LINEAGE,
        Column(
            "list",
            "VARCHAR",
            "Which list",
            "country, state, province, unit, hs2 to hs10, hs_un",
        ),
        Column("code", "VARCHAR", "The code as the rows write it"),
        Column("number", "VARCHAR", "The publisher's number for it, where there is one"),
        Column("first_month", "DATE", "First month in which it means this", "first day of the month"),
        Column("last_month", "DATE", "Last such month; null while it holds", "first day of the month"),
        Column("unit", "VARCHAR", "Unit of quantity of the goods, null if none"),
        Column("en", "VARCHAR", "Meaning in English, cut off by the publisher at 83 characters"),
        Column("fr", "VARCHAR", "Meaning in French, cut off likewise"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("list", "code", "first_month"),
)

RELATIONS = Table(
    name="relations",
    columns=(
        *LINEAGE,
        Column("edition_before", "VARCHAR", "The earlier edition of the HS", "2012, 2017"),
        Column("code_before", "VARCHAR", "A code of it", "six digits"),
        Column("edition_after", "VARCHAR", "The later edition", "2017, 2022"),
        Column("code_after", "VARCHAR", "A code that holds some of the same goods", "six digits"),
        Column("relation", "VARCHAR", "As published: later to earlier codes", "1:1, 1:n, n:1, n:n"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("edition_before", "code_before", "edition_after", "code_after"),
)

SERIES = Table(
    name="series",
    columns=(
        *LINEAGE,
        Column("table_id", "VARCHAR", "The publisher's table", "18-10-0204"),
        Column("vector", "VARCHAR", "The publisher's series number", "v107792869"),
        Column("dimensions", "VARCHAR", "Member of each dimension, in the publisher's words", "JSON object"),
        Column("period", "DATE", "First day of the reference period"),
        Column(
            "reference_period", "VARCHAR", "The reference period as published", "2021, 2021-03, 2021-03-04, 2021/2022"
        ),
        Column("value", "DOUBLE", "Value times its scalar factor; null where the publisher gives none"),
        Column("unit", "VARCHAR", "Unit of measure in the publisher's words"),
        Column("status", "VARCHAR", "The publisher's status sign of the cell", "x, .., ..., F, A-E, 0s, <LOD or null"),
        Column("symbol", "VARCHAR", "The publisher's revision sign of the cell", "p, r or null"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("dimensions", "reference_period"),
)

SHIPMENTS = Table(
    name="shipments",
    columns=(
        *LINEAGE,
        Column("sheet", "VARCHAR", "Sheet of a workbook, null elsewhere"),
        Column("layout", "VARCHAR", "Which layout the file was read as"),
        Column("declaration", "VARCHAR", "Declaration or bill number as written"),
        Column("declaration_key", "VARCHAR", "The number with one spelling of its separators, to compare by"),
        Column("item", "VARCHAR", "Item of the declaration"),
        Column("direction", "VARCHAR", "Which way", "import, export"),
        Column("regime", "VARCHAR", "Customs procedure as written"),
        Column("registered_on", "DATE", "Registration of the declaration, or arrival of the bill"),
        Column("released_on", "DATE", "Release of the goods"),
        Column("shipper_name", "VARCHAR", "Who sends, as written but for homoglyphs and spaces"),
        Column("shipper_address", "VARCHAR", "Address as written"),
        Column("shipper_country", "VARCHAR", "Country of the shipper's address", "ISO 3166 alpha-2"),
        Column("shipper_id", "VARCHAR", "Registration or tax number as written"),
        Column("shipper_as", "VARCHAR", "Why there is a second party", "to_order, care_of, on_behalf_of, withheld"),
        Column("shipper_second", "VARCHAR", "The second party named in the shipper's field"),
        Column("consignee_name", "VARCHAR", "Who receives, as written but for homoglyphs and spaces"),
        Column("consignee_address", "VARCHAR", "Address as written"),
        Column("consignee_country", "VARCHAR", "Country of the consignee's address", "ISO 3166 alpha-2"),
        Column("consignee_id", "VARCHAR", "Registration or tax number as written"),
        Column("consignee_as", "VARCHAR", "Why there is a second party", "to_order, care_of, on_behalf_of, withheld"),
        Column("consignee_second", "VARCHAR", "The second party named in the consignee's field"),
        Column("manufacturer", "VARCHAR", "Maker of the goods as written"),
        Column("trademark", "VARCHAR", "Trademark as written"),
        Column("declarant_name", "VARCHAR", "Who declares"),
        Column("declarant_id", "VARCHAR", "Registration or tax number as written"),
        Column("contract_holder_name", "VARCHAR", "Who holds the contract"),
        Column("contract_holder_id", "VARCHAR", "Registration or tax number as written"),
        Column("notify_name", "VARCHAR", "Who is told of the arrival"),
        Column("trading_country", "VARCHAR", "Country of the seller", "ISO 3166 alpha-2"),
        Column("dispatch_country", "VARCHAR", "Country the goods were sent from", "ISO 3166 alpha-2"),
        Column("origin_country", "VARCHAR", "Country the goods were made in", "ISO 3166 alpha-2"),
        Column("destination_country", "VARCHAR", "Country the goods go to", "ISO 3166 alpha-2"),
        Column("hs", "VARCHAR", "Code of the goods", "digits; the first six are the HS"),
        Column("hs_source", "VARCHAR", "Where the code is from", "declared, parsed, classified"),
        Column("hs_edition", "VARCHAR", "Edition of the HS in force on the date", "2012, 2017, 2022"),
        Column("hs_repair", "VARCHAR", "How the written code was repaired, null if it was not"),
        Column(
            "description", "VARCHAR", "Description of the goods as written but for line marks, homoglyphs and spaces"
        ),
        Column("gross_kg", "DOUBLE", "Gross mass", "kg"),
        Column("net_kg", "DOUBLE", "Net mass", "kg"),
        Column("quantity", "DOUBLE", "Quantity in the unit beside it"),
        Column("quantity_unit", "VARCHAR", "Unit as written"),
        Column("invoice_cents", "BIGINT", "Invoice value", "hundredths of the currency beside it"),
        Column("invoice_currency", "VARCHAR", "Currency of the invoice", "ISO 4217"),
        Column("value_rub_cents", "BIGINT", "Customs value", "kopecks"),
        Column("value_usd_cents", "BIGINT", "Value in US dollars, on the basis beside it", "US cents"),
        Column(
            "value_usd_basis",
            "VARCHAR",
            "What the US dollars are",
            "statistical, declared_fob, declared_cif, estimated",
        ),
        Column("flags", "VARCHAR", "What a careful reader must know of the row", "codes, joined by ;"),
        Column(
            "duplicate",
            "VARCHAR",
            "Whether the row is there again, or was taken back: only unique and same_key_other_payload are counted",
            "unique, exact, same_key_same_payload, same_key_other_payload, master_of_house, withdrawn",
        ),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table, if any"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("record", "sheet"),
)

NAMES = Table(
    name="names",
    columns=(
        Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
        Column("text", "VARCHAR", "A name as in the shipments, the register or the leak of this file"),
        Column("key", "VARCHAR", "What spellings of one name share: a lead, not an identity"),
        Column("legal_form", "VARCHAR", "The legal form that the key leaves out"),
    ),
    key=("file_id", "text"),
)

LISTED = Table(
    name="listed",
    columns=(
        *LINEAGE,
        Column("authority", "VARCHAR", "Whose list", "ISO 3166 alpha-2, EU, UN, or the name of an invented authority"),
        Column("list", "VARCHAR", "Which list", "code of reference/watchlists.csv, or its name as written"),
        Column("list_date", "VARCHAR", "Date of the list; null if unknown", "2026-08-22, 2023-01 or 2023"),
        Column("entry", "VARCHAR", "The publisher's number of the party"),
        Column("part", "VARCHAR", "Number of the alias or address in its file; null where a row is all of a party"),
        Column("says", "VARCHAR", "What the row holds of the party", "entry, alias, address, remark, absent"),
        Column("type", "VARCHAR", "What is listed; null if not told", "person, company, ship, aircraft"),
        Column(
            "names",
            "STRUCT(name VARCHAR, kind VARCHAR, strong BOOLEAN, language VARCHAR, script VARCHAR)[]",
            "Names as published; strong is false of a name that the publisher calls weak, null where not told",
            "kind: primary, alias, former, native",
        ),
        Column(
            "identifiers",
            "STRUCT(kind VARCHAR, number VARCHAR, country VARCHAR)[]",
            "Registration, tax and identity numbers as published",
            "kind: inn, ogrn, imo, lei, ... or the publisher's word",
        ),
        Column("addresses", "STRUCT(address VARCHAR, country VARCHAR)[]", "Addresses as published"),
        Column("countries", "VARCHAR[]", "Nationality, seat, flag", "ISO 3166 alpha-2"),
        Column("born", "VARCHAR[]", "Dates of birth, or of building of a ship, as published"),
        Column("programmes", "VARCHAR[]", "Programme, regime or regulation as published"),
        Column("listed_on", "DATE", "Since when it is listed, where the publisher tells"),
        Column("delisted_on", "DATE", "Until when it was listed, where the publisher tells"),
        Column("reference", "VARCHAR", "Legal act or number of another list"),
        Column("remarks", "VARCHAR", "The publisher's remarks"),
        Column("flags", "VARCHAR", "What a careful reader must know of the row", "codes, joined by ;"),
        Column("whole", "BOOLEAN", "The file is all of the list: who is not in it was not on the list of that date"),
        Column("content", "VARCHAR", "Hash of the row as read: rows of one number with other contents are all kept"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table, if any"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("list", "entry", "part", "content"),
)

REGISTERED = Table(
    name="registered",
    columns=(
        *LINEAGE,
        Column("register", "VARCHAR", "Which register", "ca_federal, or its name as told by the file"),
        Column("register_date", "VARCHAR", "Date of its state; null if unknown", "2026-08-22, 2023-01 or 2023"),
        Column("jurisdiction", "VARCHAR", "Whose register it is; null if not told", "ISO 3166 alpha-2, or 3166-2"),
        Column("number", "VARCHAR", "The company's number as published"),
        Column("number_key", "VARCHAR", "The number without signs and zeros before it, to compare by"),
        Column(
            "names",
            "STRUCT(name VARCHAR, kind VARCHAR, since VARCHAR, until VARCHAR)[]",
            "Names as published, with the days between which they held where told",
            "kind: current, former",
        ),
        Column("status", "VARCHAR", "Status as published"),
        Column("status_since", "DATE", "Since when, where told"),
        Column(
            "active", "BOOLEAN", "Whether the status says that the company is there; null where that is not certain"
        ),
        Column("incorporated_on", "DATE", "Day of incorporation, or of registration where the register gives that"),
        Column("dissolved_on", "DATE", "Day of dissolution or deletion"),
        Column("address", "VARCHAR", "Registered office as published"),
        Column("address_key", "VARCHAR", "What spellings of one address share: capitals, no marks"),
        Column("country", "VARCHAR", "Country of the registered office", "ISO 3166 alpha-2"),
        Column("business_number", "VARCHAR", "Tax or business number as published"),
        Column("flags", "VARCHAR", "What a careful reader must know of the row", "codes, joined by ;"),
        Column("content", "VARCHAR", "Hash of the row as read: rows of one number with other contents are all kept"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table, if any"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("register", "number", "content"),
)

OFFSHORE = Table(
    name="offshore",
    columns=(
        *LINEAGE,
        Column("node_id", "VARCHAR", "ICIJ's number of the node; its page is offshoreleaks.icij.org/nodes/NUMBER"),
        Column("kind", "VARCHAR", "What the node is", "entity, officer, address, intermediary, other"),
        Column("name", "VARCHAR", "Name as published; an officer can be a person or a company, which is not told"),
        Column("original_name", "VARCHAR", "The name as in the leak, where given"),
        Column("former_name", "VARCHAR", "Former name or names as published"),
        Column("company_type", "VARCHAR", "Type of the company as published"),
        Column("jurisdiction", "VARCHAR", "Where it is registered, in the publisher's words, else its code"),
        Column("jurisdiction_country", "VARCHAR", "The same, where it is a country known here", "ISO 3166 alpha-2"),
        Column("address", "VARCHAR", "Address as published"),
        Column("address_key", "VARCHAR", "What spellings of one address share: capitals, no marks"),
        Column("countries", "VARCHAR[]", "Countries of its addresses", "ISO 3166 alpha-2"),
        Column("elsewhere", "BOOLEAN", "None of its countries is its jurisdiction; null where either is not known"),
        Column("incorporated_on", "DATE", "Day of incorporation"),
        Column("inactivated_on", "DATE", "Day of becoming inactive"),
        Column("struck_off_on", "DATE", "Day of being struck off"),
        Column("dormant_on", "DATE", "Day of becoming dormant"),
        Column("closed_on", "DATE", "Day of closing"),
        Column("status", "VARCHAR", "Status as published, as of the leak"),
        Column("service_provider", "VARCHAR", "The firm that the records are from"),
        Column("registration_number", "VARCHAR", "Number in the register of its jurisdiction (ibcRUC)"),
        Column("internal_id", "VARCHAR", "The service provider's own number"),
        Column("source", "VARCHAR", "Which leak"),
        Column("valid_until", "VARCHAR", "Until when the leak's records go, in the publisher's words"),
        Column("note", "VARCHAR", "The publisher's note"),
        Column("flags", "VARCHAR", "What a careful reader must know of the row", "codes, joined by ;"),
        Column("content", "VARCHAR", "Hash of the row as read: rows of one number with other contents are all kept"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table, if any"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("node_id", "content"),
)

OFFSHORE_LINKS = Table(
    name="offshore_links",
    columns=(
        *LINEAGE,
        Column("start_id", "VARCHAR", "Node from which the link goes"),
        Column("end_id", "VARCHAR", "Node to which it goes"),
        Column("rel_type", "VARCHAR", "Kind of link", "officer_of, registered_address, intermediary_of, same_name_as"),
        Column("link", "VARCHAR", "The link in the publisher's words", "shareholder of, director of"),
        Column("hint", "BOOLEAN", "ICIJ made the link of likeness between names: no identity, and not in the leak"),
        Column("status", "VARCHAR", "Status as published"),
        Column("started_on", "DATE", "First day of the link"),
        Column("ended_on", "DATE", "Last day of the link"),
        Column("source", "VARCHAR", "Which leak"),
        Column("flags", "VARCHAR", "What a careful reader must know of the row", "codes, joined by ;"),
        Column("content", "VARCHAR", "Hash of the row as read: only a row that says the same again is set aside"),
        Column("invented", "BOOLEAN", "The file is no real one: its name begins with SYNTHETIC"),
        Column("table_id", "VARCHAR", "The publisher's table, if any"),
        Column(
            "vintage", "VARCHAR", "Date of the publisher's release", "2022-10-05, 2022-10 or 2022; empty if unknown"
        ),
    ),
    key=("content",),
)

FINDINGS = Table(
    name="findings",
    columns=(
        Column("detector", "VARCHAR", "Which question was asked", "drop, changepoint, diversion, ..."),
        Column(
            "subject",
            "VARCHAR",
            "What was judged, as its detector names it",
            "CA total_export RU 22, a party's key, ...",
        ),
        Column("period", "DATE", "First month of what was judged; null where it is all that is there"),
        Column("until", "DATE", "Last month of it"),
        Column("observed", "DOUBLE", "What was seen; null where nothing is known"),
        Column("expected", "DOUBLE", "What it was held against"),
        Column("unit", "VARCHAR", "What both are counted in", "CAD, USD, EUR, USD/kg, share, count, ..."),
        Column("effect", "DOUBLE", "How far apart they are, as the detector measures it"),
        Column("score", "DOUBLE", "How unusual that is, by the test"),
        Column(
            "test",
            "VARCHAR",
            "Which test gave the score; null where it is none",
            "seasonal residual, t with 24 df, ...",
        ),
        Column("p", "DOUBLE", "Probability of such a score where nothing happened; null where the test gives none"),
        Column("p_adjusted", "DOUBLE", "The same, for as many units as were judged in one run", "Benjamini-Hochberg"),
        Column("n", "BIGINT", "Observations behind the score"),
        Column("judged", "BOOLEAN", "Whether the unit could be judged: one that was not is not clean"),
        Column("why_not", "VARCHAR", "Why it could not be judged; null where it was"),
        Column("flagged", "BOOLEAN", "Whether it passes the thresholds; null where it was not judged"),
        Column("survives", "BOOLEAN", "Whether it is flagged and its adjusted p is small enough; null without a p"),
        Column("reason", "VARCHAR", "One sentence that an editor can read"),
        Column("caveats", "VARCHAR", "What it does not prove, and what may explain it"),
        Column("thresholds", "VARCHAR", "The thresholds that were asked for", "JSON"),
        Column("trace", "VARCHAR", "SQL that lists the raw records behind it; null where there is none"),
        Column("invented", "BOOLEAN", "It stands on invented records"),
    ),
    key=("detector", "subject", "period", "until"),
)

FINDS = Table(
    name="finds",
    columns=(
        Column("file_id", "VARCHAR", "Which raw file, by content: see the manifest", "first 16 hex digits of sha256"),
        Column("description", "VARCHAR", "A description as in the shipments of this file"),
        Column("kind", "VARCHAR", "What was found", "pieces, maker, trademark, model, article, part_number, standard"),
        Column("value", "VARCHAR", "What it says"),
        Column("number", "DOUBLE", "How many pieces; not a number where it can be read in two ways"),
        Column("unit", "VARCHAR", "The word for pieces"),
        Column("start", "BIGINT", "Where in the description it begins", "0-based, in characters"),
        Column("end", "BIGINT", "Where it ends", "exclusive"),
        Column("how", "VARCHAR", "How it was found", "labelled, pattern, listed"),
    ),
    key=("file_id", "description", "start", "kind"),
)

KNOWN_BEFORE = Table(
    name="known_before",
    columns=(
        *LINEAGE,
        Column("sheet", "VARCHAR", "Sheet of a workbook, null elsewhere"),
        Column("known_file_id", "VARCHAR", "The earlier file that holds the same shipment"),
        Column("known_record", "BIGINT", "Its record there"),
    ),
    key=("file_id", "record", "sheet"),
)

REJECTED = Table(
    name="rejected",
    columns=(
        *LINEAGE,
        Column("reasons", "VARCHAR", "Every rule the row broke", "codes, joined by ;"),
        Column("text", "VARCHAR", "The row as published"),
    ),
    key=("record",),
)

TABLES = (
    FLOWS,
    GOODS,
    HELD,
    DOUBTS,
    CODES,
    RELATIONS,
    SERIES,
    SHIPMENTS,
    NAMES,
    FINDS,
    LISTED,
    REGISTERED,
    OFFSHORE,
    OFFSHORE_LINKS,
    KNOWN_BEFORE,
    REJECTED,
)


def describe(table: Table) -> str:
    """The data dictionary of a table, as a Markdown table: column, type, unit, meaning."""
    rows = [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in table.columns]
    return "\n".join(["| column | type | unit or scheme | meaning |", "|---|---|---|---|", *rows])
