#!/usr/bin/env python3
"""The sample register in other clothes must be the same rows: GB 18030, one workbook, a workbook saved by LibreOffice."""
import csv, glob, json, os, shutil, subprocess, sys, tempfile, zipfile
from xml.sax.saxutils import escape

command = sys.argv[1]
folder = tempfile.mkdtemp()
failures = 0


def imported(path, *options):
    done = subprocess.run([command, "import", path, "--json", *options], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"office: no report of {path}: {done.stdout[-500:]} {done.stderr[-1500:]}")


def check(name, report, wanted):
    global failures
    if report["problemCount"] or report["counts"] != wanted["counts"]:
        failures += 1
        print(f"office: {name}: {report['problemCount']} problems {report['problems'][:3]}, counts {report['counts'][:3]}", file=sys.stderr)
    else:
        print(f"office: {name}: {sum(count['added'] for count in report['counts'])} rows, as in UTF-8")


try:
    files = {os.path.basename(path): open(path, encoding="utf-8").read() for path in sorted(glob.glob("Snapshots/hanyang/data/rows/*.csv"))}
    for name in ("plain", "gb"):
        os.mkdir(f"{folder}/{name}")
    for name, text in files.items():
        with open(f"{folder}/plain/{name}", "w", encoding="utf-8", newline="") as file:
            file.write(text)
        with open(f"{folder}/gb/{name}", "w", encoding="gb18030", newline="") as file:
            file.write(text)
    wanted = imported(folder + "/plain")
    if wanted["problemCount"]:
        raise SystemExit(f"office: the sample itself is refused: {wanted['problems'][:3]}")
    check("GB 18030", imported(folder + "/gb"), wanted)

    # One workbook of texts, a title above each table and a note below.
    sheets = ""
    relations = ""
    with zipfile.ZipFile(folder + "/register.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        for number, (name, text) in enumerate(files.items(), 1):
            rows = [["A title above"]] + list(csv.reader(text.splitlines(keepends=True)))
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
    report = imported(folder + "/register.xlsx", "--report", folder + "/report.csv")
    check("a workbook of %d sheets" % len(files), report, wanted)
    told = open(folder + "/report.csv", encoding="utf-8-sig").read()
    if not told.startswith("文件,行,列,栏目") or "试导入没有问题" not in told:
        failures += 1
        print(f"office: the report of a clerk is {told[:300]}", file=sys.stderr)
    if office := shutil.which("soffice"):
        os.mkdir(folder + "/saved")
        subprocess.run(
            [office, "-env:UserInstallation=file://" + folder + "/office", "--headless", "--convert-to", "xlsx", "--outdir", folder + "/saved",
             folder + "/register.xlsx"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
        check("the workbook as LibreOffice saves it", imported(folder + "/saved/register.xlsx"), wanted)
    else:
        print("office: LibreOffice is not here, and saved nothing")
finally:
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(1 if failures else 0)
