"""The commands: `tradeanalytics fetch | map | clean | screen | addresses | findings | figures | trace | verify`.

No logic here.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tradeanalytics import TradeAnalyticsError, __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is well, 1 is a figure that does not reproduce, 2 is a wrong input, said in one line."""
    _never_fail_on_a_letter()
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except TradeAnalyticsError as error:
        print(f"tradeanalytics: {error}", file=sys.stderr)
    except BrokenPipeError:  # who reads has seen enough, as `| head` does; there is nobody left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("tradeanalytics: stopped; what was whole before is as it was", file=sys.stderr)
    except Exception as error:
        if os.environ.get("TRADEANALYTICS_DEBUG"):
            raise
        print(
            f"tradeanalytics: a fault of ours, not yours: {type(error).__name__}: {str(error).splitlines()[:1]}"
            " (set TRADEANALYTICS_DEBUG=1 to see where)",
            file=sys.stderr,
        )
    return 2


def _never_fail_on_a_letter() -> None:
    """A console of Windows may not know Cyrillic: better a question mark than an end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tradeanalytics", description="Customs and export records: clean, chart, prove."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    fetch = commands.add_parser("fetch", help="get the current raw files; each download is kept as a vintage")
    fetch.add_argument(
        "keys",
        nargs="*",
        metavar="TABLE",
        help="such as 12-10-0175, or cimt 2019..2024; without any, all in the catalogue but nar (1.67 GB)",
    )
    fetch.add_argument("--list", action="store_true", help="say what can be had, and get nothing")
    fetch.set_defaults(run=_fetch)
    draft = commands.add_parser("map", help="write the draft of a mapping for a file whose headings are not known")
    draft.add_argument("file", type=Path, metavar="FILE", help="the mapping is written beside it, as FILE.map.toml")
    draft.set_defaults(run=_map)
    clean = commands.add_parser("clean", help="clean raw files into Parquet and say what was accepted and rejected")
    clean.add_argument("files", nargs="*", type=Path, metavar="FILE", help="without any, every file in data/raw")
    clean.add_argument(
        "--smaller", action="store_true", help="these lists are whole, although much smaller than those before them"
    )
    clean.set_defaults(run=_clean)
    screen = commands.add_parser("screen", help="look for the parties of a file on the lists of listed parties")
    screen.add_argument("file", type=Path, metavar="FILE", help="customs records, or a table with a column called name")
    screen.add_argument("--possible", action="store_true", help="show what is only possible, too")
    screen.add_argument(
        "--roles", default="shipper,consignee", help="of customs records: shipper, consignee, manufacturer, notify, ..."
    )
    screen.set_defaults(run=_screen)
    addresses = commands.add_parser("addresses", help="say where the parties of a file are, and what is odd about it")
    addresses.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="customs records, addresses one a line, or a table with them",
    )
    addresses.add_argument(
        "--register",
        type=Path,
        metavar="FOLDER_OR_ZIP",
        help="the National Address Register; without it, the one that was built before",
    )
    addresses.add_argument("--polygons", type=Path, metavar="FILE", help="zones or buildings as GeoJSON, beside it")
    addresses.add_argument("--property", default="", metavar="NAME", help="what the polygons are called by")
    addresses.add_argument(
        "--registered-offices", type=Path, metavar="FILE", help="addresses that are no shared doors: a table of them"
    )
    addresses.set_defaults(run=_addresses)
    findings = commands.add_parser(
        "findings", help="ask of a file all that is odd in it, and rank what to look at first"
    )
    findings.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="customs records, asked together, or a table of monthly flows",
    )
    findings.add_argument("--since", default="2022-03", metavar="MONTH", help="the month of the event, usually 2022-03")
    findings.add_argument(
        "--absent", type=int, default=24, metavar="MONTHS", help="a trader not seen for as many is new; usually 24"
    )
    findings.add_argument("--top", type=int, default=70, metavar="K", help="how many a desk can read; usually 70")
    findings.add_argument(
        "--parts", type=Path, metavar="CSV", help="parts to look for in descriptions, with the columns maker and part"
    )
    findings.set_defaults(run=_findings)
    figures = commands.add_parser("figures", help="draw figures and write their bundles")
    figures.add_argument("slugs", nargs="*", metavar="FIGURE", help="without any, all")
    figures.set_defaults(run=_figures)
    trace = commands.add_parser("trace", help="list the raw records behind one point of a figure, or one finding")
    trace.add_argument("slug", metavar="FIGURE", help="such as canada-exports-to-russia, or findings/NAME")
    trace.add_argument("point", metavar="POINT", help="such as 2022-03, or the number of the finding")
    trace.set_defaults(run=_trace)
    verify = commands.add_parser("verify", help="make every published figure again from its raw files and compare")
    verify.set_defaults(run=_verify)
    return parser


def _fetch(parsed: argparse.Namespace) -> int:
    from tradeanalytics.raw.catalogue import asked, catalogue, series, usual
    from tradeanalytics.raw.fetch import FetchError, fetch
    from tradeanalytics.story.desk import find_root, raw_folder

    if parsed.list:
        for key, entry in catalogue().items():
            print(
                f"{key}\n    {entry.publisher}: {entry.title}\n    {entry.purpose} ({entry.cadence}; {entry.licence})"
            )
        for key, yearly in series().items():
            print(f"{key} YEAR..YEAR\n    {yearly['title']}, since {yearly['first']}")
        return 0
    folder = raw_folder(find_root())
    try:
        got = fetch(asked(parsed.keys) or usual(), folder)
    except FetchError as error:
        _say_fetched(error.fetched)
        raise
    _say_fetched(got)
    return 0


def _say_fetched(got: Sequence[Any]) -> None:
    for one in got:
        print(f"{one.key}: {one.status}, data/raw/{one.file.name}, vintage {one.file.vintage or 'unknown'}")


def _map(parsed: argparse.Namespace) -> int:
    from tradeanalytics.clean.draft import write_draft

    draft = write_draft(parsed.file)
    print(f"{draft.path}: a draft; check every line, then run `tradeanalytics clean {parsed.file}`")
    if draft.instead_of:
        print(f"Without it the file is read as {draft.instead_of}: take the draft away to have that again")
    return 0


def _clean(parsed: argparse.Namespace) -> int:
    from tradeanalytics.clean import clean, outputs, prune
    from tradeanalytics.clean.overlap import mark_known
    from tradeanalytics.raw import raw_file, raw_files
    from tradeanalytics.story.cleaning_words import cleaning_words
    from tradeanalytics.story.desk import find_root, processed_folder, raw_folder

    root = find_root()
    folder, processed = raw_folder(root), processed_folder(root)
    files = [raw_file(path.resolve(), folder) for path in parsed.files] or raw_files(folder)
    refused = []
    if parsed.smaller:
        _confirm_smaller(parsed.files)
    if not parsed.files:  # first, or a file under a new name is held for a copy of the old one
        prune([raw.name for raw in files], processed)
    for place, raw in enumerate(files, 1):
        print(f"cleaning {place} of {len(files)}: {raw.name} ({raw.size / 1e6:,.1f} MB)", file=sys.stderr, flush=True)
        try:
            report = clean(raw, processed)
            if "duplicates" in report:
                report["known_before"] = mark_known(processed).get(outputs(raw.name, processed)["report"].stem, 0)
            print(cleaning_words(report))
        except TradeAnalyticsError as error:
            refused.append(str(error))
            print(f"refused: {error}")
    if refused:
        raise TradeAnalyticsError(f"{len(refused)} of {len(files)} files refused: {refused[0]}")
    return 0


def _screen(parsed: argparse.Namespace) -> int:
    from tradeanalytics.story.desk import find_root, processed_folder, raw_folder
    from tradeanalytics.story.screening_words import screen_file

    root = find_root()
    for line in screen_file(
        parsed.file, raw_folder(root), processed_folder(root), parsed.roles.split(","), possible=parsed.possible
    ):
        print(line)
    return 0


def _addresses(parsed: argparse.Namespace) -> int:
    from tradeanalytics.story.address_words import address_file
    from tradeanalytics.story.desk import find_root, processed_folder, raw_folder

    root = find_root()
    for line in address_file(
        parsed.file,
        raw_folder(root),
        processed_folder(root),
        register=parsed.register,
        polygons=parsed.polygons,
        of=parsed.property,
        offices=parsed.registered_offices,
    ):
        print(line)
    return 0


def _findings(parsed: argparse.Namespace) -> int:
    from tradeanalytics.detectors.parts import read_parts
    from tradeanalytics.story.desk import find_root, processed_folder, raw_folder
    from tradeanalytics.story.findings_words import findings_of
    from tradeanalytics.story.leads import Asked

    root = find_root()
    parts = read_parts(parsed.parts) if parsed.parts else ()
    asked = Asked(since=parsed.since, absent=parsed.absent, top=parsed.top, parts=parts)
    findings_of(parsed.files, raw_folder(root), processed_folder(root), asked, lambda line: print(line, flush=True))
    return 0


def _confirm_smaller(files: Sequence[Path]) -> None:
    from tradeanalytics.clean.watchlists import confirm_smaller, is_watchlist

    if not files:
        raise TradeAnalyticsError("--smaller: expected the lists that you looked at, as in `clean --smaller FILE`")
    for path in files:
        if not (path.is_file() and is_watchlist(path)):
            raise TradeAnalyticsError(f"{path.name}: --smaller is for lists of parties, and this is none")
        print(f"{confirm_smaller(path).name}: a note that you have looked; take it away to have the list held again")


def _figures(parsed: argparse.Namespace) -> int:
    from tradeanalytics.story.bundle import publish
    from tradeanalytics.story.desk import find_root, open_desk, processed_folder
    from tradeanalytics.story.figures import FIGURES, drawable

    unknown = [slug for slug in parsed.slugs if slug not in FIGURES]
    if unknown:
        raise TradeAnalyticsError(f"{unknown[0]}: no such figure; there are {', '.join(FIGURES)}")
    root = find_root()
    desk = open_desk(root)
    for slug in parsed.slugs or drawable(desk):
        bundle = publish(FIGURES[slug](desk), processed_folder(root) / "figures")
        print(bundle.relative_to(root).as_posix())
    return 0


def _trace(parsed: argparse.Namespace) -> int:
    from tradeanalytics.story.desk import find_root, open_desk
    from tradeanalytics.story.trace import trace

    if parsed.slug.startswith("findings/"):
        return _trace_finding(parsed)
    for number in trace(open_desk(find_root()), parsed.slug, parsed.point):
        print(f"{parsed.slug}, {parsed.point}, {number.measure}: {_said(number.amount, number.measure)}")
        for record in number.records:
            print(f"  {_said(record.amount, number.measure):>18}  {record.place}: {record.text}")
        total = _said(number.amount, number.measure)
        print(f"  {total:>18}  is the sum of these {len(number.records)} raw records\n")
    return 0


def _trace_finding(parsed: argparse.Namespace) -> int:
    from tradeanalytics.story.desk import find_root, open_desk
    from tradeanalytics.story.trace import trace_finding

    finding, records = trace_finding(open_desk(find_root()), parsed.slug.removeprefix("findings/"), parsed.point)
    print(f"{finding['detector']}, {finding['subject']}: {finding['reason']}")
    for record in records:
        print(f"  {record.place}: {record.text}")
    print(f"{len(records):,} raw records. {finding['caveats']}")
    return 0


def _said(amount: int | None, measure: str) -> str:
    if amount is None or not measure.endswith("_cents"):
        return "unknown" if amount is None else f"{amount:,}"
    dollars = f"{amount / 100:,.2f}" if amount % 100 else f"{amount // 100:,}"
    sign = next((sign for of, sign in _SIGNS.items() if of in measure), "$")
    return f"{sign}{dollars}"


_SIGNS = {"usd": "US$", "eur": "€"}


def _verify(_: argparse.Namespace) -> int:
    from tradeanalytics.story.desk import find_root
    from tradeanalytics.story.verify import verify

    verdicts = verify(find_root())
    if not verdicts:
        raise TradeAnalyticsError("no figure was published yet; run `make figures`")
    for verdict in verdicts:
        print(f"{verdict.slug}: {'reproduces' if not verdict.complaints else 'DOES NOT REPRODUCE'}")
        for complaint in verdict.complaints:
            print(f"    {complaint}")
    good = sum(not verdict.complaints for verdict in verdicts)
    print(f"{good} of {len(verdicts)} figures reproduce")
    return 0 if good == len(verdicts) else 1
