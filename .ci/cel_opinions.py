"""The same expressions, asked of our evaluator and of public implementations of CEL. Usage: cel_opinions.py FOLDER HEARTH

A field without a value is a missing key for them: an error that `&&` and `||` may absorb, as our unknown is absorbed. So TRUE, FALSE
and UNKNOWN here are true, false and an error there.
"""
import datetime
import json
import os
import pathlib
import random
import re
import subprocess
import sys

import cel
import celpy
from celpy import celtypes

FOLDER, HEARTH = pathlib.Path(sys.argv[1]), sys.argv[2]
SEED = int(os.environ.get("CEL_SEED", random.SystemRandom().randrange(1 << 32)))
COUNT = int(os.environ.get("CEL_COUNT", 300))
ROWS = 40
BATCH = 90
FIELDS = ["a", "b", "c", "s", "t", "p", "q", "d", "e", "items"]
WORDS = ["", "a", "b", "ab", "aab", "ba", "B", "12", "a1", "村", "村b", "é", "😀", "village", "a'b", "tab\there", "\\d", "z"]

MODEL = """
type Row @node(key: "number") {
  number: Int! a: Int b: Int c: Int s: String t: String p: Boolean q: Boolean d: DateTime e: DateTime
  items: [Item!]! @inverse(of: "row")
}
type Item @node(key: "number") { number: Int! row: Row! x: Int y: String }
"""


def moment(chance: random.Random) -> str:
    base = datetime.datetime(2020, 6, 29, 16, tzinfo=datetime.timezone.utc)
    return (base + datetime.timedelta(hours=8 * chance.randrange(5), microseconds=chance.choice([0, 0, 1, 500000]))).strftime(
        "%Y-%m-%dT%H:%M:%S.%fZ"
    )


def make_rows(chance: random.Random) -> list[dict]:
    rows = []
    for number in range(ROWS):
        makers = {
            "a": lambda: chance.randrange(-4, 5), "b": lambda: chance.randrange(-4, 5), "c": lambda: chance.randrange(-9, 10),
            "s": lambda: chance.choice(WORDS), "t": lambda: chance.choice(WORDS), "p": lambda: chance.random() < 0.5,
            "q": lambda: chance.random() < 0.5, "d": lambda: moment(chance), "e": lambda: moment(chance),
        }
        row = {name: make() for name, make in makers.items() if chance.random() < 0.8}
        # The empty text cannot be told from none in a file.
        row = {name: value for name, value in row.items() if value != ""}
        row["number"] = number
        row["items"] = []
        for _ in range(chance.randrange(4)):
            item = {"x": chance.randrange(-3, 4), "y": chance.choice(WORDS[1:])}
            row["items"].append({name: value for name, value in item.items() if chance.random() < 0.85})
        rows.append(row)
    # On these the departures of lists show, whatever the seed.
    rows[0]["items"] = [{"x": 1}, {"x": 2}, {"y": "a"}]
    rows[1]["items"] = [{"x": 1}, {"y": "a"}]
    return rows


# MARK: - Ours


def cell(value: object) -> str:
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return '"' + text.replace('"', '""') + '"'


def write_register(rows: list[dict]) -> None:
    (FOLDER / "model").mkdir()
    (FOLDER / "csv").mkdir()
    (FOLDER / "model" / "rows.graphql").write_text(MODEL)
    names = ["number", *FIELDS[:-1]]
    lines = [",".join(names)] + [",".join(cell(row[n]) if n in row else "" for n in names) for row in rows]
    (FOLDER / "csv" / "Row.csv").write_text("\n".join(lines) + "\n")
    lines = ["number,row,x,y"]
    for row in rows:
        for item in row["items"]:
            lines.append(",".join([str(len(lines)), str(row["number"])] + [cell(item[n]) if n in item else "" for n in ("x", "y")]))
    (FOLDER / "csv" / "Item.csv").write_text("\n".join(lines) + "\n")


def ask_ours(expressions: list[str]) -> list[list[str]]:
    """For each expression the verdict on each row; or the message with which it is refused."""
    document = ""
    for index, text in enumerate(expressions):
        for name, asked in (("y", text), ("n", f"!({text})")):
            document += f"{name}{index}: rows(first: 1000, where: {{cel: {json.dumps(asked, ensure_ascii=False)}}}) {{ nodes {{ number }} }}\n"
    path = FOLDER / "document.graphql"
    path.write_text("{" + document + "}")
    limits = {"max-aliases": 1000, "max-root-fields": 200, "max-document-characters": 1000000, "max-tokens": 50000}
    command = [HEARTH, "query", "--model", str(FOLDER / "model"), "--csv", str(FOLDER / "csv"), "--as-of", "2020-06-30"]
    command += [word for name, value in limits.items() for word in ("--limit", f"{name}={value}")] + [f"@{path}"]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"cel: our evaluator did not answer: {done.stdout[:300]} {done.stderr[:500]}")
    data, errors = answer.get("data"), answer.get("errors", [])
    if data is None and len(expressions) > 1:
        return [verdicts for text in expressions for verdicts in ask_ours([text])]
    found = []
    for index in range(len(expressions)):
        if data is None or data.get(f"y{index}") is None or data.get(f"n{index}") is None:
            message = next((e["message"] for e in errors), "no answer")
            found.append([f"REFUSED {message}"] * ROWS)
            continue
        yes, no = ({node["number"] for node in data[f"{name}{index}"]["nodes"]} for name in "yn")
        found.append(["TRUE" if r in yes else "FALSE" if r in no else "UNKNOWN" for r in range(ROWS)])
    return found


# MARK: - Theirs


def qualified(text: str) -> str:
    """Bare names of fields as keys of the row `r`; names inside quotes, after a dot and of macros' rows stay."""
    pieces = re.split(r"(r?'(?:\\.|[^'\\])*'|r?\"(?:\\.|[^\"\\])*\")", text)
    for index in range(0, len(pieces), 2):
        pieces[index] = re.sub(r"(?<![\w.])(" + "|".join(FIELDS) + r")(?![\w(])", r"r.\1", pieces[index])
    return "".join(pieces)


def native(row: dict) -> dict:
    value = {name: row[name] for name in FIELDS if name in row}
    for name in ("d", "e"):
        if name in value:
            value[name] = datetime.datetime.fromisoformat(value[name].replace("Z", "+00:00"))
    return value


def celpy_row(row: dict) -> celtypes.MapType:
    value = celpy.json_to_cel({name: row[name] for name in FIELDS if name in row and name not in "de"})
    for name in ("d", "e"):
        if name in row:
            value[celtypes.StringType(name)] = celtypes.TimestampType(row[name])
    return value


def verdict(value: object) -> str:
    if isinstance(value, (bool, celtypes.BoolType)):
        return "TRUE" if value else "FALSE"
    return "UNKNOWN"


def ask_cel_python(text: str, rows: list) -> list[str]:
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    found = []
    for row in rows:
        try:
            found.append(verdict(program.evaluate({"r": row})))
        except celpy.CELEvalError:
            found.append("UNKNOWN")
    return found


def ask_rust(text: str, rows: list) -> list[str]:
    found = []
    for row in rows:
        try:
            found.append(verdict(cel.evaluate(text, {"r": row})))
        except Exception:  # Every failure of an expression is one of several types here.
            found.append("UNKNOWN")
    return found


# MARK: - Random expressions


class Maker:
    """Typed expressions without the constructs that the page lists as departures."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.depth = 0

    def pick(self, *choices):
        return self.chance.choice(choices)()

    def truth(self, depth: int, rows: tuple = ()) -> str:
        if depth <= 0:
            return self.pick(lambda: self.chance.choice(["p", "q", "true", "false"]), lambda: self.comparison(0, rows))
        below = depth - 1
        return self.pick(
            lambda: f"({self.truth(below, rows)} && {self.truth(below, rows)})",
            lambda: f"({self.truth(below, rows)} || {self.truth(below, rows)})",
            lambda: f"!({self.truth(below, rows)})",
            lambda: f"({self.truth(below, rows)} ? {self.truth(below, rows)} : {self.truth(below, rows)})",
            lambda: f"({self.truth(below, rows)} {self.chance.choice(['==', '!='])} {self.truth(below, rows)})",
            lambda: self.comparison(below, rows), lambda: self.comparison(below, rows), lambda: self.text_test(rows),
            lambda: f"({self.integer(below, rows)} in [{', '.join(str(self.chance.randrange(-4, 5)) for _ in range(3))}])",
            lambda: f"({self.text(rows)} in [{', '.join(self.quoted() for _ in range(3))}])",
            lambda: f"has({self.chance.choice('abcstpqde')})", lambda: self.macro(below, rows),
        )

    def macro(self, depth: int, rows: tuple) -> str:
        if len(rows) >= 2:
            return self.comparison(depth, rows)
        name = "ij"[len(rows)]
        return f"items.{self.chance.choice(['exists', 'all'])}({name}, {self.truth(min(depth, 2), rows + (name,))})"

    def comparison(self, depth: int, rows: tuple) -> str:
        sign = self.chance.choice(["==", "!=", "<", "<=", ">", ">="])
        return self.pick(
            lambda: f"({self.integer(depth, rows)} {sign} {self.integer(depth, rows)})",
            lambda: f"({self.text(rows)} {sign} {self.text(rows)})",
            lambda: f"({self.moment()} {sign} {self.moment()})",
        )

    def integer(self, depth: int, rows: tuple) -> str:
        if depth <= 0:
            return self.pick(
                lambda: self.chance.choice("abc"), lambda: str(self.chance.randrange(-4, 5)),
                lambda: f"{self.chance.choice(rows)}.x" if rows else self.chance.choice("abc"),
            )
        sign = self.chance.choice(["+", "-", "*", "/", "%"])
        return self.pick(
            lambda: f"({self.integer(depth - 1, rows)} {sign} {self.integer(depth - 1, rows)})",
            lambda: f"-({self.integer(depth - 1, rows)})", lambda: f"size({self.chance.choice('st')})", lambda: "size(items)",
            lambda: f"({self.truth(0, rows)} ? {self.integer(0, rows)} : {self.integer(0, rows)})",
        )

    def quoted(self) -> str:
        return "'" + self.chance.choice(WORDS).replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t") + "'"

    def text(self, rows: tuple) -> str:
        return self.pick(
            lambda: self.chance.choice("st"), self.quoted, lambda: f"{self.chance.choice(rows)}.y" if rows else "s")

    def text_test(self, rows: tuple) -> str:
        field = self.chance.choice(["s", "t"] + [f"{row}.y" for row in rows])
        return self.pick(
            lambda: f"{field}.{self.chance.choice(['startsWith', 'endsWith', 'contains'])}({self.quoted()})",
            lambda: f"{field}.matches('{self.chance.choice(['^a', 'b$', '[0-9]', '^(ab|a)+$', '村', '^.$', 'a|b'])}')",
        )

    def moment(self) -> str:
        return self.pick(lambda: self.chance.choice("de"), lambda: f"timestamp('{moment(self.chance)}')")


# MARK: - Run


def cases() -> list[tuple[str, str | None]]:
    found = []
    for line in pathlib.Path(__file__).with_name("cel-cases.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            text, _, departure = line.partition(" || departs: ")
            found.append((text.strip(), departure.strip() or None))
    return found


def main() -> None:
    print(f"cel: seed {SEED} (CEL_SEED repeats it)", flush=True)
    chance = random.Random(SEED)
    rows = make_rows(chance)
    write_register(rows)
    maker = Maker(chance)
    asked = cases() + [(maker.truth(chance.randrange(1, 5)), None) for _ in range(COUNT)]
    python_rows, rust_rows = [celpy_row(row) for row in rows], [native(row) for row in rows]
    page = (pathlib.Path(__file__).parent.parent / "Schema/formats/CEL.md").read_text()
    wrong, verdicts, rust_differs, departed = [], 0, 0, {}
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        for (text, departure), ours in zip(batch, ask_ours([text for text, _ in batch])):
            theirs = ask_cel_python(qualified(text), python_rows)
            rust = ask_rust(qualified(text), rust_rows)
            verdicts += len(ours)
            rust_differs += sum(a != b for a, b in zip(theirs, rust))
            apart = [r for r in range(ROWS) if ours[r] != theirs[r]]
            if departure:
                departed[departure] = departed.get(departure, 0) + len(apart)
                if f"**{departure}**" not in page:
                    wrong.append(f"the departure '{departure}' is not in Schema/formats/CEL.md")
            elif apart:
                r = apart[0]
                shown = {name: rows[r][name] for name in FIELDS if name in rows[r]}
                wrong.append(f"{text}\n    row {r}: {shown}\n    ours {ours[r]}, cel-python {theirs[r]}, common-expression-language {rust[r]}")
    for name, count in departed.items():
        if count == 0:
            wrong.append(f"the departure '{name}' was not seen: nothing departs")
    for line in wrong[:20]:
        print(f"cel: {line}")
    print(
        f"cel: {len(asked)} expressions, {verdicts} verdicts, {len(wrong)} wrong; the public two differ from each other in "
        f"{rust_differs}; departures seen: {departed}"
    )
    sys.exit(1 if wrong else 0)


main()
