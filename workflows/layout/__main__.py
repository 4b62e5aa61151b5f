"""Draw the diagrams of BPMN files without Flask: python -m workflows.layout [--check] FILE..."""

import argparse
import pathlib
import sys

from . import layout


def main():
    cli = argparse.ArgumentParser(prog="python -m workflows.layout", description=__doc__)
    cli.add_argument("files", nargs="+", type=pathlib.Path, metavar="FILE")
    cli.add_argument("--check", action="store_true", help="change nothing; answer 1 if a diagram is not up to date")
    args = cli.parse_args()
    stale = 0
    for path in args.files:
        before = path.read_bytes()
        drawn = layout(before)
        if drawn == before:
            continue
        stale += 1
        if args.check:
            print(f"{path}: the diagram is not up to date; draw it with: python -m workflows.layout {path}")
        else:
            path.write_bytes(drawn)
            print(f"{path}: drawn")
    return 1 if args.check and stale else 0


sys.exit(main())
