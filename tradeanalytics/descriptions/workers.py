"""Work on batches in several processes, with the results in the order of the batches."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")
_SMALL = 4  # batches that one process has done about as soon as others have begun
_MOST = 8  # processes: each takes 0.2 GB, and one alone writes what all find


def how_many(batches: int, wanted: int | None) -> int:
    """The processes to work in: those that are wanted; without, one for few batches, else one a core."""
    if wanted is None:
        cores = getattr(os, "process_cpu_count", os.cpu_count)() or 1
        wanted = min(cores, _MOST) if batches > _SMALL else 1
    may_start_others = not multiprocessing.current_process().daemon
    return max(1, min(wanted, batches)) if may_start_others else 1


def in_order(work: Callable[[_Batch], _Result], batches: Iterable[_Batch], workers: int) -> Iterator[_Result]:
    """The result of each batch; never more than one batch above the number of workers is under way.

    What `work` raises is raised here. One worker is this process itself.
    """
    if workers == 1:
        yield from map(work, batches)
        return
    waiting: deque[Future[_Result]] = deque()
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin)
    try:
        for batch in batches:
            with _no_main():
                waiting.append(pool.submit(work, batch))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _no_main() -> Iterator[None]:
    """Begin a process that does not know the user's script.

    Else `spawn` runs the script once more in it, and one with no `if __name__ == "__main__"` would clean everything
    again. The script is not needed there: `work` is of this package.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the one that started these ends them
