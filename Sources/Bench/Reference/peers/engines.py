"""Systems that answer in this process, and what all systems have in common: `name`, `ask(question, values)`, `another()`."""

import csv
import os
import re
import sqlite3
import sys

import sql
import tables


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


class SQLite:
    name = "SQLite " + sqlite3.sqlite_version
    types = {"integer": "INTEGER", "fraction": "REAL", "key": "INTEGER", "date": "TEXT", "text": "TEXT"}

    def __init__(self, folder, work):
        self.place = (folder, work)
        path = f"{work}/peer.sqlite"
        if not os.path.exists(path):
            self.load(folder, path)
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        self.db.execute("PRAGMA cache_size = -400000")
        self.db.execute("PRAGMA mmap_size = 8000000000")
        known = {}

        def matches(pattern, text):
            return text is not None and known.setdefault(pattern, re.compile(pattern)).search(text) is not None

        self.db.create_function("REGEXP", 2, matches, deterministic=True)

    def load(self, folder, path):
        db = sqlite3.connect(path + ".part")
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        for table in tables.TABLES:
            say(f"{self.name} reads {table}")
            db.execute(tables.definition(folder, table, self.types, with_key=True))
            with open(f"{folder}/{table}.csv", encoding="utf-8", newline="") as file:
                rows = csv.reader(file)
                places = ",".join("?" * len(next(rows)))
                db.executemany(f"INSERT INTO {table} VALUES ({places})", ([cell or None for cell in row] for row in rows))
        for number, index in enumerate(tables.INDEXES):
            db.execute(f"CREATE INDEX i{number} ON {index}")
        db.execute("ANALYZE")
        db.commit()
        db.close()
        os.rename(path + ".part", path)

    def another(self):
        return SQLite(*self.place)

    def ask(self, name, values):
        return self.db.execute(sql.question(name, sql.SQLITE), values).fetchone()[0]


class DuckDB:
    types = {"integer": "INTEGER", "fraction": "DOUBLE", "key": "BIGINT", "date": "DATE", "text": "VARCHAR"}

    def __init__(self, folder, work):
        import duckdb

        self.name = "DuckDB " + duckdb.__version__
        path = f"{work}/peer.duckdb"
        if not os.path.exists(path):
            self.load(duckdb.connect(path + ".part"), folder)
            os.rename(path + ".part", path)
        self.db = duckdb.connect(path)

    def load(self, db, folder):
        for table in tables.TABLES:
            say(f"{self.name} reads {table}")
            db.execute(tables.definition(folder, table, self.types, with_key=False))
            db.execute(f"COPY {table} FROM '{folder}/{table}.csv' (HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')")
        for number, index in enumerate(tables.FEW_INDEXES):
            db.execute(f"CREATE INDEX i{number} ON {index}")
        db.execute("CHECKPOINT")
        db.close()

    def another(self):
        other = object.__new__(DuckDB)
        other.name, other.db = self.name, self.db.cursor()
        return other

    def ask(self, name, values):
        times = sql.DUCKDB.tree_parameters if name == "Q5" else 1
        return self.db.execute(sql.question(name, sql.DUCKDB), values * times).fetchone()[0]
