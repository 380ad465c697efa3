"""Run the notebooks from top to bottom and keep each as one HTML page that needs nothing else.

One process talks to several kernels at once: the kernels are the parallel processes, and what is slow to import
(nbformat alone takes a second) is imported once, while the first kernels start.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from markupsafe import Markup

from tradeanalytics import TradeAnalyticsError
from tradeanalytics.story.report import pages, write_page

# What a page can show with no script. Widgets and JavaScript are left out, so the picture or table beside them is used.
_SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


def run(notebook: Path, out: Path, *, root: Path) -> Path:
    """Run one notebook and write its page, `out`/NAME.html; return the page's path.

    The kernel is this interpreter, whatever the notebook names, and works in `root`. The notebook is only read.
    Raises TradeAnalyticsError with one line that names the notebook, the cell and what it raised; the page of an
    earlier run is then left as it was.
    """
    with _loop() as loop:
        return loop.run(_run(notebook, out, root))


def run_all(notebooks: Sequence[Path], out: Path, *, root: Path, jobs: int = 2) -> list[Path]:
    """Run notebooks, `jobs` at a time, with one line to stderr for each; return the pages in the order asked.

    Raises TradeAnalyticsError, once all have run, with what failed.
    """
    if len({notebook.stem for notebook in notebooks}) < len(notebooks):
        raise TradeAnalyticsError(f"{out.name}: two notebooks of the same name; expected one page for each")
    with _loop() as loop:
        ended = loop.run(_run_all(notebooks, out, root, jobs))
    failures = [str(end) for end in ended if isinstance(end, TradeAnalyticsError)]
    if failures:
        raise TradeAnalyticsError("; ".join(failures))
    return [end for end in ended if isinstance(end, Path)]


def _loop() -> asyncio.Runner:
    # Windows' default loop cannot watch the sockets that kernels are spoken to over.
    return asyncio.Runner(loop_factory=asyncio.SelectorEventLoop)


async def _run_all(notebooks: Sequence[Path], out: Path, root: Path, jobs: int) -> list[Path | TradeAnalyticsError]:
    free = asyncio.Semaphore(jobs)

    async def one(place: int, notebook: Path) -> Path | TradeAnalyticsError:
        async with free:
            began = time.perf_counter()
            end = await _ended(notebook, out, root)
            said = (
                end if isinstance(end, TradeAnalyticsError) else f"{notebook.name} {time.perf_counter() - began:.1f} s"
            )
            print(f"notebook {place} of {len(notebooks)}: {said}", file=sys.stderr, flush=True)
            return end

    return await asyncio.gather(*(one(place, notebook) for place, notebook in enumerate(notebooks, 1)))


async def _ended(notebook: Path, out: Path, root: Path) -> Path | TradeAnalyticsError:
    try:
        return await _run(notebook, out, root)
    except TradeAnalyticsError as error:
        return error


async def _run(notebook: Path, out: Path, root: Path) -> Path:
    if not notebook.is_file():
        raise TradeAnalyticsError(f"{notebook}: no such notebook")
    async with _kernel(root) as kernel:
        ran = await _executed(notebook, kernel)
    return write_page(_page(ran, notebook), out / f"{notebook.stem}.html")


class _ThisInterpreter(KernelSpecManager):
    """Knows one kernel, this Python: a kernel registered under the same name may be any other environment."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # Below an error, a kernel only says that its loopback sockets, which are signed, are not encrypted as well.
        quiet = ("--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR")
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *quiet]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


@asynccontextmanager
async def _kernel(root: Path) -> AsyncIterator[AsyncKernelManager]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        manager = AsyncKernelManager(
            kernel_spec_manager=_ThisInterpreter(), connection_file=str(Path(scratch, "connection.json"))
        )
        try:
            await manager.start_kernel(cwd=str(root.resolve()), env=_environment(scratch))
            yield manager
        finally:
            await manager.shutdown_kernel(now=True)


def _environment(scratch: str) -> dict[str, str]:
    folders = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    repeatable = {
        "IPYKERNEL_CELL_NAME": "<cell>",  # else a warning prints a temporary path with the process number in it
        "PYTHONHASHSEED": "0",  # else the order of a printed set changes
        "PYTHONUTF8": "1",  # else Windows reads and writes text in its own code page
        "TQDM_DISABLE": "1",  # a progress bar prints its speed
    }
    return {**os.environ, **dict.fromkeys(folders, scratch), **repeatable}


async def _executed(notebook: Path, kernel: AsyncKernelManager) -> Any:
    """The notebook with its outputs, its cells numbered from 1 so that no random id reaches the page."""
    from nbclient import NotebookClient  # here, so that the kernel starts meanwhile

    document = _read(notebook)
    client: Any = NotebookClient(document, km=kernel, timeout=None, record_timing=False)
    await client.async_start_new_kernel_client()
    try:
        for place, cell in enumerate(document.cells):
            await _execute_cell(client, cell, place, notebook)
            cell["id"] = str(place + 1)
    finally:
        client.kc.stop_channels()
    document.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    return document


def _read(notebook: Path) -> Any:
    import nbformat  # slow, so also once the kernel is on its way

    try:
        return nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise TradeAnalyticsError(f"{notebook.name}: not a notebook ({_one_line(str(error))})") from None


async def _execute_cell(client: Any, cell: Any, place: int, notebook: Path) -> None:
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    try:
        await client.async_execute_cell(cell, place, execution_count=client.code_cells_executed + 1)
    except CellExecutionError as error:
        said = _one_line(f"{error.ename}: {error.evalue}").removesuffix(":")
        raise _failure(notebook, client.code_cells_executed, cell, f"raised {said}") from None
    except DeadKernelError:
        # nbclient says this too when the whole run is cancelled with Ctrl-C.
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError from None
        raise _failure(notebook, client.code_cells_executed, cell, "ended Python; is the memory full?") from None


def _failure(notebook: Path, number: int, cell: Any, what: str) -> TradeAnalyticsError:
    first_line = cell.source.strip().splitlines()[0]
    return TradeAnalyticsError(f"{notebook.name}: code cell {number}, `{first_line}`, {what}")


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def _page(document: Any, notebook: Path) -> str:
    return (
        pages()
        .from_string(_TEMPLATE)
        .render(
            title=_title(document) or notebook.stem,
            name=notebook.name,
            body=Markup(_body(document, notebook)),
        )
    )


def _title(document: Any) -> str | None:
    """The text of the first first-level heading."""
    prose = "\n".join(cell.source for cell in document.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# +(.+?)\s*#*$", prose, re.MULTILINE)
    return re.sub(r"[*`]", "", heading[1]) if heading else None


def _body(document: Any, notebook: Path) -> str:
    from nbconvert.exporters.html import HTMLExporter
    from traitlets.config import Config

    # The "basic" template is the cells alone; nbconvert's others load scripts from four hosts.
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        exclude_anchor_links=True,
        embed_images=True,
        config=Config({"NbConvertBase": {"display_data_priority": _SHOWN}}),
    )
    _protect_dollars(document)
    body, _ = exporter.from_notebook_node(document, {"metadata": {"path": str(notebook.parent)}})
    return str(body).replace(_DOLLAR, "$")


_DOLLAR = "\ue000"


def _protect_dollars(document: Any) -> None:
    """Hide dollar signs from nbconvert, which reads "from $44.8 million to **$5.5 million**" as a formula."""
    for cell in document.cells:
        if cell.cell_type == "markdown":
            cell["source"] = re.sub(r"\\?\$", _DOLLAR, cell.source)


_TEMPLATE = """\
{% extends "report.html.j2" %}
{% block title %}{{ title }}{% endblock %}
{% block style %}
body { max-width: 58rem; }
h2 { border-top: 1px solid var(--rule); }
figure { margin: 1rem 0; }
.prompt { display: none; }
.input_prompt, .rendered_html th, figcaption, blockquote, footer { color: var(--grey); }
.code_cell .input { position: relative; }
@media screen and (min-width: 68rem) {
  .input_prompt { display: block; position: absolute; right: 100%; margin: .8rem .8rem 0 0; font-size: .75rem; }
}
.input_area pre { margin: 0; padding: .7rem 1rem; background: var(--board); font-size: .82rem; line-height: 1.5; }
.code_cell { margin: 1rem 0; }
.output { overflow-x: auto; }
.output_area { margin: .6rem 0; }
.output_text pre { margin: 0; padding: 0 1rem; white-space: pre-wrap; }
.output_stderr pre, .output_error pre { padding: .6rem 1rem; background: var(--alarm); }
.output_stderr, .output_error { border-left: .3rem solid var(--red); }
.rendered_html img { background: #fff; }
.rendered_html table { width: auto; border: 0; font-size: .88rem; }
.rendered_html th, .rendered_html td { padding: .35rem .9rem .35rem 0; border: 0 solid var(--rule); }
.rendered_html tr { border-bottom: 1px solid var(--rule); }
.rendered_html th { font-weight: 400; text-align: left; }
.rendered_html .dataframe th, .rendered_html .dataframe td { text-align: right; }
.rendered_html .dataframe tbody th { text-align: left; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: .2rem solid var(--rule); }
.highlight .k, .highlight .kn, .highlight .ow { color: var(--blue); }
.highlight .c1, .highlight .cm, .highlight .ch { color: var(--grey); font-style: italic; }
.highlight [class^="s"] { color: var(--red); }
footer { margin-top: 4rem; padding-top: .8rem; border-top: 1px solid var(--rule); font-size: .9rem; }
{% endblock %}
{% block content %}
<main>
{{ body }}
</main>
<footer>Made by running <code>{{ name }}</code> from top to bottom.</footer>
{% endblock %}
"""
