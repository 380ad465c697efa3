"""Notebooks run from top to bottom with this Python and become pages that need nothing else; a failure is one line."""

import base64
import re
import sys
from pathlib import Path

import nbformat
import pytest

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story.notebooks import run, run_all
from tradeanalytics.story.report import asks_other_hosts

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
CHART = """
class Chart:
    def _repr_html_(self):
        return '<img alt="Exports fall in March" src="data:image/png;base64,iVBORw0KGgo=">'
Chart()
"""


def put(folder: Path, name: str, *cells: str) -> Path:
    """A notebook for a kernel that is not installed; a cell that starts with a heading or a picture is prose."""
    new = nbformat.v4
    made = [new.new_markdown_cell(c) if c.startswith(("# ", "!")) else new.new_code_cell(c) for c in cells]
    kernel = {"name": "not-installed-here", "display_name": "Other", "language": "python"}
    path = folder / f"{name}.ipynb"
    nbformat.write(new.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)
    return path


def page(folder: Path, *cells: str) -> str:
    return run(put(folder, "one", *cells), folder / "out", root=folder).read_text(encoding="utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> tuple[Path, bytes, str]:
    """A notebook with one of everything, its bytes before the run, and its page."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "map.png").write_bytes(PNG)
    cells = (
        "# Canada & Russia\n\nFrom **$44.8 million** to **$5.5 million**. [Source](https://www150.statcan.gc.ca/)",
        "![A map](map.png)",
        "import os, sys\nfrom pathlib import Path\nPath('seen.txt').write_text(sys.executable)",
        "from tradeanalytics import TradeAnalyticsError\nprint({'b', 'a', 'c', 'd'})",
        "import warnings\nwarnings.warn('not in the manifest')",
        "from tqdm import tqdm\nsum(tqdm(range(10)))",
        "from IPython.display import Javascript\nJavascript('alert(1)')",
        CHART,
    )
    notebook = put(folder, "full", *cells)
    before = notebook.read_bytes()
    return notebook, before, run(notebook, folder / "out", root=folder).read_text(encoding="utf-8")


def test_the_kernel_is_this_python_and_works_in_the_root(full):
    notebook, _, _ = full
    said = (notebook.parent / "seen.txt").read_text(encoding="utf-8")
    assert Path(said) == Path(sys.executable)


def test_the_notebook_itself_is_not_changed(full):
    notebook, before, _ = full
    assert notebook.read_bytes() == before


def test_nothing_is_left_beside_the_page(full):
    assert names(full[0].parent / "out") == ["full.html"]
    assert names(full[0].parent) == ["full.ipynb", "map.png", "out", "seen.txt"]


def test_two_runs_give_the_same_bytes(full):
    notebook, _, first = full
    again = run(notebook, notebook.parent / "again", root=notebook.parent)
    assert again.read_text(encoding="utf-8") == first


def test_the_page_asks_no_other_host_for_anything(full):
    loads = re.findall(r"<(?!a\b)[a-z]+[^>]*?(?:src|href)\s*=\s*[\"']?((?:[a-z]+:)?//[^\"' >]+)", full[2])
    assert loads == []
    assert not re.search(r"<script|@import|url\(", full[2])
    assert asks_other_hosts(full[2]) == []
    assert "default-src 'none'" in full[2]


def test_the_page_has_a_title_a_language_and_the_alt_text_of_its_charts(full):
    assert "<title>Canada &amp; Russia</title>" in full[2]
    assert '<html lang="en">' in full[2]
    assert 'alt="Exports fall in March"' in full[2]
    assert 'alt="A map"' in full[2]


def test_a_local_picture_in_prose_is_carried_inside_the_page(full):
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in full[2]


def test_two_amounts_in_one_sentence_are_not_read_as_a_formula(full):
    assert "From <strong>$44.8 million</strong> to <strong>$5.5 million</strong>" in full[2]


def test_a_warning_shows_without_a_path_of_this_machine(full):
    assert "UserWarning: not in the manifest" in full[2]
    assert "ipykernel_" not in full[2]


FAILURES = [
    # the cells, what the error says after the notebook's name
    (
        ("x = 1", "int('1,2')\nx"),
        "code cell 2, `int('1,2')`, raised ValueError: invalid literal for int() with base 10: '1,2'",
    ),
    (("# Title", "\n# why\n1 / 0"), "code cell 1, `# why`, raised ZeroDivisionError: division by zero"),
    (("1 +",), "code cell 1, `1 +`, raised SyntaxError: invalid syntax (<cell>, line 1)"),
    (("raise KeyError('a\\nb')",), "code cell 1, `raise KeyError('a\\nb')`, raised KeyError: 'a\\nb'"),
    (("raise ValueError('one\\ntwo')",), "code cell 1, `raise ValueError('one\\ntwo')`, raised ValueError: one two"),
    (("assert 5.4 == 5.5",), "code cell 1, `assert 5.4 == 5.5`, raised AssertionError"),
    (("import os\nos._exit(1)",), "code cell 1, `import os`, ended Python; is the memory full?"),
]


@pytest.mark.parametrize(("cells", "said"), FAILURES)
def test_a_failing_cell_is_one_line_with_notebook_cell_and_exception(tmp_path, cells, said):
    with pytest.raises(TradeAnalyticsError) as failure:
        page(tmp_path, *cells)
    assert str(failure.value) == f"one.ipynb: {said}"


def test_one_failure_does_not_stop_the_others_and_leaves_its_last_page_whole(tmp_path, capsys):
    notebooks = [put(tmp_path, "bad", "1 / 0"), put(tmp_path, "good", "print(1 + 1)"), put(tmp_path, "late", "2 + 2")]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "bad.html").write_text("the last good page", encoding="utf-8")
    with pytest.raises(TradeAnalyticsError, match=r"^bad\.ipynb: code cell 1, `1 / 0`, raised ZeroDivisionError: .*$"):
        run_all(notebooks, tmp_path / "out", root=tmp_path)
    assert names(tmp_path / "out") == ["bad.html", "good.html", "late.html"]
    assert (tmp_path / "out" / "bad.html").read_text(encoding="utf-8") == "the last good page"
    assert sorted(line.split(":")[0] for line in capsys.readouterr().err.splitlines()) == [
        "notebook 1 of 3",
        "notebook 2 of 3",
        "notebook 3 of 3",
    ]


def test_pages_come_back_in_the_order_asked(tmp_path):
    notebooks = [put(tmp_path, "slow", "import time; time.sleep(1)"), put(tmp_path, "quick", "1")]
    pages = run_all(notebooks, tmp_path / "out", root=tmp_path)
    assert [path.name for path in pages] == ["slow.html", "quick.html"]


def test_a_notebook_that_loads_from_another_host_is_refused(tmp_path):
    with pytest.raises(TradeAnalyticsError, match=r"one\.html: the page would load 'https://example\.org/a\.png'"):
        page(tmp_path, "![A chart](https://example.org/a.png)")
    assert not (tmp_path / "out").exists()


def test_two_notebooks_of_one_name_are_refused_before_anything_runs(tmp_path):
    with pytest.raises(TradeAnalyticsError, match="two notebooks of the same name"):
        run_all([tmp_path / "a" / "x.ipynb", tmp_path / "b" / "x.ipynb"], tmp_path / "out", root=tmp_path)


NOT_NOTEBOOKS = [
    # the text of the file or None for no file, the words of the error
    (None, "no such notebook"),
    ("print(1)", "not a notebook"),
    ("{}", "not a notebook"),
    ("", "not a notebook"),
]


@pytest.mark.parametrize(("text", "said"), NOT_NOTEBOOKS)
def test_a_file_that_is_no_notebook_is_named(tmp_path, text, said):
    path = tmp_path / "one.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(TradeAnalyticsError, match=rf"one\.ipynb: {said}") as failure:
        run(path, tmp_path / "out", root=tmp_path)
    assert "\n" not in str(failure.value)
