# SPDX-License-Identifier: MIT
"""One stick, many hosts: verdicts, keys, settings, model-specific registers.

Cases as in boot_cases.
"""

import re

from boot_cases import MENU, check_screen, read
from boot_stick import POWER_OFF, RESET, SAID, must, require

WESTMERE = "Westmere,+aes,x-force-features=on,-hypervisor"
WITHOUT_AES = "Westmere,-aes,-pclmulqdq,x-force-features=on,-hypervisor"

FIRST = b"FIRST HOST of its type on this stick."
AES = b"PCLMULQDQ, AESNI"
CHECK_AES = b'. Check "AES-NI" in setup.'
AES_IS_OFF = AES + b" are off here, on in "


def host(serial, product="R1"):
    return [f"type=1,manufacturer=Acme,product={product},serial={serial}"]


def visit(stick, serial, cpu=WESTMERE, processors=1, product="R1", **options):
    console = stick.boot(cpu, processors, smbios=host(serial, product), **options)
    check_screen(console)
    return console


def verdicts(shop):
    """A first host, an identical one, two with drift, one again, and another type."""
    stick = shop.stick()
    visit(stick, "A-1").says(FIRST)
    visit(stick, "A-2").says(b"OK: matches 1 earlier host.")
    visit(stick, "A-3", WITHOUT_AES).says(
        b"DIFFERS: " + AES_IS_OFF + b"2 earlier hosts" + CHECK_AES)
    visit(stick, "A-4").says(
        b"OK: matches 2 of 3 earlier hosts. Odd one out: 0003-A-3.txt (" + AES +
        b' off there; check "AES-NI" in its setup).')
    visit(stick, "A-3").says(
        b"OK: matches 3 earlier hosts. CHANGED since its last visit (0003-A-3.txt): " + AES +
        b" off -> on.")
    visit(stick, "A-5").says(b"OK: matches 4 earlier hosts.")
    visit(stick, "B-1", product="R2").says(FIRST)
    reports = stick.take_all()
    drift = must(shop.tool, "drift", "--key", shop.public, *reports).decode()
    require("  5 hosts, all identical\n" in drift, "a host counts twice", drift)
    visits = must(shop.tool, "drift", "--all-visits", "--key", shop.public, *reports, status=1)
    visits = visits.decode()
    require("  6 hosts, DRIFT: " in visits, "other groups", visits)
    require("  0003-A-3: 1 of 6\n" in visits and "AESNI " in visits, "not the odd one", visits)
    require(re.search(r"R2, Westmere.*\n +1 host \(0007-B-1", drift), "no other type", drift)


def only_sealed_reports_count(shop):
    """A changed report, one without a seal and garbage do not count."""
    stick = shop.stick()
    visit(stick, "A-1")
    path = stick.take_first()
    seal = path.with_name(path.name + ".minisig")
    changed = shop.write("changed.txt", path.read_bytes().replace(b"A-1", b"A-9"))
    for number, report in ((2, changed), (3, path)):
        stick.put(report, f"/cpulevel/reports/{number:04}-X.txt")
        if number == 2:
            stick.put(seal, f"/cpulevel/reports/{number:04}-X.txt.minisig")
    stick.put(shop.write("garbage", b"\0" * 5000), "/cpulevel/reports/0005-garbage.txt")
    console = visit(stick, "A-2")
    console.says(b"OK: matches 1 earlier host. Ignored: 3 files (not sealed by this stick, or not "
                 b"readable).")


def golden(shop, cpu, says, sealed=False, product="R1", damage=False):
    """Boots a host from a stick with a golden report."""
    first = shop.stick()
    visit(first, "G-1")
    path = first.take_first()
    # A seal beside it comes along.
    if not sealed and not damage:
        path.with_name(path.name + ".minisig").unlink()
    stick = shop.stick(options=["-g", path])
    if damage:
        path.write_bytes(path.read_bytes().replace(b"G-1", b"G-2"))
        stick.put(path, "/cpulevel/golden.txt")
    visit(stick, "A-2", cpu, product=product).says(says)
    stick.take_first()


def three_hundred(shop):
    """Three hundred earlier reports, which are copies of one that the stick sealed."""
    stick = shop.stick()
    visit(stick, "A-1")
    path = stick.take_first()
    for number in range(2, 301):
        stick.put(path, f"/cpulevel/reports/{number:04}-A-1.txt")
        stick.put(path.with_name(path.name + ".minisig"),
                  f"/cpulevel/reports/{number:04}-A-1.txt.minisig")
    console = visit(stick, "A-2")
    console.says(b"Reading earlier reports: 300 of 300")
    console.says(b"OK: matches 1 earlier host.")
    require(len(stick.take_all()) == 301, "reports are missing")


def keys_do_what_they_say(shop):
    """Pages through the report, reads CPUID again, writes again, powers off."""
    stick = shop.stick(b"countdown 3600\n")
    console = stick.boot(WESTMERE, smbios=host("A-1"),
                         options=["-k", "spc l spc b r spc b q a spc w p"])
    console.says(MENU)
    console.says(b"-- The end. B: previous page, R: the report itself, Q: quit --")
    console.says(b"GenuineIntel Westmere")
    console.says(b"1.ECX SSE3 PCLMULQDQ SSSE3 CMPXCHG16B SSE4_1 SSE4_2 POPCNT AESNI")
    console.says(b"-- Space: next page, B: previous page, Q: quit --")
    console.says(b"cpulevel-report 3 program")
    console.says(b"ONLY HOST of its type on this stick. Unchanged since its last visit "
                 b"(0001-A-1.txt).")
    reports = stick.take_all()
    require([path.name for path in reports] == [f"000{n}-A-1.txt" for n in (1, 2, 3)],
            "other reports", *[path.name.encode() for path in reports])
    for path in reports:
        shop.verify(path)


def exits(shop, conf, keys, says, ends):
    stick = shop.stick(conf)
    options = ["-k", keys] if keys else []
    console = stick.boot(options=options, ends=ends)
    check_screen(console)
    console.says(says)


def returns(shop):
    """The firmware finds nothing else to boot and starts its setup."""
    stick = shop.stick(b"countdown 1\nexit return\n")
    said = stick.run(options=["-u", 'starting Boot0000 "UiApp"'], ends=SAID)
    require(b"Back to the firmware in 1 s." in said, "no count-down", said)


def verbosity(shop):
    stick = shop.stick(b"countdown 0\nverbosity quiet\n")
    console = stick.boot(WESTMERE, smbios=host("A-1"))
    console.says_not(b"System Acme")
    console.says(FIRST)
    console.says(b"Report \\cpulevel\\reports\\0001-A-1.txt")
    stick = shop.stick(b"countdown 0\nverbosity full\n")
    console = stick.boot(WESTMERE, smbios=host("A-1"))
    console.says(b"System Acme")
    path = stick.take_first()
    must(shop.tool, "import", "--from", "console", "-o", shop.folder / "again.txt", stick.log())
    again = (shop.folder / "again.txt").read_bytes()
    require(again == path.read_bytes(), "another report on the console", again)


def registers(shop, cpu, processors, numbers, microcode):
    """The report has these registers, with QEMU's values, equal on all processors."""
    stick = shop.stick()
    console = visit(stick, "A-1", cpu, processors)
    parsed = read(stick.take_first())
    require(len(parsed.kinds) == 1, f"{len(parsed.kinds)} kinds", console.probe)
    require(parsed.fields["msr-access"] == b"guarded", "not guarded", console.probe)
    msrs = dict(parsed.kinds[0].msrs)
    require(set(msrs) == numbers, f"registers {sorted(map(hex, msrs))}")
    require(msrs[0x1B] == 0xFEE00900, f"APIC_BASE {msrs[0x1B]:x}")
    require(parsed.kinds[0].microcode == microcode, f"microcode {parsed.kinds[0].microcode}")


def sixty_four(shop):
    """All processors are one kind, each with its APIC ID, and the report is small."""
    stick = shop.stick()
    console = visit(stick, "A-1", processors=64)
    console.says(b"Reading CPUID: 64 of 64 processors")
    path = stick.take_first()
    shop.verify(path)
    parsed = read(path)
    require([kind.members for kind in parsed.kinds] == [list(range(64))], "not one kind of 64")
    ids = [vary.values for vary in parsed.kinds[0].varies if (vary.leaf, vary.register) == (1, 1)]
    require(len(ids) == 1 and sorted(value >> 24 for value in ids[0]) == list(range(64)),
            "not 64 APIC IDs", path.read_bytes())
    size = path.stat().st_size
    require(size < 100 * 1024, f"{size} bytes")
    return f"{size} bytes"


def switched_off(shop):
    """QEMU's MISC_ENABLE[18] is 0, so a hidden MONITOR counts as switched off."""
    console = visit(shop.stick(), "A-1", WESTMERE + ",-monitor")
    console.says(b"Firmware has switched off: MONITOR")
    console = visit(shop.stick(), "A-1", "Westmere,-monitor")
    console.says_not(b"has switched off")


def registers_off(shop):
    stick = shop.stick(b"countdown 0\nmsr off\n")
    visit(stick, "A-1")
    parsed = read(stick.take_first())
    require(parsed.fields["msr-access"] == b"off", "not off")
    require(parsed.kinds[0].msrs == [] and parsed.kinds[0].microcode is None, "registers were read")


INTEL = {0x1B, 0x3A, 0xCE, 0x132, 0x133, 0x134, 0x13C, 0x140, 0x1A0, 0x1AA}
AMD = {0x1B, 0xC0010010, 0xC0010015, 0xC0010114, 0xC0011002, 0xC0011003, 0xC0011004, 0xC0011005}

CASES = (
    ("one stick in several hosts: a verdict on each", verdicts),
    ("reports without a good seal of this stick do not count", only_sealed_reports_count),
    ("golden.txt: the same", golden, WESTMERE, b"OK: matches golden.txt (no seal)."),
    ("golden.txt: the same, sealed", golden, WESTMERE, b"OK: matches golden.txt.", True),
    ("golden.txt: differs", golden, WITHOUT_AES,
     b"DIFFERS from golden.txt: " + AES + b" are off here, on there" + CHECK_AES, True),
    ("golden.txt: of another type of host", golden, WESTMERE,
     b"NO MATCH: golden.txt is for another vendor, product or processor.", True, "R2"),
    ("golden.txt: changed since it was sealed", golden, WESTMERE,
     b"NOT COMPARED with golden.txt: BAD SIGNATURE", True, "R1", True),
    ("300 earlier reports", three_hundred),
    ("the keys do what they say", keys_do_what_they_say),
    ("exit reboot", exits, b"countdown 1\nexit reboot\n", None, b"Reboot in 1 s.", RESET),
    ("exit wait: waits for a key", exits, b"countdown 0\nexit wait\n", "p", MENU, POWER_OFF),
    ("exit return", returns),
    ("verbosity quiet and full", verbosity),
    ("64 processors", sixty_four),
    ("registers of an Ivy Bridge, four processors", registers,
     "IvyBridge,x-force-features=on", 4, INTEL, 1),
    ("registers of a Zen 3, two processors", registers,
     "EPYC-Milan,x-force-features=on", 2, AMD, 0x1000065),
    ("the screen names what a register shows as switched off", switched_off),
    ("msr off: no register is read", registers_off),
)
