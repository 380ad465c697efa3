"""The report shows every figure, notebook and raw file, is the same bytes each time, and asks no other host."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story.report import asks_other_hosts, build_report, write_page
from tradeanalytics.story.style import save

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FILE = {
    "name": "exports.csv",
    "sha256": HASH,
    "table": "12-10-0119",
    "vintage": "2022-10",
    "publisher": "Statistics Canada",
    "licence": "Statistics Canada Open Licence",
    "citation": "Statistics Canada. Table 12-10-0119-01.",
    "url": "https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid=1210011901",
}
CLEANED = {
    "name": "exports.csv",
    "file_id": HASH,
    "table": "12-10-0119",
    "vintage": "2022-10",
    "publisher": "Statistics Canada",
    "records": 1200345,
    "accepted": 1200345,
    "rejected": 0,
    "reasons": {},
    "first_period": "2011-01-01",
    "last_period": "2022-10-01",
}
LOSSY = CLEANED | {"name": "lossy.csv", "accepted": 1200333, "rejected": 12, "reasons": {"hs_odd_length": 12}}


class Tags(HTMLParser):
    """Every start tag of a page with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def words(language: str, **changed: str) -> dict[str, str]:
    fields = ("headline", "subtitle", "alt_text", "caption", "source")
    return {field: f"{field} {language}" for field in fields} | changed


def put_bundle(figures: Path, slug: str = "to-russia", **changed: object) -> Path:
    bundle = figures / slug
    bundle.mkdir(parents=True)
    for language in ("en", "fr"):
        for suffix in (".png", ".svg", ".pdf"):
            save(Figure(figsize=(2, 1)), bundle / f"{slug}.{language}{suffix}")
    (bundle / f"{slug}.csv").write_text("period,value\n", encoding="utf-8")
    told = {"slug": slug, "synthetic": False, "query": "SELECT 1", "files": [FILE], "outputs": {}}
    told |= {"words": {"en": words("en"), "fr": words("fr")}} | changed
    (bundle / f"{slug}.json").write_text(json.dumps(told), encoding="utf-8")
    return bundle


def report(folder: Path, cleaning=(CLEANED,)) -> str:
    out = build_report(
        folder / "figures", folder / "reports" / "notebooks", cleaning, folder / "reports" / "index.html"
    )
    return out.read_text(encoding="utf-8")


def test_every_link_and_picture_of_the_report_leads_to_a_file_beside_it(tmp_path):
    put_bundle(tmp_path / "figures")
    put_bundle(tmp_path / "figures", "an odd name, 50 %")
    page = Tags(report(tmp_path))
    links = [attrs["href"] for attrs in page.all("a")] + [attrs["src"] for attrs in page.all("img")]
    local = [link for link in links if link != FILE["url"]]
    assert local
    for link in local:
        path = re.sub("%([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), link)
        assert (tmp_path / "reports" / path).is_file(), link


def test_each_figure_links_to_its_pictures_in_both_languages_its_numbers_and_its_proof(tmp_path):
    put_bundle(tmp_path / "figures")
    links = {attrs["href"] for attrs in Tags(report(tmp_path)).all("a")}
    kinds = [f"{language}.{kind}" for language in ("en", "fr") for kind in ("png", "svg", "pdf")] + ["csv", "json"]
    assert links == {f"../figures/to-russia/to-russia.{kind}" for kind in kinds} | {FILE["url"]}


def test_each_picture_has_its_alt_text_and_its_size(tmp_path):
    put_bundle(tmp_path / "figures")
    pictures = Tags(report(tmp_path)).all("img")
    assert [picture["alt"] for picture in pictures] == ["alt_text en", "alt_text fr"]
    assert {(picture["width"], picture["height"]) for picture in pictures} == {("200", "100")}


def test_all_the_words_of_a_figure_stand_on_the_page_with_its_query_and_citation(tmp_path):
    put_bundle(tmp_path / "figures")
    page = report(tmp_path)
    said = [*words("en").values(), *words("fr").values(), "SELECT 1", HASH, FILE["citation"], FILE["licence"]]
    assert [text for text in said if text not in page] == []


def test_a_headline_with_markup_stays_text(tmp_path):
    attack = '<script>alert("x")</script>'
    put_bundle(
        tmp_path / "figures", words={"en": words("en", headline=attack, alt_text='" onload="x'), "fr": words("fr")}
    )
    page = report(tmp_path)
    assert "&lt;script&gt;alert(" in page
    assert Tags(page).all("script") == []
    assert all("onload" not in picture for picture in Tags(page).all("img"))


def test_a_raw_file_that_is_an_extract_says_so_under_its_figure(tmp_path):
    put_bundle(tmp_path / "figures", files=[FILE | {"note": "An extract, not the publisher's own file."}])
    assert report(tmp_path).count("An extract, not the publisher") == 2  # once a language


def test_a_source_address_that_is_a_script_is_not_a_link(tmp_path):
    put_bundle(tmp_path / "figures", files=[FILE | {"url": "javascript:alert(1)"}])
    assert "javascript:" not in report(tmp_path)


def test_invented_data_is_said_in_both_languages_and_comes_after_the_real(tmp_path):
    put_bundle(tmp_path / "figures", "a-made-up-route", synthetic=True)
    put_bundle(tmp_path / "figures", "to-russia")
    page = report(tmp_path)
    assert page.count("Invented data") == page.count("Données inventées") == 1
    assert page.index('id="to-russia"') < page.index('id="a-made-up-route"')


def test_records_set_aside_as_sums_are_listed_and_not_loud(tmp_path):
    sums = LOSSY | {"reasons": {"sum_of_goods": 12}, "set_aside": 12}
    assert report(tmp_path, [CLEANED, sums]).count('<tr class="lossy">') == 0
    assert report(tmp_path, [CLEANED, sums | {"set_aside": 11}]).count('<tr class="lossy">') == 2


def test_rejected_records_are_loud_and_keep_their_reasons(tmp_path):
    page = report(tmp_path, [CLEANED, LOSSY])
    assert page.count('<tr class="lossy">') == 2  # once a language
    assert "<strong>12</strong>" in page
    assert "hs_odd_length 12" in page


def test_a_report_without_rejected_records_raises_no_alarm(tmp_path):
    page = Tags(report(tmp_path))
    assert [attrs for _, attrs in page.tags if attrs.get("class") in {"loud", "lossy"}] == []


def test_counts_are_written_as_each_language_writes_them(tmp_path):
    page = report(tmp_path)
    assert "1,200,345" in page
    assert re.search("1[\u00a0\u202f]200[\u00a0\u202f]345", page)


def test_a_file_whose_records_do_not_add_up_stops_the_report(tmp_path):
    with pytest.raises(
        TradeAnalyticsError, match=r"lossy\.csv: 1200332 accepted \+ 12 rejected records; expected 1200345"
    ):
        report(tmp_path, [LOSSY | {"accepted": 1200332}])


def test_notebooks_are_listed_by_their_titles_and_the_report_does_not_list_itself(tmp_path):
    folder = tmp_path / "reports" / "notebooks"
    write_page("<title>Start &amp; read</title>", folder / "00_start.html")
    put = build_report(tmp_path / "figures", folder, [], folder / "index.html")
    again = build_report(tmp_path / "figures", folder, [], folder / "index.html")
    assert [attrs["href"] for attrs in Tags(again.read_text(encoding="utf-8")).all("a")] == [
        "00_start.html"
    ] * 2  # once a language
    assert "Start &amp; read</a>" in put.read_text(encoding="utf-8")


def test_the_same_inputs_give_the_same_bytes_with_no_path_of_the_machine_in_them(tmp_path):
    pages = []
    for name in ("here", "there"):
        put_bundle(tmp_path / name / "figures", "b")
        put_bundle(tmp_path / name / "figures", "a")
        pages.append(report(tmp_path / name, [CLEANED, LOSSY]))
    assert pages[0] == pages[1]
    assert str(tmp_path) not in pages[0]


def test_headings_go_down_one_level_at_a_time_and_the_languages_are_marked(tmp_path):
    put_bundle(tmp_path / "figures")
    page = Tags(report(tmp_path))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels == [1, 2, 3, 2, 2] * 2
    assert page.all("html")[0]["lang"] == "en"
    assert [attrs["lang"] for attrs in page.all("div") if "lang" in attrs] == ["en", "fr"]


def test_a_link_target_occurs_once(tmp_path):
    put_bundle(tmp_path / "figures")
    ids = [attrs["id"] for _, attrs in Tags(report(tmp_path)).tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_the_report_needs_no_script_and_no_other_host(tmp_path):
    put_bundle(tmp_path / "figures")
    page = report(tmp_path)
    policy = next(attrs["content"] for attrs in Tags(page).all("meta") if "http-equiv" in attrs)
    assert Tags(page).all("script") == []
    assert asks_other_hosts(page) == []
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


BROKEN = [
    # what is wrong, the words of the error
    (lambda b: (b / "to-russia.fr.png").unlink(), r"to-russia\.fr\.png: no such picture"),
    (lambda b: (b / "to-russia.en.png").write_bytes(b"GIF89a"), r"to-russia\.en\.png: no such picture .* PNG"),
    (lambda b: (b / "to-russia.en.pdf").unlink(), r"to-russia\.en\.pdf: no such file"),
    (lambda b: (b / "to-russia.csv").unlink(), r"to-russia\.csv: no such file"),
    (lambda b: (b / "to-russia.json").write_text("{}"), r"to-russia\.json: 'synthetic' is missing"),
    (lambda b: (b / "to-russia.json").write_text("{"), r"to-russia\.json: not a bundle in JSON"),
]


@pytest.mark.parametrize(("spoil", "said"), BROKEN)
def test_a_bundle_with_a_part_missing_is_named_and_the_last_report_stays(tmp_path, spoil, said):
    bundle = put_bundle(tmp_path / "figures")
    before = report(tmp_path)
    spoil(bundle)
    with pytest.raises(TradeAnalyticsError, match=said):
        report(tmp_path)
    assert (tmp_path / "reports" / "index.html").read_text(encoding="utf-8") == before


LOADS = [
    # what a page holds, whether a browser would ask another host
    ('<script src="https://example.org/a.js"></script>', True),
    ('<img src="//example.org/a.png">', True),
    ('<img src=" \\\\example.org/a.png">', True),  # browsers read a backslash as a slash
    ('<img srcset="a.png 1x, https://example.org/b.png 2x">', True),
    ('<link rel="stylesheet" href="http://example.org/a.css">', True),
    ('<base href="https://example.org/">', True),  # every relative link would go there
    ('<svg><image xlink:href="https://example.org/a.png"/></svg>', True),
    ('<div style="background: url(https://example.org/a.png)"></div>', True),
    ("<style>@import 'https://example.org/a.css';</style>", True),
    ("<style>@font-face { src: url( '//example.org/a.woff' ) }</style>", True),
    ("<script type='module'>import x from 'https://example.org/x.mjs'</script>", True),
    ('<meta http-equiv="refresh" content="0; url=https://example.org/">', True),
    ('<iframe srcdoc="&lt;img src=//example.org/a.png&gt;"></iframe>', True),
    ('<a href="https://example.org/">a source</a>', False),  # followed only when the reader asks
    ('<svg xmlns="http://www.w3.org/2000/svg"></svg>', False),  # a name, not an address
    (
        '<img src="data:image/png;base64,//8A" alt="see https://example.org/">',
        False,
    ),  # the base64 digits may be slashes
    ('<img src="../figures/a.png">', False),
    ("<p>Read https://example.org/ and @import or url(https://example.org/)</p>", False),  # prose
]


@pytest.mark.parametrize(("content", "asks"), LOADS)
def test_what_counts_as_asking_another_host(content, asks):
    assert bool(asks_other_hosts(content)) == asks


def test_a_page_that_asks_another_host_is_not_written_and_the_last_one_stays(tmp_path):
    path = write_page("<p>good</p>", tmp_path / "page.html")
    with pytest.raises(TradeAnalyticsError, match=r"page\.html: the page would load '//example\.org/x\.js'"):
        write_page('<script src="//example.org/x.js"></script>', path)
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text(encoding="utf-8") == "<p>good</p>"


@pytest.mark.browser
def test_a_browser_shows_the_picture_from_the_folder_beside_the_report(tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    bundle = put_bundle(tmp_path / "figures")
    report(tmp_path)
    with_picture = shot(chromium, tmp_path)
    (bundle / "to-russia.en.png").unlink()
    assert shot(chromium, tmp_path) != with_picture


def shot(chromium: str, folder: Path) -> bytes:
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
    picture, page = folder / "shot.png", (folder / "reports" / "index.html").as_uri()
    command = [chromium, *quiet, f"--user-data-dir={folder / 'browser'}", f"--screenshot={picture}", page]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return picture.read_bytes()
