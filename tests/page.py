#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cpulevel page, in a headless Chromium: page.py BUILD.

Reports are made as in setups.py, so that what the page must say is known.  The masks are compared
with what cpulevel mask prints.  Machines that run tests are busy, so that the time of a frame is
printed and has a generous limit.  What makes scrolling fast is judged: few cells are in the
document, however many hosts there are.
"""

import json
import pathlib
import re
import subprocess
import sys

from browser import Browser
from results import Results
from setups import CPU, Hosts, aes

HOSTS = 2000
# The most elements with any number of hosts; the most milliseconds for a frame on a busy machine.
ELEMENTS, FRAME = 2500, 5000
HOSTILE = "<img src=x onerror=alert(1)>"
BREAKING = "</script><script>alert(2)</script><!--<script>"

results = Results()


class Fleet:
    """Reports in a folder, and the page made of them."""

    def __init__(self, tool):
        self.tool, self.hosts = tool, Hosts(tool)
        self.path = self.hosts.path
        self.page = self.path / "fleet.html"

    def run(self, *args, status=0):
        done = subprocess.run(
            [self.tool, *args], cwd=self.path, check=False, capture_output=True, timeout=250
        )
        if done.returncode != status:
            raise RuntimeError(f"{args}: status {done.returncode}: {done.stderr.decode()}")
        return done

    def edit(self, name, old, new):
        path = self.path / f"{name}.txt"
        text = path.read_text(encoding="ascii")
        if old not in text:
            raise RuntimeError(f"{name} has no {old}")
        path.write_text(text.replace(old, new), encoding="ascii")

    def make(self, *args):
        self.run("page", "-u", "-f", "-o", "fleet.html", *(args or (".",)))


def twelve(tool):
    """Twelve hosts of one product, one with AES off, and one host of another product."""
    f = Fleet(tool)
    for n in range(11):
        f.hosts.add(f"web-{n:02}", [aes(True, offset=0x10)])
    f.hosts.add("web-99", [aes(False, False, offset=0x14)], False, bios="2.19.0")
    f.hosts.add("db-01", None)
    f.edit("db-01", 'system-product "R210"', 'system-product "R730"')
    return f


def check(name, got, wanted):
    """One result: got is wanted."""
    results.say([] if got == wanted else [f"got:    {got!r}", f"wanted: {wanted!r}"], name)


def holds(name, text, *parts):
    """One result: the text has all parts."""
    wrong = [f"not there: {part}" for part in parts if part not in text]
    results.say(wrong + text.split("\n") if wrong else [], name)


def command_line(tool):
    """What the command refuses, and what it leaves."""
    f = twelve(tool)
    f.run("page", "-o", "fleet.html", ".", status=2)
    check("a report without a seal needs --unsigned, and leaves no page", f.page.exists(), False)
    f.run("page", "-u", "-o", "fleet.html", ".")
    first = f.page.read_bytes()
    said = f.run("page", "-u", "-o", "fleet.html", "web-00.txt", status=2).stderr.decode()
    holds("a file that exists is not overwritten", said, "fleet.html: already exists", "--force")
    check("and stays as it was", f.page.read_bytes(), first)
    check("on standard output, and again: the same bytes", f.run("page", "-u", ".").stdout, first)
    (f.path / "bad.txt").write_text("no report\n", encoding="ascii")
    said = f.run("page", "-uf", "-o", "fleet.html", ".", status=2).stderr.decode()
    holds("a report that is none is named", said, "bad.txt: not a cpulevel report")
    holds(
        "the others are shown, and the page says so",
        f.page.read_text(encoding="ascii"),
        '"left_out":1,',
    )
    said = f.run("page", "-uf", "-o", "fleet.html", "bad.txt", status=2).stderr.decode()
    holds("without a host there is no page", said, "not a cpulevel report")


def values(tool):
    """Cells that are not only there or not: a number, and what the processors are."""
    f = Fleet(tool)
    text = pathlib.Path("tests/data/recorded/skylake.txt").read_text(encoding="ascii")
    for name in "abc":
        named = text.replace('"skylake"', f'"{name}"')
        (f.path / f"{name}.txt").write_text(named, encoding="ascii")
    odd = re.sub(r"vary .*\nvalues .*\n", "", text.replace('"skylake"', '"odd"'))
    for old, new in (("processors 2", "processors 1"), ("members 0-1", "members 0"),
                     ("cpuid 80000008 00 00003028", "cpuid 80000008 00 00003027")):
        odd = odd.replace(old, new)
    (f.path / "odd.txt").write_text(odd, encoding="ascii")
    page = f.run("page", "-u", ".").stdout.decode("ascii")
    matrix = json.loads(re.search(r'id="data">(.*)</script>', page)[1])["matrix"]
    texts = matrix["texts"]
    check("columns: the processors and a width", [c["name"] for c in matrix["columns"]],
          ["processors", "PHYS_BITS"])
    cells = {len(row["hosts"]): [texts[cell - 3] for cell in row["cells"]]
             for row in matrix["rows"]}
    check("their cells are texts", cells,
          {3: ["1 socket x 2 cores x 1 thread", "40 bits"],
           1: ["1 socket x 1 core x 1 thread", "39 bits"]})
    odd = matrix["rows"][1]["odd"]
    told = {i: [odd[i]["sign"], texts[odd[i]["here"]], texts[odd[i]["there"]],
                [texts[also] for also in odd[i]["also"]]] for i in odd}
    check("and what is odd", told,
          {"0": ["-", "1 socket x 1 core x 1 thread", "1 socket x 2 cores x 1 thread",
                 ["1 of 2 cores off"]],
           "1": ["=", "39 bits", "40 bits", []]})


TEXT = "document.querySelector({!r}).innerText"


def complaints(browser):
    """What the page's console says, dialogs, and what it asked the network for."""
    said = [
        str(p)
        for p in browser.happened(
            "Log.entryAdded",
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
            "Page.javascriptDialogOpening",
        )
    ]
    asked = [p["request"]["url"] for p in browser.happened("Network.requestWillBeSent")]
    return said + asked[1:]


def summary(browser, f):
    f.make("-t", "Rack 7", ".")
    browser.open(f.page)
    check("it opens from a file: no complaint, nothing fetched", complaints(browser), [])
    check("its title", browser.run("document.title"), "Rack 7: 13 hosts - cpulevel")
    check(
        "the verdict says who and what",
        browser.run(TEXT.format("#verdict")),
        "web-99 deviates: AESNI is off or missing there.",
    )
    check(
        "the summary",
        browser.run(
            "[...document.querySelectorAll('.tile')]"
            ".map((e) => e.innerText.split('\\n').filter(Boolean).join('|'))"
        ),
        [
            "Hosts|13",
            "Seals|0 good|13 without",
            "Groups|2|1 with drift",
            "Deviating|1 host",
            "Lost by merging|1 feature|not on all hosts",
            "All reach|x86-64-v2|intel-nehalem",
        ],
    )
    holds(
        "what deviates: the firmware's own words",
        browser.run(TEXT.format("#findings")),
        "web-99",
        "1 of 12 hosts",
        "AESNI",
        f"{CPU} > AES-NI = Disabled here; Enabled on 11 others; "
        "this BIOS version's default is Disabled, 2.21.2's is Enabled.",
    )


ROWS = "[...document.querySelectorAll('#grid .names')].map((e) => e.textContent)"
HEADS = "[...document.querySelectorAll('#grid thead .name')].map((e) => e.textContent)"


def search(browser, words):
    browser.run(
        "(() => { const s = document.getElementById('search'); s.value = ''; s.focus(); })()"
    )
    browser.type(words) if words else browser.run(
        "document.getElementById('search').dispatchEvent(new Event('input'))"
    )


def filters(browser):
    check(
        "the matrix: a row of identical hosts, and the odd one",
        browser.run(ROWS),
        ["db-01", "web-00, web-01 and 9 more", "web-99"],
    )
    check("its columns", browser.run(HEADS), ["AESNI"])
    check(
        "the odd cell has a sign",
        browser.run("document.querySelector('.cell.less').textContent"),
        "\u2212",
    )
    check(
        "and a colour of its own",
        browser.run(
            "new Set(['.cell.less', '.cell.has'].map((e) => "
            "getComputedStyle(document.querySelector(e)).backgroundColor)).size"
        ),
        2,
    )
    browser.click("document.getElementById('odd-only')")
    check(
        "deviating only: the group without drift goes",
        browser.run(ROWS),
        ["web-00, web-01 and 9 more", "web-99"],
    )
    browser.click("document.getElementById('odd-only')")
    search(browser, "web-9")
    check("search: a host", browser.run(ROWS), ["web-99"])
    search(browser, "2.19.0")
    check("search: a BIOS version", browser.run(ROWS), ["web-99"])
    search(browser, "aes-ni")
    check("search: a feature by another name", browser.run(HEADS), ["AESNI"])
    search(browser, "nothing-of-this-name")
    check("search: nothing", browser.run(TEXT.format("#shown")), "Nothing matches")
    search(browser, "web-03")
    check(
        "search: one of a row of identical hosts",
        browser.run("[...document.querySelectorAll('tr.one b')].map((e) => e.textContent)"),
        ["web-03"],
    )
    search(browser, "")
    browser.click("document.querySelector('#grid .turn[aria-label]')")
    check("a row opens: its hosts", browser.run("document.querySelectorAll('tr.one').length"), 11)
    browser.click("document.querySelector('#grid .turn[aria-label]')")


def details(browser):
    browser.click("document.querySelector('.cell.less')")
    said = "\n".join(line for line in browser.run(TEXT.format("#detail")).split("\n") if line)
    holds(
        "a click says who",
        said,
        "AESNI",
        "Here: 1 host\n0\nweb-99",
        "Elsewhere in the group: 11 hosts\n1\nweb-00, web-01,",
    )
    holds(
        "which switch, in the firmware's words",
        said,
        f"{CPU} > AES-NI",
        "Disabled here; Enabled on 11 others; "
        "this BIOS version's default is Disabled, 2.21.2's is Enabled.",
    )
    holds(
        "why, and what else is different",
        said,
        "Here: BIOS 2.19.0",
        "Elsewhere: BIOS 2.21.2",
        "1 of 13 hosts lack it",
    )
    browser.key("Escape", number=27)
    check(
        "Escape closes it, and the matrix has the focus",
        browser.run("[document.getElementById('detail').hidden, document.activeElement.id]"),
        [True, "grid"],
    )
    browser.run("document.getElementById('grid').scrollTop = 0")
    for key, number in (("Home", 36), ("ArrowDown", 40), ("ArrowRight", 39)):
        browser.key(key, number=number)
    browser.key("Enter", number=13)
    check(
        "the keyboard opens a cell",
        browser.run("document.querySelector('#detail h3').textContent"),
        "AESNI",
    )
    browser.key("Escape", number=27)
    browser.key("/", number=191)
    check("a slash goes to the search", browser.run("document.activeElement.id"), "search")
    browser.click("document.querySelector('#findings .chip')")
    check(
        "what deviates leads to its cell",
        browser.run("document.querySelector('.cell.here').getAttribute('aria-label')"),
        "AESNI on web-99: 0, lacks what its group has",
    )


def masks(browser, f):
    browser.call(
        "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
    )
    names = browser.run("[...document.querySelectorAll('#tabs button')].map((e) => e.textContent)")
    for name in ("vmx", "libvirt", "qemu", "proxmox", "xen", "firecracker"):
        results.say([] if name in names else [str(names)], f"there is a mask for {name}")
    wrong, notes = [], []
    caveats = f.run("merge", "-uf", "-o", "all.pool", ".").stderr.decode().split("\n")
    for name in names:
        done = subprocess.run(
            [f.tool, "mask", "--for", name, "all.pool"],
            cwd=f.path,
            check=False,
            capture_output=True,
            timeout=60,
        )
        browser.click(f"document.getElementById('tab-{name}')")
        panel = f"document.getElementById('mask-{name}')"
        said = [
            line.removeprefix("cpulevel: ")
            for line in done.stderr.decode().split("\n")
            if line and line not in caveats and "this pool has no seal" not in line
        ]
        got = browser.run(f"[...{panel}.querySelectorAll('.said li')].map((e) => e.textContent)")
        notes += [] if got == said else [f"{name}: {got} {said}"]
        if done.returncode or not done.stdout:
            wrong += [] if browser.run(f"!{panel}.querySelector('pre')") else [f"{name}: a mask"]
            continue
        browser.click(f"{panel}.querySelector('.copy')")
        browser.wait(f"{panel}.querySelector('.copy').textContent === 'Copied'")
        copied = browser.run("navigator.clipboard.readText()")
        wrong += [] if copied == done.stdout.decode() else [f"{name}: {copied!r} {done.stdout!r}"]
    results.say(wrong, f"each of {len(names)} masks, copied, is what cpulevel mask prints")
    results.say(notes, "with the same warnings")


def appearance(browser, f):
    ground = "getComputedStyle(document.body).backgroundColor"
    light = browser.run(ground)
    browser.media(scheme="dark")
    check(
        "dark, where the reader's system is",
        (
            browser.run(ground) == light,
            browser.run("matchMedia('(prefers-color-scheme: dark)').matches"),
        ),
        (False, True),
    )
    browser.media("print")
    browser.wait("document.querySelector('#paper tbody')")
    check(
        "on paper: every mask, and the matrix as tables",
        browser.run(
            "[[...document.querySelectorAll('.mask')].every((e) => e.getClientRects().length > 0), "
            "document.querySelectorAll('#paper tbody tr:not(.group)').length, "
            "getComputedStyle(document.getElementById('board')).display]"
        ),
        [True, 3, "none"],
    )
    browser.media()
    browser.size(390, 844, True)
    browser.open(f.page)
    over = "document.documentElement.scrollWidth - innerWidth"
    wide = [browser.run(over)]
    browser.click("document.querySelector('.cell.less')")
    wide.append(browser.run(over))
    check("390 pixels wide: nothing to scroll sideways, also with a cell's detail", wide, [0, 0])
    browser.size(1280, 900)


def hostile(browser, tool):
    f = Fleet(tool)
    prompt = f"AES-NI {HOSTILE}"
    f.hosts.add("web-1", [aes(True, prompt="AES-NI", path=BREAKING)])
    f.hosts.add(HOSTILE.replace("/", ""), [aes(True, prompt="AES-NI", path=BREAKING)])
    f.hosts.add(
        "web-3", [aes(False, prompt="AES-NI", path=BREAKING), aes(True, prompt=prompt)], False
    )
    for report in f.path.glob("*.txt"):
        text = report.read_text(encoding="ascii")
        report.write_text(
            text.replace('system-product "R210"', f'system-product "{BREAKING}"').replace(
                'bios-version "2.21.2"', f'bios-version "{HOSTILE}"'
            ),
            encoding="ascii",
        )
    (f.path / "web-3.txt").rename(f.path / "web-3\u2028.txt")
    f.make("-t", f"{HOSTILE}{BREAKING}\u2028", ".")
    browser.open(f.page)
    for find in (
        "document.querySelector('#findings .chip')",
        "document.querySelector('#grid tbody th')",
    ):
        browser.click(find)
    check(
        "hostile names, products, prompts and titles: no dialog, no complaint, nothing fetched",
        complaints(browser),
        [],
    )
    check(
        "no element of theirs",
        browser.run(
            "[document.images.length, document.scripts.length, "
            "document.querySelectorAll('style').length]"
        ),
        [0, 2, 1],
    )
    holds("they are text", browser.run("document.body.innerText"), HOSTILE, BREAKING)
    browser.run(
        """(() => {
            const s = document.createElement('script'), i = document.createElement('img');
            s.textContent = 'window.ran = 1';
            i.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
            document.body.append(s, i);
        })()"""
    )
    refused = browser.run(
        "new Promise((done) => setTimeout(() => "
        "done([window.ran === undefined, document.images[0].naturalWidth]), 100))"
    )
    check("the browser would run no other script, and load nothing", refused, [True, 0])
    check(
        "nor fetch",
        browser.run("fetch('file:///etc/hostname').then(() => 'fetched', () => 'refused')"),
        "refused",
    )


SCROLL = """new Promise((done) => {
    const grid = document.getElementById('grid'), end = grid.scrollHeight;
    let top = 0, last = performance.now(), longest = 0, most = 0, frames = 0;
    const step = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last); last = now; frames++;
        most = Math.max(most, document.querySelectorAll('*').length);
        if (top >= end) return done([longest, most, frames]);
        top += Math.max(400, end / 150);
        grid.scrollTop = top;
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
})"""


def two_thousand(browser, tool):
    f = Fleet(tool)
    for n in range(HOSTS):
        f.hosts.add(f"rack{n // 40:02}-{n % 40:02}", [aes(n % 20 != 7)], n % 20 != 7)
        # No two of the first 128 are identical.
        if n < 128:
            word = f"{0x7fbae3ff & ~(1 << 25 if n % 20 == 7 else 0):08x}"
            f.edit(f"rack{n // 40:02}-{n % 40:02}", word, f"{int(word, 16) ^ spread(n):08x}")
    f.make()
    browser.open(f.page)
    check("2,000 hosts: no complaint", complaints(browser), [])
    browser.run("document.querySelector('#grid .turn[aria-label]').click()")
    longest, most, frames = browser.run(SCROLL)
    print(
        f"# 2,000 hosts: the longest of {frames} frames took {longest:.0f} ms, "
        f"at most {most} elements"
    )
    results.say(
        [f"{most} elements"] if most > ELEMENTS else [],
        f"scrolled to the end, never more than {ELEMENTS} elements",
    )
    results.say([f"{longest} ms"] if longest > FRAME else [], "no frame stalls")
    browser.run("document.getElementById('matrix').scrollIntoView()")
    box = browser.run(
        """(() => {
            const grid = document.getElementById('grid'), r = grid.getBoundingClientRect();
            grid.scrollTop = 0;
            return [r.x + 100, r.y + 300];
        })()"""
    )
    for _ in range(5):
        browser.wheel(*box, 600)
    scrolled = browser.wait("document.getElementById('grid').scrollTop > 1000")
    results.say([] if scrolled else ["it has not scrolled"], "a wheel scrolls it")
    search(browser, "rack31-07")
    check("one host of 2,000 is found", browser.run(ROWS + ".length"), 1)


def spread(number):
    """Bits of leaf 1 ECX by which 128 hosts differ."""
    return sum(
        1 << bit for place, bit in enumerate((0, 1, 3, 9, 12, 13, 19)) if number >> place & 1
    )


def pools(browser, f):
    """A pool says no product and no setup."""
    f.run("page", "-uf", "-o", "pool.html", "all.pool")
    browser.open(f.path / "pool.html")
    check("a page of a pool: no complaint", complaints(browser), [])
    holds(
        "what a pool does not say is said", browser.run(TEXT.format("#grid")), "machine not known"
    )
    f.run("page", "-uf", "-o", "both.html", "all.pool", "web-99.txt")
    browser.open(f.path / "both.html")
    check(
        "a host of a pool whose report is given too counts once",
        browser.run(TEXT.format(".tile b")),
        "13",
    )
    (f.path / "copy.txt").write_bytes((f.path / "web-99.txt").read_bytes())
    f.make("--all-visits", "web-99.txt", "copy.txt")
    browser.open(f.page)
    holds(
        "one report under two names: both are known by it",
        browser.run(TEXT.format("#grid")),
        "copy, web-99",
        "Example, R210",
        "2 hosts, all identical",
    )


def main():
    tool = str(pathlib.Path(sys.argv[1], "cpulevel").resolve())
    command_line(tool)
    values(tool)
    f = twelve(tool)
    with Browser() as browser:
        browser.size(1280, 900)
        browser.media()
        summary(browser, f)
        filters(browser)
        details(browser)
        masks(browser, f)
        appearance(browser, f)
        hostile(browser, tool)
        two_thousand(browser, tool)
        pools(browser, f)
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
