"""Looking at what a browser shows."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest


def colours(driver: Any) -> int:
    """How many colours a screenshot has: few of them, and the page is empty."""
    pillow = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    image = pillow.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    found = image.getcolors(maxcolors=1 << 24)
    return len(found or ())
