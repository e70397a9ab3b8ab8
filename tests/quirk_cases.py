# SPDX-License-Identifier: MIT
"""Odd firmware: tests/efi/quirk.c poses one oddity a case and starts the unchanged probe.

Where it hangs, its clock runs 64 times as fast: the probe's minutes are seconds.

Cases as in boot_cases.  docs/firmware.md says which firmware does what.
"""

import functools
import re
import threading

from boot_cases import check_screen, read
from boot_stick import SAID, must, require

STORED = b"stored, verified on the stick"
BY_HAND = "switch the machine off by hand"
BOOT = "0001-A-1_boot.txt"
HOST = ["type=1,manufacturer=Acme,product=R1,serial=A-1"]


MAKING = threading.Lock()


@functools.cache
def quirk(build):
    """Makes the program that poses, once."""
    program = build / "quirk.efi"
    must("make", "-s", "WERROR=1", f"B={build}", program, seconds=400)
    return program


def odd(shop, name, conf=b"countdown 0\n", **options):
    """Makes a stick that boots the quirk and then the probe."""
    with MAKING:
        program = quirk(shop.build)
    stick = shop.stick(conf, program=program, **options)
    stick.mtool("mcopy", shop.build / "BOOTX64.EFI", "::/EFI/BOOT/PROBE.EFI")
    stick.put(shop.write("quirk", name.encode()), "/quirk.txt")
    return stick


def boot(stick, processors=1, **options):
    console = stick.boot(processors=processors, smbios=HOST, **options)
    check_screen(console)
    return console


def fields_of(path):
    return read(path).fields


def well(shop, name, processors=1, conf=b"countdown 0\n", says=STORED):
    """The report is stored, sealed and complete all the same."""
    stick = odd(shop, name, conf)
    console = boot(stick, processors)
    console.says(STORED)
    console.says(says)
    path = stick.take_first()
    shop.verify(path)
    require(len(read(path).kinds[0].members) == processors, "processors are missing",
            path.read_bytes())
    require(fields_of(path)["processors-asked"] == b"all", "not all were asked", path.read_bytes())
    stick.check()


def start_hangs(shop):
    """The boot processor's report is there, and the next visit asks nobody else, until told to."""
    stick = odd(shop, "mp-hangs")
    console = stick.boot(processors=4, smbios=HOST)
    console.says(b"Reading CPUID: all processors")
    console.says(b"THE FIRMWARE HANGS: asking the processors. The boot processor's report is "
                 b"stored, as 0001-A-1_boot.txt, with its seal.")
    require(stick.names() == [BOOT, BOOT + ".minisig"], "other files", *stick.names())
    path = stick.take(BOOT)
    shop.verify(path)
    fields = fields_of(path)
    require(fields["processors-asked"] == b"boot only: visit did not end" and
            fields["processors-acpi"] == 4 and fields["processors-smbios"] == 4, "other fields",
            path.read_bytes())
    console = boot(stick, 4)
    console.says(b"WARNING: only the boot processor was read: an earlier visit did not end "
                 b"(0001-A-1_boot.txt remains of it; remove that to ask all). Processors there: ")
    console.says(b"Only the boot processor was compared.")
    console.says(STORED)
    path = stick.take("0002-A-1.txt")
    shop.verify(path)
    require(fields_of(path)["processors-asked"] == b"boot only: an earlier visit did not end",
            "another reason", path.read_bytes())
    said = must(shop.tool, "show", "--key", shop.public, path)
    require(b"not known: only the boot processor was asked" in said, "show does not say it", said)
    stick.mtool("mdel", f"::/cpulevel/reports/{BOOT}")
    stick.put(shop.write("quirk", b"none"), "/quirk.txt")
    boot(stick, 4).says_not(b"only the boot processor")
    path = stick.take("0003-A-1.txt")
    require(len(read(path).kinds[0].members) == 4, "not all were asked", path.read_bytes())


def alone_hangs(shop):
    """The firmware cannot start all at once: the screen names the processor."""
    stick = odd(shop, "mp-hangs-alone")
    console = stick.boot(processors=4, smbios=HOST)
    console.says(b"Reading CPUID: processor 1 of 0-3")
    console.says(b"THE FIRMWARE HANGS: asking the processors. The boot processor's report is ")
    shop.verify(stick.take(BOOT))


def but_one(shop):
    """A processor that does not answer with the others is asked alone."""
    stick = odd(shop, "mp-but-one")
    console = boot(stick, 4)
    # The row that is overwritten later.
    alone = re.findall(rb"Reading CPUID: processor (\d) of 0-3", console.probe)
    require(alone == [b"1"], f"asked alone: {alone}", console.probe)
    console.says_not(b"without a response")
    path = stick.take_first()
    shop.verify(path)
    report = read(path)
    require(not report.silent and [kind.members for kind in report.kinds] == [[0, 1, 2, 3]],
            "other processors", path.read_bytes())
    ids = [vary.values for vary in report.kinds[0].varies if (vary.leaf, vary.register) == (1, 1)]
    require([value >> 24 for value in ids[0]] == [0, 1, 2, 3], "other APIC IDs", path.read_bytes())


def unfinished(shop):
    """What remains of another machine's visit, or of one that ended, does not matter."""
    stick = odd(shop, "none")
    boot(stick, 2)
    first = stick.take_first()
    for name in ("0001-A-1_boot.txt", "0002-B-1_boot.txt"):
        stick.put(first, f"/cpulevel/reports/{name}")
    other = shop.write("other", first.read_bytes().replace(b'"A-1"', b'"B-1"'))
    stick.put(other, "/cpulevel/reports/0002-B-1_boot.txt")
    boot(stick, 2).says_not(b"only the boot processor")
    stick.put(first, "/cpulevel/reports/0004-A-1_boot.txt")
    boot(stick, 2).says(b"0004-A-1_boot.txt remains of it")
    stick.put(shop.write("conf", b"countdown 0\nprocessors all\n"), "/cpulevel/cpulevel.conf")
    boot(stick, 2).says_not(b"only the boot processor")
    stick.put(shop.write("conf", b"countdown 0\nprocessors boot\n"), "/cpulevel/cpulevel.conf")
    boot(stick, 2).says(b"only the boot processor was read: set in cpulevel.conf.")


def not_asked(shop, name, why):
    stick = odd(shop, name)
    console = boot(stick, 4)
    console.says(b"WARNING: only the boot processor was read: " + why + b". Processors there: ")
    console.says(b"4 by ACPI, 4 by SMBIOS.")
    console.says(STORED)
    path = stick.take_first()
    shop.verify(path)
    fields = fields_of(path)
    require(fields["processors-asked"] == b"boot only: " + why, "another reason", fields)
    require(fields["processors-acpi"] == 4, "another count of ACPI", fields)


def late(shop):
    """A processor answers when others are asked: its answer damages nobody else's."""
    stick = odd(shop, "mp-late", b"countdown 3\nexit return\n")
    console = boot(stick, 4, options=["-k", "b p"])
    console.says(b"WARNING: processors without a response within 1 second: 1")
    console.says(b"Not going back to the firmware: a processor that did not respond may still run")
    path = stick.take_first()
    shop.verify(path)
    report = read(path)
    require(report.silent == [1] and [kind.members for kind in report.kinds] == [[0, 2, 3]],
            "other processors", path.read_bytes())
    ids = [vary.values for vary in report.kinds[0].varies if (vary.leaf, vary.register) == (1, 1)]
    require([value >> 24 for value in ids[0]] == [0, 2, 3], "other APIC IDs", path.read_bytes())


def driver_lost(shop):
    stick = odd(shop, "driver-lost")
    console = stick.boot(smbios=HOST)
    console.says(b"stored, NOT VERIFIED")
    console.says(b"STORED, NOT VERIFIED 0001-A-1.txt NOT VERIFIED on the stick after its driver "
                 b"was restarted: ")
    console.says(b"Check it with cpulevel verify.")
    console.says_not(b"NOT STORED")
    require(console.transcript(), "no report on the console", console.probe)
    shop.verify(stick.take_first())


def driver_hangs(shop):
    stick = odd(shop, "driver-hangs")
    console = stick.boot(smbios=HOST)
    console.says(b"stored THE FIRMWARE HANGS: restarting the stick's driver. The report is "
                 b"stored, as 0001-A-1.txt, with its seal.")
    shop.verify(stick.take_first())


def tpm_hangs(shop):
    stick = odd(shop, "tpm-hangs")
    console = stick.boot(smbios=HOST)
    console.says(b"THE FIRMWARE HANGS: asking the TPM. The report is stored, as 0001-A-1.txt, with "
                 b"its seal.")
    path = stick.take_first()
    shop.verify(path)
    require(stick.names() == [path.name, path.name + ".minisig"], "other files", *stick.names())


def bad_path(shop):
    well(shop, "path-bad")
    medium = fields_of(shop.folder / "0001-A-1.txt")["boot-medium"]
    require(medium == b"PciRoot(0x0)/Pci(0x2,0x0)/...", f"the medium is {medium}")


def null_keys(shop):
    stick = odd(shop, "keys-null", b"countdown 3\n")
    console = boot(stick)
    counted = re.findall(rb"Power off in (\d+) s", console.probe)
    require(counted == [b"3", b"2", b"1"], "another count-down", console.probe)


def frozen_keys(shop):
    stick = odd(shop, "keys-hang", b"countdown 3\n")
    boot(stick).says(b"THE FIRMWARE HANGS: reading a key. The report is stored")
    shop.verify(stick.take_first())


def stays_on(shop, name):
    """The last words are that somebody must switch it off."""
    stick = odd(shop, name)
    said = stick.run(smbios=HOST, options=["-u", BY_HAND], ends=SAID)
    require(said.strip().endswith(BY_HAND.encode() + b"."), "other last words", said)
    shop.verify(stick.take_first())


def not_stored_waits(shop):
    """A machine whose report is not stored stays on until a key is pressed."""
    stick = odd(shop, "none", b"countdown 1\n")
    console = boot(stick, options=["-r", "-k", "p"])
    console.says(b"NOT STORED: the stick is write-protected.")
    console.says_not(b"Power off in")
    console.says_not(b"FIRST HOST")


CASES = (
    ("StartupAllAPs never returns: the boot processor's report is stored", start_hangs),
    ("StartupThisAP never returns: the screen names the processor", alone_hangs),
    ("the driver hangs when it is stopped: the report is stored, and the screen says so",
     driver_hangs),
    ("no MP services: the screen and the report say so", not_asked, "mp-missing",
     b"no MP services"),
    ("MP services fail: the screen and the report say so", not_asked, "mp-fails",
     b"MP services fail"),
    ("visits that did not end: of this machine, of another one; settings", unfinished),
    ("a processor answers late", late),
    ("a processor does not answer with the others", but_one),
    ("files cannot be renamed", well, "no-rename", 2, b"countdown 0\n",
     b"This firmware cannot rename files"),
    ("files cannot be flushed", well, "no-flush", 2),
    ("the driver does not come back", driver_lost),
    ("the TPM never answers: the report is stored, and the screen says so", tpm_hangs),
    ("a node of the device path has the length 0", bad_path),
    ("null keys without end do not stop the count-down", null_keys),
    ("reading a key never returns: the count-down ends", frozen_keys),
    ("power-off returns", stays_on, "reset-returns"),
    ("power-off never returns", stays_on, "reset-hangs"),
    ("the screen is in graphics mode", well, "graphics", 1, b"countdown 0\n"),
    ("a report that is not stored: the machine waits for a key", not_stored_waits),
)
