"""Brings a list in the browser, as whoever keeps it would: with a mistake first, then put right, then once more.

    console_import.py ADDRESS

The server takes changes, and holds the sample. Pictures are kept in the folder that HEARTH_PICTURES names, if it names one.
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
from walk import Walk, ask, check, downloaded, tab_to  # noqa: E402

address = sys.argv[1]
walk = Walk("import")
# Chinese headings, GB 18030: as offices send them.
GOOD = "单位代码,单位名称\r\nIMPORT-1,第一单位\r\nIMPORT-2,第二单位\r\n"
# A title above, headings that nobody knows, a column too many and a sum below.
UNCLEAR = "各单位名单,,\r\n代号,单位全称,备注\r\nIMPORT-3,第三单位,x\r\n合计,1,\r\n"
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


def said_after(page, key):
    """What the page says once what a key has begun has ended."""
    page.run("delete document.documentElement.dataset.told")
    page.press(key)
    page.wait("document.documentElement.dataset.told")
    return page.run("document.getElementById('news').textContent")


def choose(page, wanted, value):
    """With the keyboard, from a list."""
    tab_to(page, wanted)
    for _ in range(200):
        if page.run("document.activeElement.value") == value:
            return
        page.press("ArrowDown")
    raise AssertionError(f"{wanted} has no '{value}'")


def says_what_the_file_does_not(page, folder):
    said = bring(page, folder, "名单.csv", UNCLEAR)
    check("发现" in said and page.run("document.getElementById('choosing').open"), f"the page says {said!r}, and offers nothing")
    choose(page, "here.id === 'kind'", "Unit")
    tab_to(page, "here.id === 'row'")
    page.type("2")
    tab_to(page, "here.id === 'again'")
    said_after(page, "Enter")
    walk.show(page, "unclear")
    unknown = page.run("[...document.querySelectorAll('#columns .unknown')].map((one) => one.firstChild.textContent)")
    check(unknown == ["代号", "单位全称", "备注"], f"unknown are {unknown}")
    for heading, field in (("代号", "code"), ("单位全称", "name"), ("备注", "none")):
        choose(page, f"here.closest('#columns label')?.textContent.startsWith('{heading}')", field)
    check(page.run("document.getElementById('apply').disabled"), "what was not tried may be applied")
    tab_to(page, "here.id === 'again'")
    said = said_after(page, "Enter")
    check("试导入没有问题" in said, f"the page says {said!r}")
    lines = page.run("[...document.querySelectorAll('#report tbody tr')].map((one) => one.innerText)")
    check(any("合计行" in line and "4" in line for line in lines) and any("标题" in line for line in lines), f"the report says {lines}")
    walk.show(page, "chosen")
    before = units()[0]
    tab_to(page, "here.id === 'apply'")
    said = said_after(page, "Enter")
    after, found = units()
    check("已导入" in said and ("IMPORT-3", "第三单位") in found and int(after) == int(before) + 1, f"the page says {said!r}, the register has {found}")


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
        says_what_the_file_does_not(page, folder)
    print("import: a list with a mistake, put right, applied once; and one that does not say what it holds")


main()
