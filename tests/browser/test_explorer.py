"""The explorer and the desk of the reviewer, clicked through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_up
import pytest

pytest.importorskip("starlette", reason="the extra 'serve' is not installed")
pytest.importorskip("uvicorn", reason="the extra 'serve' is not installed")
from looking import colours
from serving import running

from kg import decisions
from kg.serve.review import Desk

pytestmark = pytest.mark.slow
ENTER, DOWN, TAB = "\ue007", "\ue015", "\ue004"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.folder(tmp_path_factory.mktemp("explored") / "out")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with running(folder) as url:
        yield url


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    with running(folder, review=Desk(folder, token="made-up")) as url:
        yield url


def wait(driver: Any, script: str) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, 20).until(lambda d: d.execute_script(f"return {script}"))


@pytest.mark.parametrize(
    "path", ["/", "/browse", "/reports", "/indicators", "/query", "/zhengpu/id/report/donghai-2021"]
)
def test_pages_fit_and_are_not_empty(browser: Any, url: str, path: str) -> None:
    browser.get(url + path)
    assert colours(browser) > 20
    width = browser.execute_script("return document.documentElement.clientWidth")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script("return document.documentElement.lang") == "zh"


def test_search_as_one_types(browser: Any, url: str) -> None:
    browser.get(url)
    box = browser.find_element("css selector", ".find input")
    box.send_keys("青山商")
    assert "青山商务区" in wait(browser, "document.getElementById('found').innerText")
    box.send_keys(DOWN + ENTER)
    assert "青山商务区" in wait(browser, "document.querySelector('h1').innerText")
    assert "在建" in browser.find_element("id", "life").text


def test_from_a_quote_to_its_place_in_the_report(browser: Any, url: str) -> None:
    browser.get(url + "/search?q=青山中学")
    browser.find_element("link text", "青山中学").click()
    browser.find_element("css selector", "#life cite a").click()
    lit = browser.find_element("css selector", "mark.lit")
    assert "青山中学" in browser.execute_script(
        "return [...document.querySelectorAll('mark.lit')].map(m => m.textContent).join('')"
    )
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", lit)
    assert 0 <= top <= browser.execute_script("return innerHeight")


def test_nothing_of_a_report_is_run(browser: Any, url: str) -> None:
    for path in ("/", "/zhengpu/id/report/donghai-2021", "/search?q=script"):
        browser.get(url + path)
        assert browser.execute_script("return window.hacked") is None
    browser.find_element("partial link text", "<script>").click()
    assert browser.execute_script("return window.hacked") is None
    assert "<script>" in browser.find_element("css selector", "h1").text


def test_legend_of_a_report(wide: Any, url: str) -> None:
    wide.get(url + "/zhengpu/id/report/donghai-2021")
    wide.find_element("css selector", "#legend [data-kind='Zone']").click()
    assert wide.execute_script("return document.querySelectorAll('.name.k-Zone.off').length") > 0


def test_queries_as_table_chart_and_network(browser: Any, url: str) -> None:
    browser.get(url + "/query")
    browser.find_element("id", "run").click()
    assert wait(browser, "document.querySelectorAll('#result tbody tr').length") >= 5
    browser.find_element("css selector", "[data-view='chart']").click()
    assert wait(browser, "document.querySelectorAll('#result rect.bar').length") >= 5
    browser.execute_script(
        "document.getElementById('sparql').value = arguments[0]",
        "CONSTRUCT { ?a ?p ?b } { ?a ?p ?b . ?a a zp:Entity . ?b a zp:Entity }",
    )
    browser.find_element("css selector", "[data-view='network']").click()
    browser.find_element("id", "run").click()
    assert wait(browser, "document.querySelectorAll('#result svg.network circle').length") >= 4


def test_a_broken_query_is_told(browser: Any, url: str) -> None:
    browser.get(url + "/query")
    browser.execute_script("document.getElementById('sparql').value = 'SELEC'")
    browser.find_element("id", "run").click()
    assert "does not parse" in wait(browser, "document.querySelector('#result .error')?.innerText")


def test_named_question_with_a_slot(wide: Any, url: str) -> None:
    wide.get(url + "/query")
    wide.find_element("css selector", "[data-question='life']").click()
    assert wide.find_element("css selector", "#slots label").text.strip() == "名称"
    slot = wide.find_element("css selector", "#slots input")
    slot.send_keys("青山中学" + ENTER)
    assert wait(wide, "document.querySelectorAll('#result tbody tr').length") == 2


def test_completion_of_the_vocabulary(wide: Any, url: str) -> None:
    wide.get(url + "/query")
    editor = wide.find_element("id", "sparql")
    editor.clear()
    editor.send_keys("SELECT * { ?x zp:milest")
    assert wait(wide, "!document.getElementById('words').hidden")
    assert "zp:milestoneOf" in wide.find_element("id", "words").text
    editor.send_keys(TAB)
    assert editor.get_property("value").rstrip().endswith("zp:milestoneOf")


def test_review_by_clicking(wide: Any, desk: str, folder: Path) -> None:
    wide.get(desk + "/review?token=made-up")
    wide.find_element("partial link text", "发展计划").click()
    name = "[...document.querySelectorAll('.name')].find(n => n.textContent === '蓝天集团')"
    wide.execute_script(f"{name}.click()")
    panel = wide.find_element("id", "review")
    panel.find_element("xpath", ".//button[text()='否定']").click()
    assert wait(wide, f"{name}.dataset.verdict") == "reject"
    wide.execute_script(f"{name}.click()")
    select = panel.find_element("tag name", "select")
    select.send_keys("项目")
    panel.find_element("xpath", ".//button[text()='改类']").click()
    assert wait(wide, f"{name}.dataset.verdict === 'retype'")
    table = decisions.read(folder / decisions.NAME)
    assert [(item.text, item.verdict, item.kind) for item in table] == [
        ("蓝天集团", "retype", "Project")
    ]
    wide.execute_script(
        """const line = [...document.querySelectorAll('.paragraph p')].find(p =>
          p.textContent.includes('文明城区')), walker = document.createTreeWalker(line, 4);
        let node; while ((node = walker.nextNode()) && !node.data.includes('文明城区'));
        const range = document.createRange(), at = node.data.indexOf('文明');
        range.setStart(node, at); range.setEnd(node, at + 2);
        getSelection().removeAllRanges(); getSelection().addRange(range);
        document.dispatchEvent(new MouseEvent('mouseup'));"""
    )
    panel.find_element("xpath", ".//button[text()='补上这个名称']").click()
    wait(wide, "document.querySelector('#review .tag')?.innerText.includes('已补充')")
    added = [item for item in decisions.read(folder / decisions.NAME) if item.verdict == "add"]
    assert [item.text for item in added] == ["文明"]
    panel.find_element("xpath", ".//button[text()='撤回']").click()
    wait(wide, "!document.querySelector('#review .tag')")
    assert len(decisions.read(folder / decisions.NAME)) == 1
