"""Parties and addresses held against ICIJ's Offshore Leaks Database: equal names and addresses, and what links them.

Licence: Open Database License 1.0, contents CC BY-SA; cite the International Consortium of Investigative Journalists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from tradeanalytics.engine import Engine
from tradeanalytics.parties.asked import Row, answered, records, text
from tradeanalytics.parties.names import name as read_name
from tradeanalytics.reference.folding import folded_address

PAGE = "https://offshoreleaks.icij.org/nodes/{node_id}"
NO_ALLEGATION = "That somebody is in the database is no allegation: offshore companies and trusts have lawful uses."
COLUMNS = (
    *("party", "name", "how", "node_id", "kind", "node_name", "jurisdiction", "jurisdiction_country", "address"),
    *("countries", "elsewhere", "incorporated_on", "inactivated_on", "struck_off_on", "status", "source"),
    *("current_through", "nodes", "hints", "at_address", "page", "says", "file_id", "record"),
)
LINKED = (
    *("node_id", "other_id", "other_kind", "other_name", "direction", "rel_type", "link", "hint", "started_on"),
    *("ended_on", "source", "page", "says", "file_id", "record"),
)

_Asked = tuple[int, str | None, str | None]  # row, name, address
_NODE = """
    o.node_id, o.kind, o.name AS node_name, o.jurisdiction, o.jurisdiction_country, o.address, o.countries,
    o.elsewhere, o.incorporated_on, o.inactivated_on, o.struck_off_on, o.status, o.source,
    o.valid_until AS current_through, o.invented, o.file_id, o.record
"""
# Of one node in two releases the newer is told.
_ONCE = """
    QUALIFY row_number() OVER (
        PARTITION BY asked.party, o.node_id, o.content ORDER BY o.vintage DESC, o.file_id, o.record
    ) = 1
"""
_BY_NAME = f"""
    WITH asked(party, name_key) AS ({{asked}}),
    texts AS (
        SELECT file_id, record, name AS text FROM offshore WHERE kind <> 'address'
        UNION SELECT file_id, record, original_name FROM offshore WHERE kind <> 'address'
        UNION SELECT file_id, record, former_name FROM offshore WHERE kind <> 'address'
    ),
    found AS (
        SELECT DISTINCT asked.party, texts.file_id, texts.record
        FROM asked
        JOIN names ON names.key = asked.name_key
        JOIN texts ON texts.file_id = names.file_id AND texts.text = names.text
    )
    SELECT asked.party, {_NODE}
    FROM found AS asked JOIN offshore AS o ON o.file_id = asked.file_id AND o.record = asked.record
    {_ONCE}
"""
_BY_ADDRESS = f"""
    WITH asked(party, address_key) AS ({{asked}})
    SELECT asked.party, {_NODE}
    FROM asked JOIN offshore AS o ON o.address_key = asked.address_key
    {_ONCE}
"""
_COUNTS = """
    WITH asked(node_id) AS ({asked}),
    ends AS (
        SELECT start_id AS node_id, hint, false AS is_address FROM offshore_links
        UNION ALL SELECT end_id, hint, rel_type = 'registered_address' FROM offshore_links
    )
    SELECT ends.node_id, count(*) FILTER (WHERE hint) AS hints, count(*) FILTER (WHERE is_address) AS at_address
    FROM ends JOIN asked ON asked.node_id = ends.node_id GROUP BY ends.node_id
"""
_LINKED = """
    WITH asked(node_id) AS ({asked}),
    ends AS (
        SELECT start_id AS node_id, end_id AS other_id, 'to' AS direction, * FROM offshore_links
        UNION ALL SELECT end_id, start_id, 'from', * FROM offshore_links
    ),
    others AS (
        SELECT node_id, max_by(kind, vintage) AS other_kind, max_by(coalesce(name, address), vintage) AS other_name
        FROM offshore GROUP BY node_id
    )
    SELECT ends.node_id, ends.other_id, others.other_kind, others.other_name, ends.direction, ends.rel_type, ends.link,
        ends.hint, ends.started_on, ends.ended_on, ends.source, ends.invented, ends.file_id, ends.record
    FROM asked JOIN ends ON ends.node_id = asked.node_id LEFT JOIN others ON others.node_id = ends.other_id
    ORDER BY ends.node_id, ends.hint, ends.rel_type, ends.other_id, ends.file_id, ends.record
"""


def leads(engine: Engine, parties: pd.DataFrame) -> pd.DataFrame:
    """The nodes that have the name or the address of a party: a row a node; for a party without, a row that says so.

    `parties`: columns `name`, `address`, or both; `party` in the answer is its row there, counted from 0. `how`: `name`
    where the names share a key, `address` where the texts of the addresses do, `none`. `nodes`: how many were found in
    that way. `elsewhere`: the jurisdiction is none of the countries of its addresses, null where either is not known.
    `current_through`: until when the leak's records go, in ICIJ's words. `hints`: links of likeness that ICIJ made.
    `at_address`: what has its registered address at this node.
    """
    asked = [(place, text(row.get("name")), text(row.get("address"))) for place, row in enumerate(records(parties))]
    if engine.sql("SELECT 1 FROM offshore LIMIT 1").empty:
        rows = [_nothing(one, "Not looked up: the database is not among the files.") for one in asked]
    else:
        rows = list(_answers(engine, asked))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def linked(engine: Engine, nodes: Sequence[str]) -> pd.DataFrame:
    """Every link of some nodes, by their numbers: a row a link, those that ICIJ made of likeness (`hint`) last.

    `direction`: `to` where the link goes from the node to the other, else `from`. A hint is never an identity.
    """
    rows = records(answered(engine, _LINKED, [(node,) for node in dict.fromkeys(nodes)]))
    told = [{**row, "page": _page(row["other_id"], row["invented"]), "says": _of_link(row)} for row in rows]
    return pd.DataFrame(told, columns=list(LINKED))


def _answers(engine: Engine, asked: Sequence[_Asked]) -> Iterator[Row]:
    found: dict[int, list[Row]] = {}
    for node in _found(engine, asked):
        found.setdefault(node["party"], []).append(node)
    counts = _counts(engine, [node["node_id"] for nodes in found.values() for node in nodes])
    for one in asked:
        yield from _rows(one, found.get(one[0], []), counts)


def _found(engine: Engine, asked: Sequence[_Asked]) -> list[Row]:
    keys = [(place, key) for place, name, _ in asked if name and (key := read_name(name).key)]
    places = [(place, key) for place, _, address in asked if address and (key := folded_address(address))]
    by_name = records(answered(engine, _BY_NAME, keys).assign(how="name"))
    return by_name + records(answered(engine, _BY_ADDRESS, places).assign(how="address"))


def _counts(engine: Engine, nodes: Sequence[str]) -> dict[str, Row]:
    rows = records(answered(engine, _COUNTS, [(node,) for node in sorted({*nodes})]))
    return {row["node_id"]: row for row in rows}


def _rows(asked: _Asked, found: list[Row], counts: dict[str, Row]) -> Iterator[Row]:
    place, name, address = asked
    for row in sorted(found, key=lambda node: (node["how"] != "name", int(node["node_id"]), node["record"])):
        several = sum(other["how"] == row["how"] for other in found)
        counted = counts.get(row["node_id"], {"hints": 0, "at_address": 0})
        told = {**row, "party": place, "name": name, "nodes": several, **counted}
        yield {**told, "page": _page(row["node_id"], row["invented"]), "says": _says(told)}
    if not found:
        what = " or ".join(word for word, told in (("name", name), ("address", address)) if told)
        says = f"No node of this {what} was found among the files." if what else "Neither name nor address is told."
        yield _nothing(asked, says)


def _nothing(asked: _Asked, says: str) -> Row:
    return {"party": asked[0], "name": asked[1], "how": "none", "nodes": 0, "says": says}


def _says(node: Row) -> str:
    what = node["node_name"] or node["address"] or "without a name"
    sentences = [
        f"The same {node['how']} stands in the {node['source'] or 'database'}: {what} ({node['kind']}).",
        _current(node["current_through"]),
        *(["By name only: somebody of the same name can be another one."] if node["how"] == "name" else []),
        *([f"{node['nodes']} nodes have it: which one it is, this cannot tell."] if node["nodes"] > 1 else []),
        *([_elsewhere(node)] if node["elsewhere"] is True else []),
        *([f"ICIJ sees a likeness to other nodes ({node['hints']}): hints, no identities."] if node["hints"] else []),
        *([f"Registered at this address: {node['at_address']:,}."] if node["at_address"] else []),
        NO_ALLEGATION,
    ]
    return " ".join(sentences)


def _page(node_id: str, invented: bool) -> str | None:
    """A made-up node has no page: that of its number is somebody else's."""
    return None if invented else PAGE.format(node_id=node_id)


def _elsewhere(node: Row) -> str:
    return f"Its jurisdiction is {node['jurisdiction']}, its addresses are in {', '.join(node['countries'])}."


def _current(words: str | None) -> str:
    return f"{words.rstrip('.')}." if words else "Until when its records go is not told."


def _of_link(link: Row) -> str:
    other = link["other_name"] or f"node {link['other_id']}"
    if link["hint"]:
        likeness = f"ICIJ made this link of a likeness to {other} ({link['rel_type']})"
        return f"{likeness}: a hint, no identity. {NO_ALLEGATION}"
    how = link["link"] or link["rel_type"]
    says = f"This node: {how} {other}." if link["direction"] == "to" else f"{other}: {how} this node."
    return f"{says} {NO_ALLEGATION}"
