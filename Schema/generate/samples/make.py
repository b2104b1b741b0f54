#!/usr/bin/env python3
"""Makes the registers of Snapshots/ anew: `python3 Schema/generate/samples/make.py [NAME…] [--check]`.

The same script always makes the same bytes. With --check nothing is written: what differs from the files that are there is named.
"""

import importlib
import sys

sys.dont_write_bytecode = True

from tables import ROOT, checksums

NAMES = ["hanyang", "edistrict", "dongzhou"]


def main(arguments):
    names = [argument for argument in arguments if not argument.startswith("--")] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        sys.exit(f"There is no sample '{unknown[0]}'; there are {', '.join(NAMES)}.")
    differing = []
    for name in names:
        files = importlib.import_module(name).register().files()
        files["SHA256SUMS"] = checksums(files)
        folder = ROOT / "Snapshots" / name
        if "--check" in arguments:
            there = {path.name: path.read_bytes() for path in folder.glob("*") if path.name != "README.md"}
            differing += [f"{name}/{file}" for file in sorted(files.keys() | there.keys()) if files.get(file) != there.get(file)]
            continue
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.csv"):
            if path.name not in files:
                path.unlink()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        print(f"{name}: {len(files) - 1} files, {sum(map(len, files.values())):,} bytes")
    if differing:
        sys.exit("These are not what the script makes: " + ", ".join(differing))


main(sys.argv[1:])
