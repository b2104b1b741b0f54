#!/usr/bin/env python3
"""The reference questions asked of SQLite, DuckDB and PostgreSQL, where they are installed, over the same CSV files.

  peers parameters --csv DIR > parameters.json      the same cadres and towns for every system
  peers ask --csv DIR --work DIR --parameters FILE [--answers DIR] [--runs 7] [--clients 8 --seconds 5] [--hearth ADDRESS:PORT[,…]]
  peers growth --at 100k=ADDRESS:PORT=FILE [--at 1m=…] [--runs 41]      Q1 and Q5 of ours alone, by the size of the register
  peers beside --engine sqlite --csv DIR --work DIR --parameters FILE      for `./hearth bench questions --peers`

`--answers` is the folder that `hearth bench questions --answers DIR` wrote: every answer is compared row by row, numbers as numbers.
Each engine makes its JSON itself and keeps its data in WORK, with the indexes that serve it best. Every engine is asked with every
parameter once before it is measured. DuckDB wants its Python module, PostgreSQL its programs and `psycopg`.

`--hearth` asks servers of ours over HTTP too, on one kept connection, with the same document again and with one that they have not
seen: `hearth serve --model Sources/Bench/Reference/model --data DIR --max-page-size 10000 --max-rows-visited 1000000000`; with
`--max-derived-bytes 1 --max-verdict-bytes 1` nothing that is computed for a whole type is kept from one question to the next.
`--clients N` asks every question once more by N threads at a time, each as soon as it has its answer, for `--seconds`: the median of
all answers, and how many all of them got in a second. `--no-peers` leaves the other systems out; answers are then compared between
servers and with `--answers`. An answer that is not 200, or that holds errors, ends the run.
"""

import argparse
import json
import os
import sys

import asking
import beside
import engines
import parameters
import postgres
from hearth import Hearth

ENGINES = {"sqlite": engines.SQLite, "duckdb": engines.DuckDB, "postgresql": postgres.PostgreSQL}


def opened(name, args):
    """None, and a word about it, where it is not installed."""
    os.makedirs(args.work, exist_ok=True)
    try:
        return ENGINES[name](args.csv, args.work)
    except (ImportError, postgres.NotInstalled) as error:
        engines.say(f"{name} is left out: {error}")
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("parameters", "ask", "growth", "beside"))
    for name in ("csv", "work", "parameters", "answers", "only", "hearth"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--at", action="append", default=[])
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args()
    match args.command:
        case "parameters":
            json.dump(parameters.parameters(args.csv), sys.stdout, indent=1)
        case "growth":
            asking.growth(args.at, args.runs)
        case "beside":
            engine = opened(args.engine, args)
            if engine is None:
                sys.exit(1)
            beside.serve(engine, asking.values(args.parameters))
        case "ask":
            found = [] if args.no_peers else [engine for name in ENGINES if (engine := opened(name, args))]
            for address in filter(None, (args.hearth or "").split(",")):
                found += [Hearth(address, fresh=False), Hearth(address, fresh=True)]
            names = args.only.split(",") if args.only else asking.NAMES
            asking.ask(found, asking.values(args.parameters), names, args.runs, args.answers, args.clients, args.seconds)


if __name__ == "__main__":
    main()
