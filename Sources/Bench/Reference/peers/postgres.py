"""PostgreSQL, as a server of its own that is started for the questions and ended with this process: its data lies in the work folder."""

import atexit
import glob
import os
import shutil
import subprocess
import tempfile

import sql
import tables
from engines import say

# Memory for pages, and no compiling of queries that are over sooner; what is lost with power is loaded again.
SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "2GB",
    "work_mem": "128MB",
    "maintenance_work_mem": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "2",
    "jit": "off",
    "fsync": "off",
}


class NotInstalled(Exception):
    pass


class Server:
    """The programs refuse to run for root, so root runs them for the user that Debian's package makes."""

    def __init__(self, folder):
        self.programs = self.find()
        self.folder = folder
        self.socket = tempfile.mkdtemp(prefix="peer-")
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.is_new = not os.path.exists(f"{folder}/PG_VERSION")
        if self.is_new:
            os.makedirs(folder, exist_ok=True)
        if self.user:
            shutil.chown(self.socket, "postgres")
            shutil.chown(folder, "postgres")
        if self.is_new:
            self.run("initdb", "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self.run("pg_ctl", "-D", folder, "-l", f"{folder}/log", "-w", "-o", f"{options} -k {self.socket}", "start")
        atexit.register(self.stop)

    @staticmethod
    def find():
        known = shutil.which("initdb")
        places = [os.path.dirname(known)] if known else sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not places:
            raise NotInstalled("its programs (initdb, pg_ctl) are not there")
        return places[-1]

    def run(self, program, *arguments):
        # A server keeps what it is given as output, so it is given none.
        done = subprocess.run(
            [*self.user, f"{self.programs}/{program}", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        if done.returncode:
            raise NotInstalled(f"{program} ended with {done.returncode}; see {self.folder}/log")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder, "-w", "-m", "fast", "stop")
        shutil.rmtree(self.socket, ignore_errors=True)

    @property
    def address(self):
        return f"host={self.socket} user=postgres dbname=postgres"


class PostgreSQL:
    types = {"integer": "INTEGER", "fraction": "DOUBLE PRECISION", "key": "BIGINT", "date": "DATE", "text": "TEXT"}

    def __init__(self, folder, work):
        import psycopg

        self.connect = psycopg.connect
        self.server = Server(os.path.abspath(f"{work}/peer.postgres"))
        self.db = self.connect(self.server.address, autocommit=True)
        self.name = f"PostgreSQL {self.db.info.server_version // 10000}.{self.db.info.server_version % 10000}"
        if not self.db.execute("SELECT to_regclass('loaded')").fetchone()[0]:
            self.load(folder)

    def load(self, folder):
        for table in tables.TABLES:
            say(f"{self.name} reads {table}")
            self.db.execute(f"DROP TABLE IF EXISTS {table}")
            self.db.execute(tables.definition(folder, table, self.types, with_key=True))
            with self.db.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy:
                with open(f"{folder}/{table}.csv", "rb") as file:
                    while piece := file.read(1 << 20):
                        copy.write(piece)
        for index in tables.INDEXES:
            self.db.execute(f"CREATE INDEX ON {index}")
        self.db.execute("VACUUM ANALYZE")
        self.db.execute("CREATE TABLE loaded ()")

    def another(self):
        other = object.__new__(PostgreSQL)
        other.name, other.connect, other.server = self.name, self.connect, self.server
        other.db = self.connect(self.server.address, autocommit=True)
        return other

    def ask(self, name, values):
        return self.db.execute(sql.question(name, sql.POSTGRESQL), values, prepare=True).fetchone()[0]
