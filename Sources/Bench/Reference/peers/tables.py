"""The tables that every system holds, as the files of the register have them, and the indexes that serve the questions."""

import csv

TABLES = ("areas", "units", "cadres", "villages", "households", "persons", "teams", "team_members", "pairings", "visits", "measures")
KEYS = {table: "id" for table in TABLES} | {"areas": "code", "villages": "code", "team_members": None}
INDEXES = (
    "villages(town_code)",
    "households(village_code)",
    "persons(household_id)",
    "teams(village_code)",
    "team_members(cadre_id)",
    "pairings(cadre_id)",
    "pairings(household_id)",
    "visits(household_id, visited_on)",
    "visits(cadre_id, visited_on)",
    "measures(household_id)",
    "measures(household_id) WHERE kind = 'MEDICAL_AID'",
    "persons(household_id) WHERE health = 'SERIOUS'",
    "pairings(cadre_id) WHERE end_on IS NULL",
    "cadres(id) WHERE left_unit_on IS NOT NULL",
)
# A column store finds the rest by the order of its rows.
FEW_INDEXES = ("villages(town_code)", "pairings(cadre_id)", "households(id)", "persons(id)", "cadres(id)", "visits(household_id)")

_INTEGERS = {"rural_population", "minutes"}
_FRACTIONS = {"net_income_per_capita", "amount"}


def columns(folder, table):
    with open(f"{folder}/{table}.csv", encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def kind(column):
    """One of `integer`, `fraction`, `key`, `date`, `text`."""
    if column in _INTEGERS:
        return "integer"
    if column in _FRACTIONS:
        return "fraction"
    if column == "id" or column.endswith("_id"):
        return "key"
    if column.endswith("_on") or column == "birth_date":
        return "date"
    return "text"


def definition(folder, table, types, with_key):
    """`CREATE TABLE`, with a system's words for the kinds."""
    parts = (
        f"{column} {types[kind(column)]}{' PRIMARY KEY' if with_key and column == KEYS[table] else ''}"
        for column in columns(folder, table)
    )
    return f"CREATE TABLE {table} ({', '.join(parts)})"
