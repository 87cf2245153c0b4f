"""A real browser: Debian's Chromium without a window, driven by selenium."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
DRIVER = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver") or "/usr/bin/chromedriver"
SIZES = {"wide": (1440, 900), "tall": (390, 844)}


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """Gives the browser of a size: ``wide`` or ``tall``."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    for program in (CHROMIUM, DRIVER):
        if not Path(program).exists():
            pytest.skip(f"no {program}: install the packages chromium and chromium-driver")
    opened: dict[str, Any] = {}

    def of(size: str) -> Any:
        if size not in opened:
            opened[size] = _open(webdriver, SIZES[size], tmp_path_factory.mktemp("profile"))
        return opened[size]

    yield of
    for driver in opened.values():
        driver.quit()


def _open(webdriver: Any, size: tuple[int, int], profile: Path) -> Any:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        f"--user-data-dir={profile}",
        f"--window-size={size[0]},{size[1]}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.set_script_timeout(30)
    return driver


@pytest.fixture(params=list(SIZES))
def browser(request: pytest.FixtureRequest, browsers: Callable[[str], Any]) -> Iterator[Any]:
    """The browser in both sizes; a fault told on its console fails the test."""
    driver = browsers(request.param)
    driver.get_log("browser")
    yield driver
    faults = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert not [fault for fault in faults if "status of 40" not in fault]


@pytest.fixture
def wide(browsers: Callable[[str], Any]) -> Any:
    """The browser in a wide window."""
    return browsers("wide")
