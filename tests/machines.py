# SPDX-License-Identifier: MIT
"""Reports of real and of recorded machines: those of this tree, and those of hwloc's source.

Debian's source package of hwloc has what hwloc-gather-cpuid read on every processor of 25 public
machines.  It is fetched into BUILD/gathers.
"""

import fcntl
import pathlib
import re
import subprocess

DATA = pathlib.Path(__file__).resolve().parent / "data"
WHERE = pathlib.Path("gathers/tests/hwloc/x86")
# In docs/judges.md, and why they may not be there.
GATHERED = "hwloc's 25 machines"
NOT_FETCHED = "the source of hwloc cannot be fetched"


def gathers(build):
    """Where they are; fetches them if they are not there.  None if they cannot be fetched."""
    place = pathlib.Path(build) / WHERE
    with open(pathlib.Path(build) / "gathers.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two groups ask
        if not place.exists():
            subprocess.run(["scripts/deps", "gathers", str(build)], stdout=subprocess.DEVNULL,
                           check=False)
    return place if place.exists() else None


def imported(tool, folder, dumps):
    for dump in sorted(dumps):
        report = folder / f"{dump.name}.txt"
        subprocess.run([tool, "import", "-o", report, dump], check=True, capture_output=True)
        yield report


def recorded(tool, folder):
    """Reports of all machines that are recorded here."""
    yield from sorted((DATA / "recorded").glob("*.txt"))
    yield from sorted((DATA / "setup").glob("*.txt"))[:1]
    yield from imported(tool, folder, [*(DATA / "cases").glob("*.r"), DATA / "atom.cpuid",
                                       DATA / "ivy.cpuid"])


def gathered(tool, build, folder):
    """Reports of the machines that hwloc's source has; none if it cannot be fetched."""
    place = gathers(build)
    yield from imported(tool, folder, place.glob("*.tar.bz2") if place else ())


def first_of_kinds(tool, report):
    """The dump of the first processor of each kind."""
    dump = subprocess.run([tool, "export", "-u", "--to", "cpuid-r", report], capture_output=True,
                          text=True, check=True).stdout
    said = {re.match(r"CPU(?: (\d+))?:", part)[1] or "0": part
            for part in re.split(r"^(?=CPU)", dump, flags=re.MULTILINE)[1:]}
    text = pathlib.Path(report).read_text(encoding="ascii")
    return [said[n] for n in re.findall(r"^kind \d+\nmembers (\d+)", text, re.MULTILINE)]
