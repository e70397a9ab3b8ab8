# SPDX-License-Identifier: MIT
"""Power lost at any moment of a visit under U-Boot, whose FAT driver is not EDK2's.  As boot_cases.

tests/powercut.py is the same for EDK2's.  U-Boot cannot rename files: a report is written under its
final name, after its seal.
"""

import itertools
import pathlib
import re
import shutil

import write_log
from boot_stick import REPORTS, SAID, SECTOR, Console, must, require, run
from fat_read import Fat
from uboot_cases import FIRMWARE, OPTIONS

RECORDED = pathlib.Path("tests/data/recorded")
FOLDER = REPORTS.lower()
NEW = "0003-unknown.txt"


def prepare(shop):
    """A stick with two reports of its own."""
    stick = shop.stick(b"countdown 0\n")
    for number, name in ((1, "haswell"), (2, "penryn")):
        path = shop.write(f"000{number}-S{number}.txt", (RECORDED / f"{name}.txt").read_bytes())
        must("minisign", "-S", "-l", "-s", shop.secret, "-t",
             f"cpulevel report {path.name} sequence {number} program cpulevel", "-m", path)
        for ending in ("", ".minisig"):
            stick.mtool("mcopy", f"{path}{ending}", f"::{REPORTS}/")
    return stick


def visit(stick, *options):
    log = stick.run(ends=SAID, options=[*OPTIONS, "-f", FIRMWARE.format("x86_64"), *options])
    return Console(log)


def logged(shop, stick):
    """A visit, and what it writes."""
    log = shop.write("writes", b"")
    words = ("-set", "drive.stick.format=blklogwrites", "-set", "drive.stick.log.driver=file",
             "-set", f"drive.stick.log.filename={log}")
    console = visit(stick, *(part for word in words for part in ("-x", word)))
    console.says(b"stored, verified on the stick")
    return [*itertools.chain(*write_log.parse(log.read_bytes()))]


class Cut:
    """The stick's partition between two writes of a visit."""

    def __init__(self, shop, stick, writes, after):
        self.shop, self.writes, self.after = shop, writes, after
        self.start, size = stick.extent()
        self.image = stick.image.read_bytes()
        self.data = bytearray(self.image[self.start:self.start + size])
        self.fat = Fat(self.data)
        self.before = self.fat.files(lambda path: True)
        self.counts = {"states": 0, "different": 0, "part of a report": 0, "whole": 0}

    def write(self, write):
        at = write.place * SECTOR - self.start
        require(0 <= at < len(self.data), f"sector {write.place} is not the partition's")
        self.data[at:at + len(write.data)] = write.data

    def read(self):
        """All files.  Those that were there must be unchanged, and no cluster two files'."""
        found = self.fat.files(self.before.__contains__)
        for path, data in self.before.items():
            require(found.get(path) == data, f"{path} is damaged or lost", *found)
        return found

    def is_sealed(self, data, seal):
        if seal is None:
            return False
        path = self.shop.write("one", data)
        self.shop.write("one.minisig", seal)
        return run("minisign", "-V", "-q", "-p", self.shop.public, "-m", path).returncode == 0

    def judge(self, found):
        """mtools, fsck.fat, minisign and the tool see the same: the earlier reports are good, and a
        part of a report is not taken for one."""
        image, home = self.shop.write("cut", self.data), self.shop.folder / "home"
        fsck = run("fsck.fat", "-n", image)
        said = (fsck.stdout + fsck.stderr).decode("latin-1")
        require(fsck.returncode in (0, 1), "fsck.fat fails", said)
        named = {name.lower() for name in re.findall(r"^(/\S+)$", said, re.MULTILINE)}
        require(not named & self.before.keys(), "fsck.fat finds fault with a file", said)
        shutil.rmtree(home, ignore_errors=True)
        done = run(self.shop.tool, "take", "-k", self.shop.public, "-o", home, image)
        taken = {path.name.lower(): path.read_bytes() for path in home.glob("*.txt")}
        reports = {path: data for path, data in found.items() if path.endswith(".txt")}
        whole = {path.rpartition("/")[2]: data for path, data in reports.items()
                 if self.is_sealed(data, found.get(f"{path}.minisig"))}
        require(whole.get(NEW) in (None, self.after[f"{FOLDER}/{NEW}"]), "another report is sealed")
        require(taken == whole, "taken are others than those that are whole", *taken, *whole,
                done.stdout, done.stderr)
        alone = [path for path in found if path.endswith(".txt.minisig") and
                 path.removesuffix(".minisig") not in found]
        require((done.returncode == 0) == (len(reports) == len(whole) and not alone),
                f"take: status {done.returncode}", done.stdout, done.stderr)
        self.counts["whole" if f"{FOLDER}/{NEW}" in reports and NEW in whole else
                    "part of a report"] += len(reports) > 2

    def check_all(self):
        """Checks each state.  Returns one in which half of the new report has its name."""
        seen, half = set(), None
        for number, write in enumerate(self.writes, 1):
            self.write(write)
            found = self.read()
            key = hash(tuple(sorted((path, data) for path, data in found.items()
                                    if path.startswith(FOLDER) and not path.endswith(".tmp"))))
            self.counts["states"] += 1
            if key in seen:
                continue
            seen.add(key)
            self.counts["different"] += 1
            self.judge(found)
            there = found.get(f"{FOLDER}/{NEW}")
            if there is not None and there != self.after[f"{FOLDER}/{NEW}"]:
                half = number
        require(half is not None, "at no moment is there part of a report", self.counts)
        return half


def power_lost(shop):
    """Between any two writes; and the visit after the worst of these."""
    stick = prepare(shop)
    untouched = stick.image.read_bytes()
    writes = logged(shop, stick)
    start, size = stick.extent()
    after = Fat(stick.image.read_bytes()[start:start + size]).files(lambda path: True)
    require(f"{FOLDER}/{NEW}" in after, "no new report", *after)
    stick.image.write_bytes(untouched)
    cut = Cut(shop, stick, writes, after)
    half = cut.check_all()
    print("#", cut.counts, flush=True)
    next_visit(stick, cut, writes[:half], untouched)


def next_visit(stick, cut, writes, untouched):
    """The visit after power was lost while the report was written: it stores another report."""
    image = bytearray(untouched)
    for write in writes:
        at = write.place * SECTOR
        image[at:at + len(write.data)] = write.data
    stick.image.write_bytes(image)
    visit(stick).says(b"stored, verified on the stick")
    start, size = stick.extent()
    found = Fat(stick.image.read_bytes()[start:start + size]).files(cut.before.__contains__)
    for path, data in cut.before.items():
        require(found.get(path) == data, f"the next visit: {path} is damaged or lost", *found)
    names = sorted(path for path in found if re.fullmatch(rf"{FOLDER}/000[34]-unknown\.txt", path))
    require(len(names) == 2, "the next visit: not one more report", *found)
    # What was temporary then stays, under that visit's number.
    require(all("/0003" in path for path in found if path.endswith(".tmp")),
            "a temporary file of the next visit is left", *found)
    path = stick.take("0004-unknown.txt")
    stick.workshop.verify(path)


CASES = (("U-Boot: power lost between any two writes", power_lost),)
