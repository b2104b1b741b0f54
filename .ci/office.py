#!/usr/bin/env python3
"""The sample register in other clothes must be the same rows: GB 18030, one workbook, a workbook saved by LibreOffice. And what the server
gives out as a workbook opens in LibreOffice, says the same there, and comes back from there as it was."""
import csv, glob, json, os, re, shutil, subprocess, sys, tempfile, zipfile
from xml.sax.saxutils import escape

import lane

command = sys.argv[1]
folder = tempfile.mkdtemp()
failures = 0


def imported(path, *options):
    done = subprocess.run([command, "import", path, "--json", *options], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"office: no report of {path}: {done.stdout[-500:]} {done.stderr[-1500:]}")


def content(name):
    """The digest of all rows of a data folder."""
    done = subprocess.run([command, "archive", "--data", f"{folder}/data-{name}", "--dry-run"], capture_output=True, text=True)
    found = re.search(r"content SHA-256 ([0-9a-f]{64})", done.stdout)
    return found.group(1) if found else f"none: {done.stdout[-300:]} {done.stderr[-300:]}"


def check(name, path, wanted, *options):
    """Takes files into a folder of their own, which must hold what it is to hold."""
    global failures
    place = re.sub("[^a-z]", "", name.lower())
    report = imported(path, "--data", f"{folder}/data-{place}", *options)
    found = content(place)
    if report["problemCount"] or found != wanted:
        failures += 1
        print(f"office: {name}: {report['problemCount']} problems {report['problems'][:3]}, content {found}, wanted {wanted}", file=sys.stderr)
    else:
        print(f"office: {name}: {sum(count['added'] for count in report['counts'])} rows, content {found[:8]}… as in UTF-8")


def converted(office, path, kind, name):
    """A file as LibreOffice saves it."""
    done = subprocess.run(
        [office, "-env:UserInstallation=file://" + folder + "/office", "--headless", "--convert-to", kind, "--outdir", folder + "/saved", path],
        capture_output=True, timeout=300)
    if not os.path.exists(f"{folder}/saved/{name}"):
        raise SystemExit(f"office: LibreOffice does not open {path}: {done.stdout[-300:]} {done.stderr[-300:]}")
    return f"{folder}/saved/{name}"


def there_and_back(office):
    """A table of the server's own, with identity numbers, dates and amounts, through LibreOffice."""
    server = lane.Server(command, f"{folder}/data-utf", "--max-page-size", "5000")
    try:
        def asked(method, path, body=None, **fields):
            connection = server.connection()
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in fields.items()})
            answer = connection.getresponse()
            bytes = answer.read()
            if answer.status != 200:
                raise lane.Failure(f"{method} {path}: {answer.status} {bytes[:300]}")
            return bytes

        document = json.dumps({"query": "{ persons(first: 5000) { nodes { number name sex birthDate idNumber } } }"})
        workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        book = asked("POST", "/graphql", document, Content_Type="application/json", Accept=workbook)
        with open(f"{folder}/persons.xlsx", "wb") as file:
            file.write(book)
        rows = server.ask(json.loads(document)["query"])["persons"]["nodes"]
        with open(converted(office, f"{folder}/persons.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "persons.csv"), encoding="utf-8", newline="") as file:
            shown = list(csv.DictReader(file))
        told = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
        if shown != told:
            raise lane.Failure(f"LibreOffice shows other rows: {[pair for pair in zip(shown, told) if pair[0] != pair[1]][:2]} of {len(shown)}, {len(told)}")
        with open(converted(office, f"{folder}/persons.xlsx", "xlsx", "persons.xlsx"), "rb") as file:
            saved = file.read()
        for name, bytes in (("as it was given out", book), ("as LibreOffice saved it", saved)):
            report = json.loads(asked("POST", "/imports?name=persons.xlsx&type=Person", bytes, Content_Type=workbook))
            counts = report["counts"]
            if report["problemCount"] or [(count["type"], count["unchanged"]) for count in counts] != [("Person", len(rows))]:
                raise lane.Failure(f"a workbook {name} comes back as {counts}, {report['problems'][:2]}")
        print(f"office: {len(rows)} persons given out as a workbook: LibreOffice shows them, and saves them, as they are")
    finally:
        server.stop()


try:
    files = {os.path.basename(path): open(path, encoding="utf-8").read() for path in sorted(glob.glob("Snapshots/hanyang/data/rows/*.csv"))}
    os.mkdir(folder + "/plain")
    for name, text in files.items():
        with open(f"{folder}/plain/{name}", "w", encoding="utf-8", newline="") as file:
            file.write(text)
        for place, mark in (("gb", ""), ("gbmark", "\ufeff")):
            os.makedirs(f"{folder}/{place}", exist_ok=True)
            with open(f"{folder}/{place}/{name}", "w", encoding="gb18030", newline="") as file:
                file.write(mark + text)
        os.makedirs(folder + "/utfmark", exist_ok=True)
        with open(f"{folder}/utfmark/{name}", "w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    report = imported(folder + "/plain", "--data", folder + "/data-utf")
    if report["problemCount"]:
        raise SystemExit(f"office: the sample itself is refused: {report['problems'][:3]}")
    wanted = content("utf")
    check("GB 18030", folder + "/gb", wanted)
    check("GB 18030 with a mark", folder + "/gbmark", wanted)
    check("UTF-8 with a mark", folder + "/utfmark", wanted)

    # One workbook of texts, a title above each table and a note below.
    sheets = ""
    relations = ""
    with zipfile.ZipFile(folder + "/register.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for number, (name, text) in enumerate(files.items(), 1):
            table = list(csv.reader(text.splitlines(keepends=True)))
            rows = [["A title above"], *table, ["合计"] + [str(len(table) - 1)] * (len(table[0]) > 1), ["注：以上数据，见各表。"]]
            lines = ""
            for index, row in enumerate(rows, 1):
                cells = "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' if cell else "<c/>" for cell in row)
                lines += f'<row r="{index}">{cells}</row>'
            main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
            book.writestr(f"xl/worksheets/sheet{number}.xml", f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>')
            kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            sheets += f'<sheet name="{name[:-4]}" sheetId="{number}" r:id="rId{number}"/>'
            relations += f'<Relationship Id="rId{number}" Type="{kinds}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        package = "http://schemas.openxmlformats.org/package/2006"
        book.writestr("xl/workbook.xml", f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{kinds}"><sheets>{sheets}</sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships">{relations}</Relationships>')
        book.writestr("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{types}.worksheet+xml"/>' for n in range(1, len(files) + 1))
        book.writestr("[Content_Types].xml", f'<?xml version="1.0"?><Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>{overrides}</Types>')
    check("a workbook of %d sheets, with titles, sums and notes" % len(files), folder + "/register.xlsx", wanted, "--report", folder + "/report.csv")
    told = open(folder + "/report.csv", encoding="utf-8-sig").read()
    if not told.startswith("文件,行,列,栏目") or "已导入" not in told or told.count("合计行，没有导入") != len(files):
        failures += 1
        print(f"office: the report of a clerk is {told[:300]}", file=sys.stderr)
    if office := shutil.which("soffice"):
        os.mkdir(folder + "/saved")
        check("the workbook as LibreOffice saves it", converted(office, folder + "/register.xlsx", "xlsx", "register.xlsx"), wanted)
        there_and_back(office)
    else:
        print("office: LibreOffice is not here, and saved nothing")
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if failures else 0)
