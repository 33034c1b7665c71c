"""Run one of the project's modules in its prepared environment: `python -m deploy.inside MODULE …`.

In the same process, so that exit codes, standard input and Ctrl-C are the module's own.
"""

from __future__ import annotations

import runpy
import sys

from deploy import surroundings


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m deploy.inside MODULE [ARGUMENT …]")
    surroundings.prepare()
    module = sys.argv[1]
    sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
