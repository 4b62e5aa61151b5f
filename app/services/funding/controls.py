"""See the package."""

from __future__ import annotations

from typing import Any

CONTROLS: dict[str, Any] = {}
