"""The network page, opened from the file system and clicked through."""

from __future__ import annotations

import base64
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path
from typing import Any

import made_up
import pytest
from looking import colours
from pyoxigraph import RdfFormat, parse

from kg.view import network_page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("network")
    built = made_up.folder(folder / "out")
    file = folder / "网络.html"
    file.write_text(network_page(built), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def open_page(browser: Any, page: str) -> Any:
    browser.get("about:blank")
    browser.get(page)
    settle(browser)
    return browser


def settle(driver: Any) -> None:
    driver.execute_async_script(
        "const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => done()), 200)"
    )


def run(driver: Any, script: str, *values: object) -> Any:
    result = driver.execute_script(script, *values)
    settle(driver)
    return result


def test_first_picture_is_full_and_labels_do_not_cover_each_other(open_page: Any) -> None:
    assert colours(open_page) > 60
    labels = open_page.execute_script("return zhengpu.placed.labels")
    assert len(labels) >= 5
    for one, two in combinations([label["box"] for label in labels], 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
    width, height = open_page.execute_script("return [zhengpu.camera.width, zhengpu.camera.height]")
    for label in labels:
        assert label["box"][0] > -6
        assert label["box"][2] < width + 6
        assert label["box"][3] < height + 6


def test_a_long_note_stands_above_the_picture(open_page: Any) -> None:
    note, top = run(
        open_page,
        """const words = document.getElementById("note");
        words.textContent = "名称与群组的说明。".repeat(16);
        zhengpu.fit(); zhengpu.draw();
        const camera = zhengpu.camera;
        return [words.offsetTop + words.offsetHeight,
          (zhengpu.scene.box[1] - camera.y) * camera.k + camera.height / 2]""",
    )
    assert note <= top + 1


def test_nothing_is_loaded_and_nothing_of_a_report_is_run(open_page: Any) -> None:
    loaded = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    assert [name for name in run(open_page, loaded) if not name.startswith("data:")] == []
    assert run(open_page, "return window.hacked") is None
    run(open_page, "zhengpu.choose(zhengpu.nodes.find(n => n.name.includes('script')))")
    assert run(open_page, "return window.hacked") is None
    assert "<script>" in open_page.find_element("id", "panel").text


def test_it_opens_soon(open_page: Any) -> None:
    took = open_page.execute_script(
        "const page = performance.getEntriesByType('navigation')[0];"
        "return page.loadEventEnd - page.startTime"
    )
    assert took < 5000


def test_a_click_shows_facts_with_quotes(open_page: Any) -> None:
    spot = run(
        open_page,
        """const node = zhengpu.find('青山商务区'), box = document.getElementById('canvas')
        .getBoundingClientRect(); return [node.sx + box.left, node.sy + box.top]""",
    )
    for kind in ("mousePressed", "mouseReleased"):
        open_page.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": spot[0], "y": spot[1], "button": "left", "clickCount": 1},
        )
    settle(open_page)
    panel = open_page.find_element("id", "panel")
    assert panel.is_displayed()
    assert "青山商务区" in panel.text
    assert "在建" in panel.text
    marks = [mark.text for mark in panel.find_elements("css selector", "blockquote mark")]
    assert "青山商务区加快建设" in marks


def test_search_by_name_and_by_initials(open_page: Any) -> None:
    box = open_page.find_element("id", "search")
    for typed in ("东海大桥二", "dhdqeq"):
        if typed.isascii():
            pytest.importorskip("pypinyin")
        box.clear()
        box.send_keys(typed)
        hits = open_page.find_elements("css selector", "#hits li")
        assert "东海大桥二期" in hits[0].text
        box.send_keys("\ue007")
        settle(open_page)
        assert open_page.find_element("css selector", "#panel h2").text == "东海大桥二期"
        assert "计划" in open_page.find_element("id", "panel").text


def test_focus_and_depth(open_page: Any) -> None:
    near = run(
        open_page,
        "zhengpu.focusOn(zhengpu.find('青山商务区'), 1); return zhengpu.scene.nodes.length",
    )
    wider = run(
        open_page,
        "zhengpu.focusOn(zhengpu.find('青山商务区'), 3); return zhengpu.scene.nodes.length",
    )
    assert 1 < near <= wider
    assert "v=focus" in open_page.current_url
    run(open_page, "zhengpu.goHome()")
    assert run(open_page, "return zhengpu.view.mode") == "overview"


def test_path_between_two(open_page: Any) -> None:
    run(open_page, "zhengpu.showPath(zhengpu.find('蓝天集团'), zhengpu.find('青山商务区'))")
    names = open_page.execute_script("return zhengpu.scene.nodes.map(node => node.name)")
    assert names == ["蓝天集团", "青山商务区"]
    assert "入驻" in open_page.find_element("id", "panel").text


def test_filters_by_kind_status_stage_and_year(wide: Any, page: str) -> None:
    wide.get("about:blank")
    wide.get(page)
    settle(wide)
    shown = "return zhengpu.scene.nodes.map(node => node.name)"
    everything = run(wide, shown)
    wide.find_element("css selector", "#kinds [data-kind='0']").click()
    settle(wide)
    assert "东海大桥" not in run(wide, shown)
    assert "青山商务区" in run(wide, shown)
    wide.find_element("css selector", "#kinds [data-kind='0']").click()
    wide.find_element("css selector", "#statuses input[value='1']").click()
    settle(wide)
    planned = run(wide, shown)
    assert "东海大桥二期" in planned
    assert "东海大桥" not in planned
    wide.find_element("css selector", "#statuses input[value='-1']").click()
    wide.find_element("css selector", "#filters summary").click()
    wide.find_element("css selector", "#stages label").click()
    settle(wide)
    assert 0 < len(run(wide, shown)) < len(everything)
    wide.find_element("css selector", "#stages label").click()
    run(
        wide,
        """const to = document.getElementById('to'); to.value = 2020;
        to.dispatchEvent(new Event('input'))""",
    )
    assert "东海大桥二期" not in run(wide, shown)
    assert "y=2020-2020" in wide.current_url


def test_the_address_brings_the_view_back(open_page: Any) -> None:
    run(open_page, "zhengpu.filter.kinds.delete(4); zhengpu.focusOn(zhengpu.find('青山商务区'), 2)")
    address = open_page.current_url
    before = run(open_page, "return zhengpu.scene.nodes.map(node => node.name)")
    open_page.get("about:blank")
    open_page.get(address)
    settle(open_page)
    assert run(open_page, "return zhengpu.scene.nodes.map(node => node.name)") == before
    assert open_page.find_element("css selector", "#panel h2").text == "青山商务区"


def test_exports(open_page: Any) -> None:
    run(open_page, "zhengpu.goHome()")
    svg = ElementTree.fromstring(run(open_page, "return zhengpu.toSvg()"))
    words = "".join(svg.itertext())
    assert "青山商务区" in words
    turtle = run(open_page, "return zhengpu.toTurtle()")
    quads = list(parse(turtle.encode(), format=RdfFormat.TURTLE))
    terms = {quad.predicate.value.split("#")[-1] for quad in quads}
    assert {"prefLabel", "milestoneOf", "stage", "quote", "settledIn"} <= terms
    picture = open_page.execute_async_script(
        """const done = arguments[0]; zhengpu.toPng(blob => { const reader = new FileReader();
        reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL(blob); })"""
    )
    content = base64.b64decode(picture)
    assert content.startswith(b"\x89PNG")
    assert len(content) > 5000


def test_keys_alone_are_enough(wide: Any, page: str) -> None:
    wide.get("about:blank")
    wide.get(page)
    settle(wide)
    canvas = wide.find_element("id", "canvas")
    before = run(wide, "return [zhengpu.camera.x, zhengpu.camera.k]")
    canvas.send_keys("\ue014+")
    after = run(wide, "return [zhengpu.camera.x, zhengpu.camera.k]")
    assert after[0] > before[0]
    assert after[1] > before[1]
    wide.find_element("css selector", "#communities button").send_keys("\ue007")
    settle(wide)
    wide.find_element("css selector", "#panel .name").send_keys("\ue007")
    settle(wide)
    assert wide.find_element("css selector", "#panel h3").is_displayed()
    wide.find_element("tag name", "body").send_keys("\ue00c")
    settle(wide)
    assert not wide.find_element("id", "panel").is_displayed()


def test_panel_and_filters_fit_a_small_screen(browsers: Any, page: str) -> None:
    driver = browsers("tall")
    driver.get("about:blank")
    driver.get(page)
    settle(driver)
    assert run(driver, "return document.documentElement.scrollWidth") <= 390
    driver.find_element("id", "open-filters").click()
    assert driver.find_element("id", "filters").is_displayed()
    driver.find_element("id", "open-filters").click()
    run(driver, "zhengpu.focusOn(zhengpu.find('青山商务区'), 1)")
    top = run(driver, "return document.getElementById('panel').getBoundingClientRect().top")
    ys = run(
        driver,
        """const top = document.getElementById('canvas').getBoundingClientRect().top;
        return zhengpu.scene.nodes.map(node => node.sy + top)""",
    )
    assert max(ys) < top


def test_some_hundred_names_are_readable(browser: Any, tmp_path: Path) -> None:
    """The picture of a graph of some hundred names: labels apart, most of them on screen."""
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
    from view_frames import synthetic

    file = tmp_path / "network.html"
    file.write_text(network_page(synthetic(400)), encoding="utf-8")
    browser.get(file.as_uri())
    settle(browser)
    labels = browser.execute_script("return zhengpu.placed.labels")
    boxes = [label["box"] for label in labels]
    for one, two in combinations(boxes, 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
    assert len(boxes) >= (60 if browser.execute_script("return innerWidth") > 800 else 20)
