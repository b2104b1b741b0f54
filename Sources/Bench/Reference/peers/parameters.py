"""Who is asked about: the same cadres and towns for every system, of the kinds that the reference page asks about.

Of Q1: cadres with at least three open pairings, half of them with a household that has not exited and that they have not visited in
the quarter. Of Q5: the towns that are nearest to 700 households. All of it is shuffled, always alike.
"""

import csv
import random
from collections import Counter, defaultdict

from sql import FROM, TO

CADRES, TOWNS = 400, 40
OPEN_PAIRINGS = 3
HOUSEHOLDS = 700


def parameters(folder):
    chance = random.Random(1)
    visiting, others = kinds_of_cadres(folder)
    cadres = some(visiting, CADRES // 2, chance) + some(others, CADRES // 2, chance)
    towns = mean_towns(folder)
    chance.shuffle(cadres)
    chance.shuffle(towns)
    return {"Q1": [{"cadre": cadre} for cadre in cadres], "Q5": [{"town": town} for town in towns]}


def some(values, count, chance):
    return chance.sample(values, min(count, len(values)))


def kinds_of_cadres(folder):
    """Those of enough open pairings: who has visited all that want it this quarter, and who has not."""
    exited = {row["id"] for row in rows(folder, "households") if row["status"] == "EXITED"}
    visited = {(row["cadre_id"], row["household_id"]) for row in rows(folder, "visits") if FROM <= row["visited_on"] <= TO}
    pairings = defaultdict(list)
    for row in rows(folder, "pairings"):
        if not row["end_on"]:
            pairings[row["cadre_id"]].append(row["household_id"])
    kinds = ([], [])
    for cadre, households in sorted(pairings.items()):
        if len(households) >= OPEN_PAIRINGS:
            waits = any(household not in exited and (cadre, household) not in visited for household in households)
            kinds[waits].append(cadre)
    return kinds


def mean_towns(folder):
    town_of = {row["code"]: row["town_code"] for row in rows(folder, "villages")}
    sizes = Counter(town_of[row["village_code"]] for row in rows(folder, "households"))
    return sorted(sizes, key=lambda town: (abs(sizes[town] - HOUSEHOLDS), town))[:TOWNS]


def rows(folder, table):
    with open(f"{folder}/{table}.csv", encoding="utf-8") as file:
        yield from csv.DictReader(file)
