#!/usr/bin/env python3
"""Reads snapshots with pyarrow and polars, as they are, and compares them with what the tests say they hold.

    pip install pyarrow polars
    SNAPSHOT_FOLDER=$PWD/snapshots swift test --filter ForeignReaderTests
    .ci/read_snapshots.py snapshots
"""
import datetime, decimal, glob, sys
import polars, pyarrow

folder = sys.argv[1]


def read(path):
    """The table, mapped; every column whole and valid."""
    before = pyarrow.total_allocated_bytes()
    table = pyarrow.ipc.open_file(pyarrow.memory_map(path)).read_all()
    copied = pyarrow.total_allocated_bytes() - before
    assert copied < 65_536, f"{path}: {copied} bytes were copied"
    table.validate(full=True)
    frame = polars.read_ipc(path)
    for name in table.column_names:
        ours, theirs = table[name].to_pylist(), frame[name].to_list()
        assert ours == theirs, f"{path}: {name} differs between pyarrow and polars"
    print(f"{path}: {table.num_rows} rows, {len(table.column_names)} columns, {copied} bytes copied")
    return table


tables = {path: read(path) for path in sorted(glob.glob(folder + "/*/*.arrow"))}
assert tables, "no Arrow files"

rooms, exhibits = tables[folder + "/small/Room.arrow"], tables[folder + "/small/Exhibit.arrow"]
codes = rooms["code"].to_pylist()
epoch = datetime.date(1970, 1, 1)
with open(folder + "/small.tsv", encoding="utf-8") as file:
    wanted = [line.rstrip("\n").split("\t") for line in file]
found = [
    [
        "" if cell is None else str(cell)
        for cell in (
            row["number"], codes[row["room"]],
            None if row["value"] is None else int(row["value"] * 100),
            None if row["made"] is None else (row["made"] - epoch).days, row["form"], row["title"],
        )
    ]
    for row in exhibits.to_pylist()
]
assert found == wanted, "the small snapshot holds something else"
assert exhibits.schema.field("value").type == pyarrow.decimal64(18, 2)
assert exhibits.schema.field("value").metadata[b"hearth.kind"] == b"decimal:2"

# Inverse edges, as lists or as runs, say the same as the references.
forms = set()
for path in tables:
    if path.endswith("/Room.arrow"):
        rooms, exhibits = tables[path], tables[path.replace("Room", "Exhibit")]
        lists = rooms["exhibits"].to_pylist()
        forms.add(str(rooms.schema.field("exhibits").type))
        if rooms.schema.field("exhibits").type == pyarrow.uint32():
            ends = lists[1:] + [exhibits.num_rows]
            lists = [list(range(start, end)) for start, end in zip(lists, ends)]
        edges = sorted((target, row) for row, targets in enumerate(lists) for target in targets or [])
        assert edges == sorted((row, room) for row, room in enumerate(exhibits["room"].to_pylist())), path
assert "uint32" in forms and any(form.startswith("list") for form in forms), forms

# Values are as narrow as they fit.
narrow = tables[folder + "/fixture2/Exhibit.arrow"]
assert narrow["number"].to_pylist() == list(range(260)) and narrow.schema.field("number").type == pyarrow.int16()
assert narrow["inventory"].to_pylist()[:128] == [-n for n in range(128)] and narrow.schema.field("inventory").type == pyarrow.int8()
assert narrow.schema.field("form").type.index_type == pyarrow.int8()
assert narrow.schema.field("title").type.index_type == pyarrow.int16()
assert narrow["title"].to_pylist()[129:132] == ["129", "0", "1"]
# Texts that hardly repeat are plain.
plain = tables[folder + "/fixture3/Exhibit.arrow"]
assert plain.schema.field("title").type == pyarrow.string()
assert plain.schema.field("title").metadata[b"hearth.repeats"] == b"10"
assert plain["title"].to_pylist()[:3] == [None, "第1号", "第2号"] and plain["title"][25].as_py() == "第1号"
print("pyarrow", pyarrow.__version__, "and polars", polars.__version__, "read what was written")
