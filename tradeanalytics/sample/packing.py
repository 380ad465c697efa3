"""Members of the sample's zips: the same bytes on every system."""

from __future__ import annotations

import zipfile


def stamped(name: str, day: tuple[int, int, int]) -> zipfile.ZipInfo:
    """A member that says nothing of the system it was made on. Not packed: the builds of zlib differ in bytes."""
    info = zipfile.ZipInfo(name, (*day, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info
