"""Frames a second of the network page in headless Chromium, with 500 and 5,000 names.

    python benchmarks/view_frames.py [NUMBER …]

Prints, for each size, the bytes of the page, the time until the first picture, and the
frames a second while the picture is dragged and zoomed for two seconds.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from kg.model import KINDS, PREDICATES, STAGES
from kg.view.page import network_page
from kg.view.things import Entity, Link, Milestone, NetworkData, Passage, Source

BASE = "https://w3id.org/zhengpu/id/"
SYLLABLES = "东西南北城河湖山镇村路桥园区新产业文化科技服务中心工程项目公司学校医院"


def synthetic(count: int, seed: int = 7) -> NetworkData:
    """A made-up network: ``count`` names in paragraphs of ten, links within and between."""
    random_ = random.Random(seed)
    report = BASE + "report/made-up"
    entities, passages = {}, {}
    for number in range(count):
        name = "".join(random_.choices(SYLLABLES, k=random_.randint(3, 9))) + str(number)
        iri = f"{BASE}thing/{number}"
        passage = f"{report}/passage/{number}"
        passages[passage] = Passage(
            report, name, number * 20, number * 20 + len(name), number // 10
        )
        entities[iri] = Entity(iri, name, KINDS[number % len(KINDS)], mentions=(passage,))
    iris = list(entities)
    links = [
        Link(iri, random_.choice(PREDICATES), iris[min(count - 1, place + random_.randint(1, 30))])
        for place, iri in enumerate(iris[:-1])
    ]
    milestones = [
        Milestone(iri, random_.choice(STAGES), random_.choice(("actual", "target")), "2020")
        for iri in iris[::2]
    ]
    source = Source(report, f"{count} 个名称", review_year=2020, plan_year=2021, stem="made-up")
    return NetworkData(
        entities, tuple(links), tuple(milestones), passages=passages, reports={report: source}
    )


MEASURE = """
const done = arguments[0], {camera} = zhengpu, first = performance.now();
let frames = 0;
function step(now) {
  frames += 1;
  camera.x += Math.sin(now / 300) * 9 / camera.k;
  camera.k *= 1 + Math.sin(now / 500) * 0.01;
  zhengpu.drawMoving();
  if (now - first < 2000) requestAnimationFrame(step);
  else done(frames * 1000 / (now - first));
}
requestAnimationFrame(step);
"""


def main(sizes: list[int]) -> None:
    """Measure each size and print one line."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1440,900",
        f"--user-data-dir={tempfile.mkdtemp()}",
    ):
        options.add_argument(flag)
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    with webdriver.Chrome(options=options, service=service) as driver:
        for size in sizes:
            start = time.perf_counter()
            page = network_page(synthetic(size))
            built = time.perf_counter() - start
            file = Path(tempfile.mkdtemp()) / "network.html"
            file.write_text(page, encoding="utf-8")
            driver.get(file.as_uri())
            opened = driver.execute_async_script(
                "const done = arguments[0];"
                "requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))"
            )
            frames = driver.execute_async_script(MEASURE)
            shown = driver.execute_script("return zhengpu.scene.nodes.length")
            sys.stdout.write(
                f"{size} names ({shown} drawn): {len(page.encode()) / 1e6:.2f} MB, "
                f"built in {built:.1f} s, opened in {opened / 1000:.2f} s, {frames:.0f} frames/s\n"
            )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [500, 5000, 20000])
