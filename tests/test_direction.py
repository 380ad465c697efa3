"""A room imports only from the rooms above it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tradeanalytics"
ROOMS = [
    *(
        "tables",
        "engine",
        "reference",
        "raw",
        "sources",
        "descriptions",
        "parties",
        "clean",
        "flows",
        "goods",
        "shipments",
        "coverage",
        "screened",
        "addressed",
    ),
    *("detectors", "story", "sample", "cli"),
]
ENTRANCE = "__main__"  # python -m tradeanalytics: it opens the lowest room


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The rooms a file imports from, wherever in it; what the package's own front door offers is no room."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} line {node.lineno}: a relative import hides its room"
            module = node.module or ""
            found |= {f"{module}.{alias.name}" if module == PACKAGE.name else module for alias in node.names}
    inner = {name.split(".")[1] for name in found if name.startswith(f"{PACKAGE.name}.")}
    return inner - {"TradeAnalyticsError", "__version__"}


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_import_points_up(path):
    allowed = ROOMS if room(path) == ENTRANCE else ROOMS[: ROOMS.index(room(path)) + 1]
    assert imported(path) <= set(allowed)


def test_the_front_door_imports_nothing():
    assert imported(PACKAGE / "__init__.py") == set()


def test_an_upward_import_would_be_seen(tmp_path):
    upward = tmp_path / "upward.py"
    upward.write_text("def f():\n    from tradeanalytics.story import bundle\n    import tradeanalytics.cli\n")
    assert imported(upward) == {"story", "cli"}
    upward.write_text("from tradeanalytics import TradeAnalyticsError, flows\n")
    assert imported(upward) == {"flows"}
