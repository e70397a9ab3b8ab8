# SPDX-License-Identifier: MIT
"""Setup forms: what the probe says of them is what they say.  Cases as in boot_cases.

tests/efi/quirk.c publishes the forms of a board that tests/hii_build.py describes, or poses as a
firmware with another HII database, and starts the unchanged probe.
"""

import hashlib
import random

import hii_build
import hii_read
import report_reader
from boot_cases import read
from boot_stick import SAID, Console, must, on_installed, require
from quirk_cases import HOST, MAKING, STORED, fields_of, odd
from uboot_cases import FIRMWARE, OPTIONS

ALL = b"countdown 0\nsetup all\n"

# The board's variable: every byte is another one, but for those of the questions.
BASE = bytearray(range(0x80, 0xC0))
VALUES = {"AES-NI": 0, "Intel (R) Virtualization Technology": 1, "Hyper-Threading [ALL]": 0,
          "Active Processor Cores": 0x102, "MONITOR/MWAIT": 1, "VMX Lock": 0, "Key Locker": 1,
          "Core limit": 5, "Fan speed": 1, "CFG Lock, locks the C states": 1, "SVM Mode": 0,
          "VT-d": 0, "Core nobody knows": 7, "Hardware Prefetcher": 3}
LIST = bytes((2, 3, 1))
CPU_SETUP = bytes((9, 9, 9, 0))
UNKNOWN = {"Threads of nothing": b"not stored", "Threads elsewhere": b"no such variable",
           "Threads behind the end": b"the variable is too short"}
NOT_ABOUT_PROCESSORS = {"Fan speed", "Hardware Prefetcher"}
NEVER = (b"CPU password", b"CPU name", b"CPU date", b"CPU time", b"Gesperrt", b"KEYWORD")


def variable(board, **changed):
    """What the variable Setup holds, so that the questions have the values above."""
    data = bytearray(BASE)
    values = VALUES | changed
    for one in hii_build.expected(board):
        ask = one.ask
        if one.store is None or one.store.number != 1 or ask.prompt.strip() in UNKNOWN:
            continue
        if ask.kind == "ordered-list":
            data[ask.offset:ask.offset + 3] = LIST
        elif ask.bits:
            at, bit = divmod(ask.offset, 8)
            mask = (1 << ask.width) - 1
            data[at] = data[at] & ~(mask << bit) & 0xFF | values[ask.prompt] << bit
        else:
            value = values[ask.prompt.strip()]
            data[ask.offset:ask.offset + ask.width] = value.to_bytes(ask.width, "little")
    return bytes(data)


def encoded(text):
    return None if text is None else text.encode()


def joined(ask, numbers):
    texts = dict((value, text) for value, text, _ in ask.options)
    return b"list", ", ".join(texts[n] for n in numbers).encode()


def value_of(one):
    prompt = one.ask.prompt.strip()
    if prompt in UNKNOWN:
        return b"unknown", UNKNOWN[prompt]
    if one.ask.kind == "ordered-list":
        return joined(one.ask, LIST)
    value = CPU_SETUP[3] if one.store.number == 2 else VALUES[prompt]
    return value, encoded(one.text(value)) if one.ask.kind == "one-of" else None


def default_of(one, class_):
    default = one.default(class_)
    if default is None:
        return None
    if default == "computed":
        return b"computed", None
    if isinstance(default, bytes):
        return joined(one.ask, default)
    return default, encoded(one.text(default)) if one.ask.kind == "one-of" else None


def store_of(one):
    if one.store is None:
        return (b"none",)
    at = divmod(one.ask.offset, 8) if one.ask.bits else (one.ask.offset, 0)
    bits = one.ask.width if one.ask.bits else one.ask.width * 8
    if one.ask.kind == "ordered-list":
        bits = 8 * one.ask.most
    return one.store.kind.encode(), one.store.name.encode(), one.store.guid, *at, bits


def question_of(one):
    """What a report must say of a question, from its description."""
    standard = default_of(one, 0) or (b"none", None)
    return report_reader.Question(
        one.path.encode(), one.ask.prompt.strip().encode(), one.ask.kind.encode(),
        [state.encode() for state in one.states], store_of(one), value_of(one), standard,
        default_of(one, 1) or standard)


def read_all(path):
    """Reads the file of all questions by docs/report-format.md; its digest must be right."""
    source = report_reader.Source(path.read_bytes())
    line = source.next_value(b"cpulevel-setup")
    require(line.text == b"cpulevel-setup 1", "another first line", line.text)
    limits = report_reader.SETUP_QUESTIONS, report_reader.SETUP_BYTES
    report_reader.SETUP_QUESTIONS, report_reader.SETUP_BYTES = 10**6, 0x800000
    try:
        setup = report_reader.read_setup(source)
    finally:
        report_reader.SETUP_QUESTIONS, report_reader.SETUP_BYTES = limits
    source.end()
    lines = [line for one in setup.questions for line in report_reader.spell_question(one)]
    digest = hashlib.sha512(b"".join(line + b"\n" for line in lines)).hexdigest()[:32]
    require(setup.digest == digest, "another digest", setup.digest, digest)
    require(setup.found == setup.chosen == len(setup.questions), "other counts", setup)
    return setup


def take_both(shop, stick, name):
    """Takes a report and the file of all questions; both must be sealed."""
    path, beside = stick.take(name), stick.take(name + ".setup")
    shop.verify(path)
    must("minisign", "-V", "-p", shop.public, "-m", beside)
    report = read(path).setup
    everything = read_all(beside)
    require(report.digest == everything.digest and report.found == everything.found,
            "report and file differ", path.read_bytes()[-3000:])
    return report, everything, beside


def same(found, wanted):
    """Both lists must be equal; shows the first that is not."""
    for one, other in zip(found, wanted):
        require(one == other, "another question", one, other)
    require(len(found) == len(wanted), f"{len(found)} questions, not {len(wanted)}")


def described(shop, version):
    """A vendor's board: every question as it is described, beside the firmware's own."""
    board = hii_build.BOARDS[version]
    stick = odd(shop, "forms", ALL)
    stick.put(shop.write("forms", hii_build.build(board)), "/forms.bin")
    stick.put(shop.write("setup", variable(board)), "/setup.bin")
    stick.put(shop.write("cpu", CPU_SETUP), "/cpusetup.bin")
    stick.boot(smbios=HOST).says(STORED)
    names = ["0001-A-1.txt" + end for end in ("", ".minisig", ".setup", ".setup.minisig")]
    require(stick.names() == names, "other files", *stick.names())
    report, everything, beside = take_both(shop, stick, "0001-A-1.txt")
    wanted = [question_of(one) for one in hii_build.expected(board)]
    # The firmware's own lists stand before.
    same(everything.questions[-len(wanted):], wanted)
    require(len(everything.questions) > len(wanted), "the firmware's own are missing")
    chosen = [one for one in wanted if one.prompt.decode() not in NOT_ABOUT_PROCESSORS]
    require(report.chosen == len(report.questions), "chosen ones are missing", report)
    same([one for one in report.questions if one.path.startswith(b"Setup")], chosen)
    require(not report.faults, "faults", report)
    for words in NEVER:
        require(words not in beside.read_bytes(), f"{words} is in the file")
    said = must(shop.tool, "show", "--key", shop.public, shop.folder / "0001-A-1.txt")
    require(b"    AES-NI = Disabled\n" in said, "show does not say it", said)
    stick.check()


def visit_board(shop, version, aes, golden=None):
    """Boots a machine of a board, with AES or without.  Returns its console and report."""
    board = hii_build.BOARDS[version]
    stick = odd(shop, "forms")
    stick.put(shop.write("forms", hii_build.build(board)), "/forms.bin")
    stick.put(shop.write("setup", variable(board, **{"AES-NI": int(aes)})), "/setup.bin")
    stick.put(shop.write("cpu", CPU_SETUP), "/cpusetup.bin")
    if golden:
        stick.put(golden, "/cpulevel/golden.txt")
    console = stick.boot(cpu="Westmere" + ("" if aes else ",-aes"),
                         smbios=(*HOST, f"type=0,vendor=Acme,version={version}"))
    report = stick.take("0001-A-1.txt")
    report.with_name(report.name + ".minisig").rename(shop.folder / f"{version}.txt.minisig")
    return console, report.rename(shop.folder / f"{version}.txt")


def aes_off(shop):
    """AES is off in CPUID and in setup, where another BIOS version has another default."""
    _, golden = visit_board(shop, "2.21.2", True)
    console, report = visit_board(shop, "2.19.0", False, golden)
    option = b"Setup > Advanced > Processor Configuration > AES-NI"
    console.says(b'Check "' + option + b'" (Disabled here, Enabled in golden.txt) in setup.')
    said = must(shop.tool, "drift", "--key", shop.public, "--all-visits", golden, report, status=1)
    require(option + b" = Disabled here; Enabled on 1 other; this BIOS version's default is "
            b"Disabled, 2.21.2's is Enabled." in b" ".join(said.split()), "drift does not", said)
    page = must(shop.tool, "page", "--key", shop.public, "--all-visits", golden, report)
    require(option.replace(b">", b"\\u003e") in page and
            b"Disabled on 1 host without it; Enabled on 1 host with it; 2.19.0's default is "
            b"Disabled, 2.21.2's is Enabled." in page, "the page does not say it")


def own_forms(shop):
    """The firmware's own: all questions that another reader finds in the raw export."""
    stick = odd(shop, "hii-dump", ALL)
    stick.boot(smbios=HOST).says(STORED)
    _, everything, _ = take_both(shop, stick, "0001-A-1.txt")
    dump = shop.write("dump", stick.mtool("mtype", "::/dump.bin"))
    compare_export(shop, dump, everything)
    return f"{everything.found} questions in {dump.stat().st_size} bytes"


def compare_export(shop, dump, everything):
    wanted = list(hii_read.questions(dump.read_bytes()))
    require(len(wanted) >= 50, f"only {len(wanted)} questions in the export")
    found = [hii_read.Question(one.prompt, one.kind, one.store, one.default, one.manufacturing)
             for one in everything.questions]
    same(found, wanted)
    said = must(shop.tool, "setup", "--all", "--from", dump)
    count = f"{len(wanted)} of {len(wanted)} questions, ".encode()
    require(count in said, "the tool counts otherwise", said[-300:])


def own_forms_32(shop):
    """The same on 32-bit firmware, whose quirk is built for it."""
    build = shop.build / "ia32"
    with MAKING:
        must("make", "-s", "WERROR=1", "EFI_ARCH=ia32", f"B={build}", f"SODIUM={shop.build}/sodium",
             build / "quirk.efi", seconds=400)
    stick = shop.stick(ALL)
    stick.mtool("mcopy", "-o", build / "BOOTIA32.EFI", "::/EFI/BOOT/PROBE.EFI")
    stick.mtool("mcopy", "-o", build / "quirk.efi", "::/EFI/BOOT/BOOTIA32.EFI")
    stick.put(shop.write("quirk", b"hii-dump"), "/quirk.txt")
    stick.boot(smbios=HOST, options=["-3"]).says(STORED)
    _, everything, _ = take_both(shop, stick, "0001-A-1.txt")
    dump = shop.write("dump", stick.mtool("mtype", "::/dump.bin"))
    compare_export(shop, dump, everything)
    return f"{everything.found} questions"


def damaged(shop, seed):
    """An export that is none, or a damaged one: the report is stored and sealed all the same."""
    rnd = random.Random(seed)
    data = bytearray(hii_build.build(hii_build.BOARDS["2.21.2"]))
    if seed == 0:
        data = bytearray(rnd.randbytes(5000))
    for _ in range(seed * 40):
        data[rnd.randrange(20, len(data))] = rnd.randrange(256)
    stick = odd(shop, "hii-garbage", ALL)
    stick.put(shop.write("export", bytes(data)), "/export.bin")
    stick.boot(smbios=HOST).says(STORED)
    path = stick.take("0001-A-1.txt")
    shop.verify(path)
    setup = read(path).setup
    if seed == 0:
        require(setup.none == b"the HII database has no package lists", "another cause", setup)
        return
    require(setup.none is None and setup.faults, "no faults", setup)
    read_all(stick.take("0001-A-1.txt.setup"))


def nothing_read(shop, name, why, conf=b"countdown 0\n"):
    """No setup lines can be had, and the report says why."""
    stick = odd(shop, name, conf)
    stick.boot(smbios=HOST).says(STORED)
    path = stick.take_first()
    shop.verify(path)
    setup = read(path).setup
    require(setup.none == why if why else setup is None, "another cause", setup)


def hangs(shop):
    """The report without setup is stored; the next visit does not ask again, until told to."""
    stick = odd(shop, "hii-hangs")
    bare = "0001-A-1_bare.txt"
    stick.boot(smbios=HOST, processors=2).says(
        b"THE FIRMWARE HANGS: reading the setup forms. The report without setup is stored, as "
        b"0001-A-1_bare.txt, with its seal.")
    require(stick.names() == [bare, bare + ".minisig"], "other files", *stick.names())
    path = stick.take(bare)
    shop.verify(path)
    require(fields_of(path)["processors-asked"] == b"all" and read(path).setup is None,
            "not the report without setup", path.read_bytes())
    stick.boot(smbios=HOST, processors=2).says(STORED)
    path = stick.take("0002-A-1.txt")
    shop.verify(path)
    require(read(path).setup.none == b"an earlier visit did not end: 0001-A-1_bare.txt remains of "
            b"it", "another cause", read(path).setup)


DRIVERS = b"countdown 0\nsetup drivers\n"


def drivers(shop, name="none"):
    """Drivers say what no variable has, in the file alone; the report is as without them."""
    stick = odd(shop, name, DRIVERS)
    stick.boot(smbios=HOST).says(STORED)
    path, beside = stick.take("0001-A-1.txt"), stick.take("0001-A-1.txt.setup")
    shop.verify(path)
    must("minisign", "-V", "-p", shop.public, "-m", beside)
    everything = read_all(beside)
    require(read(path).setup.found == everything.found, "other counts", everything.found)
    values = [one.value for one in everything.questions if one.store[0] == b"buffer"]
    known = [value for value in values if value[0] != b"unknown"]
    require(all(value[1] == b"the driver refuses" for value in values if value[0] == b"unknown"),
            "another cause", values)
    if name == "none":
        attempt = next(one for one in everything.questions if one.prompt == b"Attempt Secure Boot")
        require(attempt.value == (0, None), "Secure Boot is attempted?", attempt)
        require(len(known) > 20, "drivers say little", known)
    else:
        require(not known, "nonsense is a value", known)
    return f"{len(known)} of {len(values)} values"


def driver_hangs(shop):
    """The report is stored, sealed and compared before a driver is asked."""
    stick = odd(shop, "extract-hangs", DRIVERS)
    console = stick.boot(smbios=HOST)
    console.says(STORED)
    console.says(b"THE FIRMWARE HANGS: asking a driver for setup. The report is stored, as "
                 b"0001-A-1.txt, with its seal.")
    path = stick.take_first()
    shop.verify(path)
    require(read(path).setup.found > 50, "no setup in the report", path.read_bytes())


def uboot(shop):
    """U-Boot's own database: what it says, or that there is none."""
    stick = shop.stick()
    log = stick.run(ends=SAID, options=[*OPTIONS, "-f", FIRMWARE.format("x86_64")])
    Console(log).says(STORED)
    path = stick.take("0001-unknown.txt")
    shop.verify(path)
    setup = read(path).setup
    require(setup and setup.none, "U-Boot has forms?", setup)
    return setup.none.decode()


CASES = (
    ("the database hangs: the report without setup is stored", hangs),
    ("a driver hangs: the report is stored", on_installed(driver_hangs)),
    ("drivers are asked", on_installed(drivers)),
    ("drivers answer nonsense", on_installed(drivers), "extract-odd"),
    ("a board's forms, BIOS 2.21.2", described, "2.21.2"),
    ("a board's forms, BIOS 2.19.0: another default, other offsets", described, "2.19.0"),
    ("a machine with AES off: its option, on the screen and in drift", aes_off),
    ("OVMF's own forms", on_installed(own_forms)),
    ("32-bit OVMF's own forms", on_installed(own_forms_32)),
    ("an export of garbage", damaged, 0),
    ("a damaged export", damaged, 1),
    ("an export without end", nothing_read, "hii-endless", b"the HII database is too large"),
    ("no HII database", nothing_read, "hii-missing", b"no HII database"),
    ("setup off", nothing_read, "none", None, b"countdown 0\nsetup off\n"),
    ("U-Boot", uboot),
)
