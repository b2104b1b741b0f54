#!/usr/bin/env python3
"""Makes the registers of Snapshots/ anew: `python3 Schema/generate/samples/make.py [NAME…] [--check]`.

Each is an archive (Schema/formats/Archive.md), which `./hearth archive` writes of the rows that are made here; HEARTH_COMMAND names another
command. The same script always makes the same bytes. With --check nothing is written, and nothing is built: rows that differ from those that
are there are named, and files that their manifests do not tell. The model in an archive is the one under which it was written; it stays until
the archive is made anew.
"""

import hashlib
import importlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

from tables import ROOT

# The day that each register is of.
NAMES = {"hanyang": "2017-06-30", "edistrict": "2019-06-30", "dongzhou": "2020-03-31"}
# The day on which they are said to have been archived.
DATE = "2026-11-21"
QUESTION = "published-tables"


def main(arguments):
    names = [argument for argument in arguments if not argument.startswith("--")] or list(NAMES)
    if unknown := [name for name in names if name not in NAMES]:
        sys.exit(f"There is no sample '{unknown[0]}'; there are {', '.join(NAMES)}.")
    differing = []
    for name in names:
        files = importlib.import_module(name).register().files()
        folder = ROOT / "Snapshots" / name
        if "--check" in arguments:
            there = {path.name: path.read_bytes() for path in (folder / "data" / "rows").glob("*")}
            differing += [f"{name}/{file}" for file in sorted(files.keys() | there.keys()) if files.get(file) != there.get(file)]
            differing += [f"{name}/{file}" for file in untold(folder)]
        else:
            archive(name, files, folder)
    if differing:
        sys.exit("These are not what the script makes: " + ", ".join(differing))


def untold(folder):
    """Files of an archive that are not those of its manifests."""
    wrong, told = [], {"tagmanifest-sha256.txt"}
    for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"]:
        for line in (folder / manifest).read_text(encoding="utf-8").splitlines():
            digest, path = line.split("  ", 1)
            told.add(path)
            file = folder / path
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                wrong.append(path)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return sorted(set(wrong) | (found - told))


def archive(name, files, folder):
    command = shlex.split(os.environ.get("HEARTH_COMMAND", str(ROOT / "hearth")))
    with tempfile.TemporaryDirectory() as beside:
        rows = Path(beside) / "rows"
        rows.mkdir()
        for file, content in files.items():
            (rows / file).write_bytes(content)
        made = Path(beside) / name
        subprocess.run(
            [*command, "archive", str(made), "--csv", str(rows), "--model", str(ROOT / "Schema" / "model"), "--date", DATE,
             "--as-of", NAMES[name], "--question", QUESTION, "--about", str(folder / "README.md")], check=True)
        shutil.rmtree(folder)
        shutil.copytree(made, folder, copy_function=shutil.copyfile)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


main(sys.argv[1:])
