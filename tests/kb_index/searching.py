"""A process that searches until it is told to end, and says what it did not find."""

from __future__ import annotations

import sys
from itertools import cycle
from pathlib import Path
from threading import Event, Thread

from kb_index.finding import Finder
from kb_index.opening import open_index
from tests.kb_index.town import NOW, TOWN, an_article


def main(home: str, engine_url: str) -> None:
    finder = Finder(open_index(Path(home), engine_url), None)
    ended = Event()
    Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    lost = set()
    for number, external_id in enumerate(cycle(TOWN)):
        found = finder.find(an_article(external_id).question, hotline="12345", now=NOW)
        if [hit.external_id for hit in found.hits] != [external_id]:
            lost.add(external_id)
        if number == 0:
            print("searching", flush=True)
        if ended.is_set():
            break
    finder.close()
    print(f"lost {', '.join(sorted(lost)) or 'nothing'}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
