#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts the power at each moment of a boot: no report may be lost or incomplete.

    powercut.py BUILD

QEMU logs the probe's writes to its stick.  From that log this makes each state in which a power cut
can leave the stick, and checks it with fsck.fat, mtools, minisign and the tool.  Prints TAP.
Exit status: 0 all passed, 1 some failed, 2 usage.
"""

import dataclasses
import itertools
import pathlib
import re
import shutil
import signal
import struct
import sys
import tempfile

import boot
import write_log
from boot_stick import REPORTS, SECTOR, Failed, must, require, run

USB = "usb-storage"
FLUSHED = "virtio-blk-pci"

# What fsck.fat may say about a stick that was pulled out; none of it concerns a file.  An orphaned
# part of a long name is at the end of a directory to which a name was being added.
HARMLESS = re.compile(
    r"FATs differ but appear to be intact\.|"
    r"Reclaimed \d+ unused clusters? \(\d+ bytes\)( in \d+ chains?)?\.|"
    r"Free cluster summary wrong \(\d+ vs\. really \d+\)|"
    r"Orphaned long file name part \".*\"")

# Output of fsck.fat that is not about a fault.
FRAME = re.compile(
    r"fsck\.fat .*|.*: \d+ files, \d+/\d+ clusters|Leaving filesystem unchanged\.|"
    r"  Using first FAT\.|  Auto-(correcting|deleting)\.|")

# What it may also say about files with temporary names: that they are cut short.
CUT_SHORT = re.compile(
    r"  Contains a free cluster \(\d+\)\. Assuming EOF\.|"
    r"  File size is \d+ bytes, cluster chain length is \d+ bytes\.|"
    r"  Truncating file to \d+ bytes\.")

# Matches nothing.
NONE = "(?!)"

STALE_CLUSTERS = 2000

# In the name of a report that is removed again.
KEPT = re.compile(r"_(boot|bare)\.txt")


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    device: str
    earlier: int
    foreign: bool = False
    processors: int = 1
    setup: bool = False

    @property
    def kept(self):
        """Whether a report with less comes first, which is removed again."""
        return self.setup or self.processors > 1

    @property
    def conf(self):
        return b"countdown 0\n" + (b"" if self.setup else b"setup off\n")

    def unfinished(self, model):
        """Which files may be cut short: a pattern of fsck.fat's names."""
        # The firmware links a folder's new cluster before it marks it as the last one: if the two
        # entries are in different sectors of the FAT, the new end is a free cluster for a moment.
        names = [r"/CPULEVEL/ZERO\.TMP", r"/CPULEVEL/REPORTS"] if self.foreign else []
        if model is reordered or self.kept:
            names.append(r"/CPULEVEL/REPORTS/\d{4}(SIG)?\.TMP")
        return re.compile("|".join(names) or NONE)


# With four reports, the names of the fifth cross the end of a sector.
SCENARIOS = (
    Scenario("USB, one earlier report", USB, 1),
    Scenario("USB, four earlier reports", USB, 4),
    Scenario("USB, a short folder that grows over stale clusters", USB, 4, foreign=True),
    Scenario("a disk that is flushed, four earlier reports", FLUSHED, 4),
    Scenario("USB, two processors: a report of one of them comes first", USB, 1, processors=2),
    Scenario("a disk that is flushed, two processors", FLUSHED, 1, processors=2),
    Scenario("USB, setup: a report without it comes first", USB, 1, setup=True),
    Scenario("a disk that is flushed, setup", FLUSHED, 1, setup=True),
)


def fill_stale(stick, cluster):
    """Fills free clusters with entries of a removed directory that point to cluster."""
    start, _ = stick.extent()
    with open(stick.image, "r+b") as image:
        image.seek(start)
        sector = image.read(SECTOR)
        reserved, copies = struct.unpack_from("<HB", sector, 14)
        fat_sectors, = struct.unpack_from("<I", sector, 36)
        image.seek(start + reserved * SECTOR)
        fat = struct.unpack(f"<{STALE_CLUSTERS}I", image.read(4 * STALE_CLUSTERS))
        data = reserved + copies * fat_sectors - 2
        for number in (n for n in range(2, STALE_CLUSTERS) if fat[n] & 0xFFFFFFF == 0):
            image.seek(start + (data + number) * SECTOR)
            image.write(b"".join(b"S%07dTXT " % (16 * number + i) + bytes(14) +
                                 struct.pack("<HI", cluster, 100) for i in range(16)))


def prepare(shop, scenario):
    """Makes a stick with earlier reports."""
    stick = shop.stick(scenario.conf)
    stick.boot()
    first = stick.take_first()
    if scenario.foreign:
        stick.mtool("mdeltree", f"::{REPORTS}")
        stick.mtool("mmd", f"::{REPORTS}")
    for number in range(1 if scenario.foreign else 2, scenario.earlier + 1):
        for ending in ("", ".minisig"):
            name = f"{number:04}{first.name[4:]}{ending}"
            stick.mtool("mcopy", f"{first}{ending}", f"::{REPORTS}/{name}")
    if scenario.foreign:
        said = stick.mtool("mshowfat", f"::{REPORTS}/{first.name}")
        fill_stale(stick, int(re.search(rb"<(\d+)", said)[1]))
    return stick


def boot_logged(shop, stick, device, processors):
    """Boots; returns the writes, in groups between flushes."""
    log = shop.write("writes", b"")
    # Puts one more driver between the drive of scripts/qemu and the image.
    words = ("-set", "drive.stick.format=blklogwrites", "-set", "drive.stick.log.driver=file",
             "-set", f"drive.stick.log.filename={log}")
    stick.boot(processors=processors, options=["-d", device] + [part for word in words
                                                                for part in ("-x", word)])
    return write_log.parse(log.read_bytes())


class Medium:
    """A copy of the partition before the boot, to which states are applied."""

    def __init__(self, stick, folder):
        self.start, size = stick.extent()
        self.image = stick.image.read_bytes()
        self.path = folder / "cut"
        self.path.write_bytes(self.image[self.start:self.start + size])
        self.size = size
        # Reports and seals that were verified; the same bytes in another state need it no more.
        self.verified = set()

    def at_first(self, number):
        return self.image[number * SECTOR:(number + 1) * SECTOR]

    def changed(self, state):
        """The sectors in which a state differs from the partition before the boot."""
        return {number: data for number, data in state.items() if data != self.at_first(number)}

    def apply(self, state):
        with open(self.path, "r+b") as file:
            for number, data in state.items():
                place = number * SECTOR - self.start
                require(0 <= place < self.size, f"sector {number} is not the partition's")
                file.seek(place)
                file.write(data)

    def undo(self, state):
        self.apply({number: self.at_first(number) for number in state})


def prefixes(epochs):
    """After each write, and before the first."""
    state = {}
    yield state
    for write in itertools.chain(*epochs):
        state = {**state, **dict(write.sectors())}
        yield state


def torn(epochs):
    """Within each write, after each of its sectors."""
    state = {}
    for write in itertools.chain(*epochs):
        for number, data in write.sectors():
            state = {**state, number: data}
            yield state


def reordered(epochs):
    """Each subset of the writes since the last flush."""
    state = {}
    for epoch in epochs:
        for kept in itertools.product((False, True), repeat=len(epoch)):
            some = dict(state)
            for write in itertools.compress(epoch, kept):
                some.update(write.sectors())
            yield some
        for write in epoch:
            state.update(write.sectors())


MODELS = (
    ("power lost after any write", prefixes),
    ("power lost within any write", torn),
    ("power lost, writes out of order between flushes", reordered),
)


def check_fsck(medium, unfinished):
    """fsck.fat may find only what HARMLESS and unfinished allow."""
    done = run("fsck.fat", "-n", medium.path)
    require(done.returncode in (0, 1), "fsck.fat fails", done.stdout, done.stderr)
    allowed, kinds = False, set()
    for line in (done.stdout + done.stderr).decode("latin-1").splitlines():
        if line.startswith("/CPULEVEL/"):
            allowed = bool(unfinished.fullmatch(line.strip()))
            require(allowed, "fsck.fat finds fault with a file", done.stdout)
        elif not FRAME.fullmatch(line) and not (allowed and CUT_SHORT.fullmatch(line)):
            require(HARMLESS.fullmatch(line), "fsck.fat finds more than is allowed", line,
                    done.stdout)
        if not FRAME.fullmatch(line):
            kinds.add(re.sub(r"\d+|\".*\"", "N", line.strip()))
    return kinds


def read_all(partition, folder):
    """Copies a partition's files, except temporary ones, into a new folder.  Returns their bytes.

    All files of a stick have different names.
    """
    listed = must("mdir", "-/", "-b", "-i", partition, "::/").decode("latin-1").splitlines()
    files = [path for path in listed if not path.endswith(("/", ".tmp"))]
    folder.mkdir()
    must("mcopy", "-n", "-i", partition, *files, folder)
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    require(len(found) == len(files), "two files have one name", *files)
    return found


def check_files(shop, medium, before, after):
    """Old files must be unchanged, new ones complete.  Returns true if the new report is there."""
    folder = shop.folder / "files"
    try:
        found = read_all(medium.path, folder)
        for name, data in before.items():
            require(found.get(name) == data, f"{name} is damaged or lost", *found)
        new = found.keys() - before.keys()
        # What a report with less has to be, its seal says.
        for name in (name for name in new if not KEPT.search(name)):
            require(found[name] == after.get(name), f"{name} is incomplete")
        for name in found:
            sealed = found[name], found.get(name + ".minisig")
            if name.endswith(".txt") and sealed not in medium.verified:
                shop.verify(folder / name)
                must("minisign", "-V", "-q", "-p", shop.public, "-m", folder / name)
                medium.verified.add(sealed)
        return any(name.endswith(".txt") for name in new)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_states(shop, medium, states, unfinished, before, after, in_order):
    """Checks each different one of these states.  Returns lines to print.

    In order of time, a report of this visit that is there stays, or another one is there.
    """
    total, complete, seen, kinds, there = 0, 0, set(), set(), False
    for total, state in enumerate(states, 1):
        changed = medium.changed(state)
        key = hash(tuple(sorted(changed.items())))
        if key in seen:
            continue
        seen.add(key)
        medium.apply(changed)
        try:
            kinds |= check_fsck(medium, unfinished)
            good = check_files(shop, medium, before, after)
            require(good or not (there and in_order), "a report that was there is gone")
            complete += good
            there = good
        except Failed as why:
            raise Failed(f"state {total}: {why}", *why.details) from None
        finally:
            medium.undo(changed)
    require(complete > 0, "no state has the new report")
    return [f"{total} states, {len(seen)} of them different, {complete} with the new report",
            *(f"fsck.fat says: {kind}" for kind in sorted(kinds))]


def contents(stick, folder):
    offset, _ = stick.extent()
    return read_all(f"{stick.image}@@{offset}", folder)


def length(stick):
    """The number of clusters of the folder of reports."""
    said = stick.mtool("mshowfat", f"::{REPORTS}").decode("ascii")
    runs = re.findall(r"<(\d+)(?:-(\d+))?>", said)
    require(runs, "unexpected output of mshowfat", said)
    return sum(int(last or first) - int(first) + 1 for first, last in runs)


def run_scenario(shop, scenario):
    """Boots once with a log.  Yields name and check for each model of a power cut."""
    stick = prepare(shop, scenario)
    short = length(stick)
    before = contents(stick, shop.folder / "before")
    medium = Medium(stick, shop.folder)
    epochs = boot_logged(shop, stick, scenario.device, scenario.processors)
    after = contents(stick, shop.folder / "after")
    if scenario.foreign:
        require(length(stick) > short, "the folder has not grown")
    new = sorted(after.keys() - before.keys())
    require(len(new) == 2, "not one report and its seal are new", *new)
    flushes = f"in {len(epochs)} groups with a flush after each" if len(epochs) > 1 else "no flush"
    print(f"# {scenario.name}: {sum(map(len, epochs))} writes, {flushes}", flush=True)
    for name, model in MODELS:
        if model is reordered and scenario.device != FLUSHED:
            continue
        unfinished = scenario.unfinished(model)
        yield name, lambda model=model, unfinished=unfinished: check_states(
            shop, medium, model(epochs), unfinished, before, after, model is not reordered)


def results(shop, number, scenario):
    """Yields name, result and lines to print for each check of a scenario."""
    folder = shop.folder / str(number)
    folder.mkdir()
    try:
        for name, check in run_scenario(dataclasses.replace(shop, folder=folder), scenario):
            try:
                yield name, True, check()
            except Failed as why:
                yield name, False, boot.details_of(why)
    except Failed as why:
        yield "the probe is booted", False, boot.details_of(why)
    finally:
        shutil.rmtree(folder)


def main(arguments):
    if len(arguments) != 1:
        print("usage: tests/powercut.py BUILD", file=sys.stderr)
        return 2
    # So that a SIGTERM removes the folder and ends QEMU.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    count = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        shop = boot.set_up(pathlib.Path(arguments[0]), pathlib.Path(folder), "disk")
        for number, scenario in enumerate(SCENARIOS):
            for name, passed, lines in results(shop, number, scenario):
                count += 1
                failed += not passed
                print(f"{'ok' if passed else 'not ok'} {count} - {scenario.name}: {name}")
                print("".join(f"# {line}\n" for line in lines), end="", flush=True)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
