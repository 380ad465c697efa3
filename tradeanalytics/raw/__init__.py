"""Raw files: what can be had (`catalogue`), how it is taken (`fetch`), what is there (`store`).

Only `fetch` loads a network library, so nothing that merely reads raw files can go online.
"""

from tradeanalytics.raw.store import RawFile, raw_file, raw_files

__all__ = ["RawFile", "raw_file", "raw_files"]
