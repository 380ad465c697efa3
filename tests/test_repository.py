"""What the repository promises of itself: both installs hold the same pins, git takes no data, the README is true."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest

from tradeanalytics.tables import FINDINGS, TABLES, describe

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WANTED = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]


def pins(text: str) -> set[str]:
    found = re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", text, flags=re.MULTILINE)
    return {pin.lower().replace("_", "-") for pin in found}


def test_the_lock_holds_every_pin_of_the_project():
    assert pins("\n".join(WANTED)) <= pins(LOCK)


def test_every_pin_of_the_lock_has_a_hash_and_no_address():
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(LOCK)) and all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", LOCK)


def test_the_lock_is_for_every_system():
    assert "sys_platform == 'win32'" in LOCK


def test_conda_installs_python_and_the_same_lock_and_nothing_else():
    lines = [line.strip() for line in (ROOT / "environment.yml").read_text("utf-8").splitlines()]
    wanted = [line for line in lines if line.startswith("- ")]
    python = next(line for line in wanted if line.startswith("- python="))
    assert wanted == ["- conda-forge", python, "- pip", "- pip:", "- -r requirements.lock"]
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=").split(".")
    assert [int(part) for part in python.removeprefix("- python=").split(".")] >= [int(part) for part in lowest]


def test_every_dependency_is_named_in_the_readme():
    table = README[README.index("## Dependencies and why") :]
    assert [name for name in (wanted.split("==")[0] for wanted in WANTED) if name not in table] == []


def test_the_data_dictionary_is_that_of_the_tables():
    assert [table.name for table in (*TABLES, FINDINGS) if describe(table) not in README] == []


@pytest.mark.parametrize(
    "command", ["make figures", "make test", "doit figures", "conda env create -f environment.yml"]
)
def test_the_readme_prints_the_commands(command):
    assert f"\n{command}\n" in README


@pytest.mark.parametrize(
    "place",
    [
        "data/raw/leak.csv",  # what a source gave an analyst
        "data/raw/12-10-0119/2030-01-01/12100119-eng.zip",  # a fetched vintage
        "data/raw/12-10-0119/2022-10/other.csv",  # beside a file that is bundled
        "data/raw/eurostat-comext/2024/other.csv",
        "data/raw/.partial/x.zip.part",  # a download under way
        "data/processed/flows/x.parquet",
        "data/processed/figures/x/x.png",
    ],
)
def test_git_takes_nothing_dropped_under_data(tmp_path, place):
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    subprocess.run([git, "init", "-q"], cwd=tmp_path, check=True)
    dropped = tmp_path / place
    dropped.parent.mkdir(parents=True)
    dropped.write_text("x")
    seen = subprocess.run(
        [git, "status", "--porcelain", "-uall"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert seen.stdout == "?? .gitignore\n"


def test_notebooks_are_thin_and_without_outputs():
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        lengths = sorted(len(cell.source.splitlines()) for cell in code)
        assert all(not cell.outputs and cell.execution_count is None for cell in code), path.name
        assert lengths[-1] <= 15 and lengths[len(lengths) // 2] <= 5 and len(code) <= 25, (path.name, lengths)


def test_notebooks_name_no_path_of_a_machine():
    for path in NOTEBOOKS:
        text = json.dumps(json.loads(path.read_text("utf-8")))
        assert not re.search(r"/home/|/root/|/Users/|C:\\\\", text), path.name
