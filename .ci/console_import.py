"""Brings a list in the browser, as whoever keeps it would: with a mistake first, then put right, then once more.

    console_import.py ADDRESS

The server takes changes, and holds the sample. Pictures are kept in the folder that HEARTH_PICTURES names, if it names one.
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
from walk import Walk, ask, check, downloaded  # noqa: E402

address = sys.argv[1]
walk = Walk("import")
# Chinese headings, GB 18030: as offices send them.
GOOD = "单位代码,单位名称\r\nIMPORT-1,第一单位\r\nIMPORT-2,第二单位\r\n"
BAD = "单位代码,单位名称\r\nIMPORT-1,第一单位\r\n,没有代码的单位\r\n"


def units():
    data = ask(address + "/graphql", '{ units(where: {code: {startsWith: "IMPORT"}}) { nodes { code name } } meta { version } }')["data"]
    return data["meta"]["version"], [(row["code"], row["name"]) for row in data["units"]["nodes"]]


def bring(page, folder, name, text):
    """The file is chosen, as by the browser's own window."""
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(text.encode("gb18030"))
    page.run("delete document.documentElement.dataset.told")
    document = page.call("DOM.getDocument")["root"]["nodeId"]
    page.call("DOM.setFileInputFiles", files=[path], nodeId=page.call("DOM.querySelector", nodeId=document, selector="#file")["nodeId"])
    page.wait("document.documentElement.dataset.told")
    return page.run("document.getElementById('news').textContent")


def main():
    with walk.page(language="zh-CN") as page, tempfile.TemporaryDirectory() as folder:
        page.go(address + "/import")
        page.wait("document.documentElement.dataset.ready")
        before, found = units()
        check(found == [], "the register has them already")
        said = bring(page, folder, "单位.csv", BAD)
        check("发现 1 个问题" in said and "数据没有改动" in said, f"the page says {said!r}")
        check(page.run("document.getElementById('apply').disabled"), "a file with an error may be applied")
        row = page.run("[...document.querySelectorAll('#report tbody tr')][0].innerText")
        check("单位.csv" in row and "3" in row and "没有填编号" in row, f"the report says {row!r}")
        walk.show(page, "mistake")
        said = bring(page, folder, "单位.csv", GOOD)
        check("试导入没有问题" in said, f"the page says {said!r}")
        check(units() == (before, []), "a trial has changed the data")
        page.run("delete document.documentElement.dataset.told; document.getElementById('apply').focus()")
        page.press("Enter")
        page.wait("document.documentElement.dataset.told")
        said = page.run("document.getElementById('news').textContent")
        check("已导入" in said, f"the page says {said!r}")
        walk.show(page, "applied")
        after, found = units()
        check(found == [("IMPORT-1", "第一单位"), ("IMPORT-2", "第二单位")] and int(after) == int(before) + 1, f"the register has {found}")
        bring(page, folder, "单位.csv", GOOD)
        page.run("delete document.documentElement.dataset.told; document.getElementById('apply').click()")
        page.wait("document.documentElement.dataset.told")
        said = page.run("document.getElementById('news').textContent")
        check("以前已经导入过" in said and units()[0] == after, f"the page says {said!r}")
        page.run("document.getElementById('download').click()")
        downloaded(page, ".csv")
    print("import: a list with a mistake, put right, applied once")


main()
