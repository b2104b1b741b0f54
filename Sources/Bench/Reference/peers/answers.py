"""Whether two systems gave the same answer: row by row, numbers as numbers."""

import json

from hearth import Hearth


def rows(engine, name, text):
    """The rows of an engine's answer, with the names that the others have for them."""
    return ours(name, text) if isinstance(engine, Hearth) else json.loads(text)


def same(name, engine, text, other, other_text):
    return canonical(rows(engine, name, text)) == canonical(rows(other, name, other_text))


def same_as_ours(name, engine, text, line):
    """`line`: what `./hearth bench questions --answers` wrote."""
    return canonical(rows(engine, name, text)) == canonical(ours(name, line))


def ours(name, line):
    (root,) = json.loads(line)["data"].values()
    if name == "Q3":
        found = (
            {
                "cause": group["key"]["cause"],
                "households": group["aggregate"]["count"],
                "persons": group["aggregate"]["sum"]["personCount"],
            }
            for group in root["groups"]
        )
        return sorted(found, key=lambda row: row["cause"] or "")
    found = flat(root)
    if name == "Q1":
        found = [row["household"] for row in found]
    total = root.get("totalCount")
    for row in found:
        for key in ("head", "village", "leader"):
            if isinstance(row.get(key), dict):
                row[key] = row[key]["name"]
        if name == "Q8":
            row.update(household=row["household"]["number"], status=row["cadre"]["status"], cadre=row["cadre"]["name"])
        if total is not None:
            row["total"] = total
    return found


def flat(value):
    """Connections as lists, and numbers that are written as texts as numbers."""
    if isinstance(value, list):
        return [flat(each) for each in value]
    if not isinstance(value, dict):
        return number(value)
    if set(value) <= {"nodes", "totalCount"}:
        return flat(value["nodes"])
    return {key: flat(each) for key, each in value.items()}


def number(value):
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) > 9 else value


def canonical(value):
    """With one form for what systems write differently; villages without households are left out, as not all list them."""
    if isinstance(value, list):
        return [canonical(each) for each in value if not (isinstance(each, dict) and each.get("households") == [])]
    if isinstance(value, dict):
        return {key: canonical(each) for key, each in sorted(value.items())}
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 4)
    return number(value)
