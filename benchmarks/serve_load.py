"""Fifty clients at once against ``kg serve`` for a minute.

    python benchmarks/serve_load.py OUT [--clients 50] [--seconds 60]

Starts the service over the folder OUT on a free port of loopback, lets each client ask one
thing after another (pages of things and reports, search as typed, named SPARQL questions,
graphs, now and then a query that runs into the time limit), and prints requests a second,
quantiles of the time by sort of request, errors, and the memory of the service at the
beginning and at the end.  Exit status 1 if anything but the slow queries failed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import httpx

ASK = {
    "count": "SELECT ?kind (COUNT(*) AS ?n) { ?x a ?kind . ?x a zp:Entity } GROUP BY ?kind",
    "join": (
        "SELECT ?name ?stage ?period { ?m zp:milestoneOf ?x ; zp:stage ?stage ; "
        "zp:period/skos:notation ?period . ?x skos:prefLabel ?name } LIMIT 100"
    ),
    "figures": (
        "SELECT ?name ?value { ?o zp:indicator/skos:prefLabel ?name ; zp:value ?value ; "
        "zp:status zp:Target } ORDER BY DESC(?value) LIMIT 50"
    ),
}
ONE = (
    "SELECT ?name ?stage { ?m zp:milestoneOf ?x ; zp:stage ?stage . ?x skos:prefLabel ?name "
    "FILTER(STRLEN(?name) > 3) } LIMIT 30 # NUMBER"
)
GRAPH = "CONSTRUCT { ?a zp:locatedIn ?b } { ?a zp:locatedIn ?b } LIMIT 500"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
START = (
    "import sys; from pathlib import Path; from kg.serve import serve\n"
    "if __name__ == '__main__': serve(Path(sys.argv[1]), port=int(sys.argv[2]))\n"
)


def memory(pid: int) -> float:
    """Resident megabytes of a process and its children."""
    pids, total = [pid], 0.0
    while pids:
        one = pids.pop()
        try:
            for line in Path(f"/proc/{one}/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    total += int(line.split()[1]) / 1024
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        pids += [int(child) for child in children]
    return total


def processor(pid: int) -> float:
    """Seconds of processor time a process and its living children have used."""
    pids, ticks = [pid], 0
    while pids:
        one = pids.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            children = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
        pids += [int(child) for child in children]
    return ticks / os.sysconf("SC_CLK_TCK")


class Load:
    """What is asked and what it took."""

    def __init__(self, url: str, paths: list[str], seed: int) -> None:
        self.url, self.paths = url, paths
        self.random = random.Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, int | str]] = Counter()
        self.bytes = 0

    def pick(self) -> tuple[str, str, dict[str, str], dict[str, str]]:
        """Sort, path, parameters and headers of the next request."""
        roll = self.random.random()
        if roll < 0.3:
            return "page", self.random.choice(self.paths), {}, {"Accept": "text/html"}
        if roll < 0.5:
            letters = self.random.choice(("学校", "xx", "工程", "gc", "中心", "园", "医院", "qu"))
            return "search", "/search.json", {"q": letters}, {}
        if roll < 0.6:
            return "turtle", self.random.choice(self.paths), {}, {"Accept": "text/turtle"}
        if roll < 0.8:
            # Never the same twice: nothing the service may have kept answers it.
            query = ONE.replace("NUMBER", str(self.random.randint(1, 10**9)))
            return "sparql one", "/sparql", {"query": query}, {}
        if roll < 0.98:
            name = self.random.choice(list(ASK))
            return f"sparql {name}", "/sparql", {"query": ASK[name]}, {}
        return "sparql graph", "/sparql", {"query": GRAPH}, {"Accept": "text/turtle"}

    async def client(self, until: float, slow: bool) -> None:
        """One client: request after request."""
        async with httpx.AsyncClient(base_url=self.url, timeout=120) as http:
            while time.monotonic() < until:
                sort, path, params, headers = self.pick()
                if slow:
                    sort, path, params, headers = "slow", "/sparql", {"query": SLOW}, {}
                begun = time.monotonic()
                try:
                    response = await http.get(path, params=params or None, headers=headers)
                    status: int | str = response.status_code
                    self.bytes += len(response.content)
                except httpx.HTTPError as error:
                    status = type(error).__name__
                self.times[sort].append(time.monotonic() - begun)
                self.statuses[sort, status] += 1
                if slow:
                    await asyncio.sleep(5)


def quantile(values: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def main(folder: Path, clients: int, seconds: float) -> int:
    """Run the load; gives the exit status."""
    code = folder / ".serve_load.py"
    code.write_text(START)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, str(code), str(folder), str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            for _ in range(600):
                try:
                    if (await http.get("/search.json", params={"q": "区"})).status_code == 200:
                        break
                except httpx.HTTPError:
                    await asyncio.sleep(0.2)
            hits = [(await http.get("/search.json", params={"q": q})).json() for q in "区市中学园"]
            for name in ASK:
                await http.get("/sparql", params={"query": ASK[name]})
        paths = [hit["path"] for rows in hits for hit in rows] + ["/", "/browse", "/reports"]
        load = Load(url, paths, seed=7)
        begun, first, used = time.monotonic(), memory(server.pid), processor(server.pid)
        middle: list[float] = []

        async def watch() -> None:
            while time.monotonic() < begun + seconds:
                await asyncio.sleep(seconds / 6)
                middle.append(memory(server.pid))

        until = begun + seconds
        jobs = [load.client(until, slow=False) for _ in range(clients - 1)]
        await asyncio.gather(*jobs, load.client(until, slow=True), watch())
        took = time.monotonic() - begun
        return report(load, took, [first, *middle], processor(server.pid) - used)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        code.unlink()


def report(load: Load, took: float, memories: list[float], used: float) -> int:
    """Print the figures; gives the exit status."""
    fast = [value for sort, values in load.times.items() if sort != "slow" for value in values]
    print(f"{len(fast)} requests in {took:.0f} s: {len(fast) / took:.0f} a second")
    print(f"{load.bytes / 1e6:.0f} MB; p50 {quantile(fast, 0.5):.0f} ms, ", end="")
    print(f"p95 {quantile(fast, 0.95):.0f} ms, p99 {quantile(fast, 0.99):.0f} ms")
    print(f"{used:.1f} s of processor time, {1000 * used / len(fast):.0f} ms a request")
    for sort, values in sorted(load.times.items()):
        print(
            f"  {sort:<16} {len(values):>6}  p50 {quantile(values, 0.5):>6.0f} ms"
            f"  p99 {quantile(values, 0.99):>6.0f} ms"
        )
    print("memory (MB): " + " ".join(f"{value:.0f}" for value in memories))
    bad = {key: n for key, n in load.statuses.items() if key[1] != 200 and key[0] != "slow"}
    slow = {key[1]: n for key, n in load.statuses.items() if key[0] == "slow"}
    print(f"errors: {bad or 'none'}; slow queries ended: {slow}")
    return 1 if bad else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.folder, given.clients, given.seconds)))
