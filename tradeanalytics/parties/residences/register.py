"""A National Address Register that was built: asked by equi-joins for what is at a street and number."""

from __future__ import annotations

FORM = 1  # of the tables; a register built in another one is built again
CURRENT = "register.json"
