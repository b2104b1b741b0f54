"""Tables of a register, written as the exporter writes them: the model's fields in its order, rows in the order of their keys.

The model is read from Schema/model, so that a field that it does not have, or a name that an enum does not have, stops the script.
"""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCALARS = {"String", "Int", "Float", "Boolean", "ID", "Date", "DateTime", "Decimal"}


class Model:
    """What is stored of each type: fields in order, keys, kinds."""

    def __init__(self, folder=ROOT / "Schema" / "model"):
        self.types, self.enums = {}, {}
        for file in sorted(folder.glob("*.graphql")):
            text = re.sub(r'""".*?"""', "", file.read_text(encoding="utf-8"), flags=re.S)
            for name, body in re.findall(r"^enum (\w+)[^{]*\{\n(.*?)^\}", text, flags=re.S | re.M):
                self.enums[name] = re.findall(r"^  ([A-Z][A-Z0-9_]*)", body, flags=re.M)
            for part in re.split(r"^(?=type \w+ @node)", text, flags=re.M)[1:]:
                self._read(part)

    def _read(self, text):
        name = re.match(r"type (\w+)", text)[1]
        key = re.findall(r'"(\w+)"', re.search(r"@node\(key: (\[.*?\]|\".*?\")", text)[1])
        body = text[re.search(r"\{\n", text).end() :].split("\n}")[0]
        fields = {}
        for field in re.split(r"^(?=  \w+: )", body, flags=re.M):
            match = re.match(r"  (\w+): (\[?)(\w+)!?\]?(!?)", field)
            if match and not re.search(r"@(inverse|valid|derived)\(", field):
                digits = re.search(r"@decimal\(digits: (\d+)\)", field)
                is_required = bool(match[4]) if match[2] else field.startswith(f"  {match[1]}: {match[3]}!")
                fields[match[1]] = (match[3], bool(match[2]), int(digits[1]) if digits else 0, is_required)
        self.types[name] = (key, fields)


class Register:
    """The rows of one register, gathered in any order."""

    def __init__(self, name):
        self.name = name
        self.model = Model()
        self.tables = {}

    def add(self, type_name, **values):
        """A row; what is None has no value. Returns it, to be changed until the register is written."""
        known = self.model.types[type_name][1]
        for field in values:
            if field not in known:
                raise KeyError(f"{type_name} has no stored field '{field}'")
        self.tables.setdefault(type_name, []).append(values)
        return values

    def rows(self, type_name):
        return self.tables.get(type_name, [])

    def _text(self, type_name, field, value):
        kind, is_list, digits, _ = self.model.types[type_name][1][field]
        if value is None:
            return ""
        if is_list:
            return ";".join(self._one(kind, digits, element) for element in value)
        return self._one(kind, digits, value)

    def _one(self, kind, digits, value):
        if kind == "Boolean":
            return "true" if value else "false"
        if kind == "Decimal":
            # Amounts are whole numbers of the smallest unit.
            sign, number = ("-", -value) if value < 0 else ("", value)
            text = str(number).rjust(digits + 1, "0")
            return sign + (text[:-digits] + "." + text[-digits:] if digits else text)
        if kind in self.model.enums and value not in self.model.enums[kind]:
            raise KeyError(f"{kind} has no value '{value}'")
        return str(value)

    def files(self):
        """The files of the register by name."""
        made = {}
        for type_name, rows in self.tables.items():
            key, fields = self.model.types[type_name]
            cells = [{field: self._text(type_name, field, row.get(field)) for field in fields} for row in rows]
            cells.sort(key=lambda row: "|".join(row[field] for field in key).encode())
            names = ["|".join(row[field] for field in key) for row in cells]
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"{type_name} '{twice}' stands twice")
            columns = [field for field in fields if fields[field][3] or any(row[field] for row in cells)]
            lines = [",".join(columns)] + [",".join(quoted(row[field]) for field in columns) for row in cells]
            made[type_name + ".csv"] = ("\n".join(lines) + "\n").encode()
        return made


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


class Chance:
    """Draws that depend on nothing but their names: the same on every machine, and untouched by other draws."""

    def __init__(self, seed):
        self.seed = seed

    def part(self, *names):
        """From 0 up to 1."""
        text = self.seed + "/" + "/".join(str(name) for name in names)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48

    def happens(self, share, *names):
        return self.part(*names) < share

    def between(self, low, high, *names):
        """A whole number, both ends among them."""
        return low + int(self.part(*names) * (high - low + 1))

    def pick(self, choices, *names):
        """One of a list, or one of a table's names by weight."""
        if not isinstance(choices, dict):
            return choices[self.between(0, len(choices) - 1, *names)]
        left = self.part(*names) * sum(choices.values())
        for choice, weight in choices.items():
            left -= weight
            if left < 0:
                return choice
        return choice

    def shuffled(self, values, *names):
        return [value for _, value in sorted((self.part(*names, index), value) for index, value in enumerate(values))]

    def shuffled_rows(self, rows, *names):
        return sorted(rows, key=lambda row: self.part(*names, row["number"]))
