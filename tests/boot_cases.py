# SPDX-License-Identifier: MIT
"""The main cases of the boot tests.

A case is a function of a workshop.  It raises Failed, or returns a line to print, or None.
"""

import base64
import dataclasses
import re

import boot_models
import hypervisor
import qemu_said
import report_reader
from boot_stick import POWER_OFF, RESET, SECTOR, must, on_installed, require
from qemu_said import Model

MODELS = (
    Model("qemu64"),
    Model("Nehalem", 1, (("invtsc", True),)),
    Model("Haswell", 4),
    Model("Skylake-Server"),
    Model("Cooperlake", 4),
    Model("Denverton"),
    Model("phenom"),
    Model("EPYC-Milan", 4),
)

# Of the text mode in which OVMF starts programs.
ROWS = 31
COLUMNS = 79

# Bytes that must not reach the console.  OVMF's terminal replaces them by '?' too, so this test
# does not see if one of the probe's two filters fails.
HOSTILE = b"\x1b[35;46m\xff\x07"
SHOWN = b"?[35;46m??"

# Offset of the seed in minisign's secret key.
SEED = 62


def read(path):
    """Reads a report with the reader that was written from docs/report-format.md."""
    return report_reader.read(path.read_bytes())


def leaves_of(report):
    """The registers of the first kind, by leaf and subleaf.  The probe knows all of their bits."""
    answers = report.kinds[0].answers
    require(not any(any(leaf[6:]) for leaf in answers), "unknown bits")
    return {leaf[:2]: leaf[2:6] for leaf in answers}


def check_processors(path, count):
    """All processors must be in the report, as one kind, each with its own APIC ID."""
    lines = path.read_text(encoding="ascii").splitlines()
    for line in (f"processors {count}", "disabled none", "silent none", "cut none"):
        require(line in lines, f"no line '{line}' in the report", path.read_bytes())
    kinds = read(path).kinds
    require(len(kinds) == 1 and kinds[0].members == list(range(count)), "not all are one kind",
            path.read_bytes())
    leaf1 = [vary.values for vary in kinds[0].varies
             if (vary.leaf, vary.subleaf, vary.register) == (1, 0, 1)]
    values = leaf1[0] if leaf1 else [leaves_of(read(path))[1, 0][1]]
    require(len({value >> 24 for value in values}) == count, "APIC IDs are not all different",
            path.read_bytes())


def compare_with_qemu(shop, model):
    """Boots a model and compares the report with QEMU.  Returns the verdict and a note."""
    path, verdict = boot_models.boot(shop, model)
    check_processors(path, model.processors)
    require(not verdict.wrong, f"{len(verdict.wrong)} differences", *verdict.wrong,
            path.read_bytes())
    return verdict, (f"{verdict.counts['expansion']} bits as QEMU says; {verdict.unnamed} bits "
                     "that it has no name for are 0")


def model_is_read(shop, model):
    return compare_with_qemu(shop, model)[1]


def pattern_is_read(shop, number):
    names = boot_models.patterned(qemu_said.catalogue(hypervisor.NOW["qemu"]).props("qemu64"))
    model = boot_models.pattern(number, names)
    verdict, note = compare_with_qemu(shop, model)
    ignored = [name for name, value in model.properties if verdict.said.props[name] != value]
    require(not ignored, "QEMU ignores properties", *ignored)
    return f"{len(names)} bits on or off by pattern; {note}"


def cpuid_reads_export(shop):
    stick = shop.stick()
    stick.boot("Skylake-Server,x-force-features=on", 4)
    path = stick.take_first()
    exported = must(shop.tool, "export", "--key", shop.public, "--to", "cpuid-r", path)
    processors = re.findall(rb"^CPU (\d+):$", exported, re.M)
    require(processors == [b"0", b"1", b"2", b"3"], "not four processors exported", exported)
    again = must("cpuid", "-r", "-f", shop.write("exported", exported))
    require(again == exported, "cpuid does not print its input", exported, again)


def minisign_accepts(shop, path):
    must("minisign", "-V", "-p", shop.public, "-m", path,
         says=b"Signature and comment signature verified")


def signify(shop, path, **wanted):
    must("signify-openbsd", "-V", "-p", shop.public, "-x", f"{path}.minisig", "-m", path, **wanted)


def flip(path):
    """Changes one hexadecimal digit: the report stays valid, and only its seal is wrong."""
    data = bytearray(path.read_bytes())
    data[data.index(b"\ncpuid 00000001 00 ") + 19] ^= 1
    report_reader.read(bytes(data))
    path.write_bytes(data)


def stock_verifiers_agree(shop):
    stick = shop.stick()
    stick.boot()
    path = stick.take_first()
    minisign_accepts(shop, path)
    signify(shop, path, says=b"Signature Verified")
    shop.verify(path)
    must(shop.tool, "verify", "--key", shop.other_public, path, status=2,
         says=b"sealed by stick ")
    flip(path)
    must("minisign", "-V", "-p", shop.public, "-m", path, status=1,
         says=b"Signature verification failed")
    signify(shop, path, status=1, says=b"signature verification failed")
    must(shop.tool, "verify", "--key", shop.public, path, status=1, says=b"BAD SIGNATURE")


def second_boot_adds(shop):
    stick = shop.stick()
    stick.boot("qemu64", smbios=["type=1,serial=A-1"])
    before = {name: stick.read(name) for name in stick.names()}
    first, second = "0001-A-1.txt", "0002-B-2.txt"
    require(list(before) == [first, first + ".minisig"], "not one report and its seal", *before)
    stick.boot("Nehalem", smbios=["type=1,serial=B-2"])
    names = stick.names()
    require(names == [first, first + ".minisig", second, second + ".minisig"],
            "not two reports and their seals", *names)
    for name, data in before.items():
        require(stick.read(name) == data, f"{name} has changed", data, stick.read(name))
    path = stick.take(second)
    shop.verify(path)
    sequence = read(path).fields["sequence"]
    require(sequence == 2, f"the second report has the number {sequence}")
    stick.check()


def check_screen(console):
    """The console has ASCII only, and the outcome is in the first row of the last screen.

    Of machines that send nothing: the network is not touched.
    """
    require(re.fullmatch(rb"[\r\n -~]*", console.probe), "not ASCII only", console.probe)
    long = [row for row in console.rows() if len(row) > COLUMNS]
    require(not long, f"rows longer than {COLUMNS} characters", *long)
    screen = console.screen()
    require(re.match(rb"(NOT )?STORED", screen[0]), "no outcome in the first row", *screen)
    require(screen[-1] == b"" and len(screen) - 1 <= ROWS, f"more than {ROWS} rows", *screen)
    require(any(row.startswith(b"System  ") for row in screen), "no machine", *screen)
    console.says_not(b"the network")


def imported(shop, log, name, *options):
    """Imports a report and its seal from a log.  Returns the report's path."""
    path = shop.folder / name
    must(shop.tool, "import", "--from", "console", "-o", path, *options, log)
    return path


def check_not_stored(shop, stick, console, sentence, sealed, before=()):
    """The report went out over the console, complete, and nothing of it is on the stick."""
    check_screen(console)
    console.says(sentence)
    text = console.text()
    require(text.count(b"NOT STORED") == text.count(sentence) == 2, "more than one reason", text)
    console.says(b"It was sent over the console.")
    console.says_not(b"verified on the stick")
    sent = console.transcript()
    require(sent, "no report on the console", console.probe)
    name, report, seal = sent
    require(bool(seal) == sealed, "a seal is missing or should not be there", console.probe)
    # The complete log of the serial line, with what the firmware wrote before.
    path = imported(shop, stick.log(), "console.txt")
    require(path.read_bytes() == report, "import makes another report", path.read_bytes(), report)
    must(shop.tool, "show", "--unsigned", path)
    require(len(read(path).kinds) == 1, "a report without processors", report)
    seal_path = shop.folder / "console.txt.minisig"
    require(seal_path.exists() == sealed, "a seal made or lost")
    if sealed:
        require(seal_path.read_bytes() == seal, "import makes another seal", seal)
        minisign_accepts(shop, path)
        signify(shop, path, says=b"Signature Verified")
        shop.verify(path)
    serial = read(path).fields["system-serial"] or b"unknown"
    number = read(path).fields["sequence"] or 0
    require(name == b"%04d-%s.txt" % (number, serial[:24]), f"the report is called {name}")
    require(stick.names() == sorted(before), "other files than before", *stick.names())
    stick.check()


def damaged(secret):
    """A key whose public half does not verify its signatures."""
    comment, text = secret.read_bytes().splitlines()
    key = bytearray(base64.b64decode(text, validate=True))
    key[SEED] ^= 1
    return comment + b"\n" + base64.b64encode(key) + b"\n"


def with_password(secret):
    """A key that is marked as encrypted, as minisign -G makes one without -W."""
    comment, text = secret.read_bytes().splitlines()
    key = bytearray(base64.b64decode(text, validate=True))
    require(key[2:4] == b"\0\0", "keygen made an encrypted key", comment)
    key[2:4] = b"Sc"
    return comment + b"\n" + base64.b64encode(key) + b"\n"


def unusable(err):
    return b"\\cpulevel\\stick.key cannot be used (" + err + b")"


YELLOW = b"\x1b[43m"
BY_HAND = b"If nothing happens, switch the machine off by hand."

BAD_KEYS = (
    ("no key", lambda secret: None,
     b"\\cpulevel\\stick.key is not there (make it with cpulevel keygen)"),
    ("a damaged key", damaged,
     unusable(b"the secret key is damaged: its own signature does not verify")),
    ("a key with a password", with_password,
     unusable(b"the secret key is protected by a password; make one with minisign -G -W")),
    ("a file that is not a key", lambda secret: HOSTILE * 10,
     unusable(b"not a minisign secret key file")),
)


def bad_key(shop, make, why):
    stick = shop.stick(key=make(shop.secret), options=["-f"])
    # A long string makes the longest lines that a report has.
    console = stick.boot(smbios=["type=1,serial=" + "x" * 120])
    check_screen(console)
    console.says(b"NO KEY: " + why + b": the report is stored without a seal.")
    console.says(b"stored, verified on the stick")
    require(YELLOW in console.raw, "not in yellow", console.raw)
    name = "0001-" + "x" * 24 + ".txt"
    require(stick.names() == [name], "other files", *stick.names())
    path = shop.write(name, stick.read(name))
    must(shop.tool, "show", "--unsigned", path)
    stick.check()


def both_firmwares_agree(shop):
    """One stick in two machines that differ in the width of the firmware only.

    QEMU's SYSCALL bit is the same in both modes; on Intel's processors it is not.
    """
    stick = shop.stick()
    stick.boot("Nehalem", 3, smbios=["type=1,serial=A"])
    stick.boot("Nehalem", 3, smbios=["type=1,serial=B"], options=["-3"])
    wide, narrow = stick.take("0001-A.txt"), stick.take("0002-B.txt")
    for path in (wide, narrow):
        shop.verify(path)
        check_processors(path, 3)
    require(b"-32bit" not in read(wide).fields["program"], "the 64-bit probe says 32 bits")
    require(read(narrow).fields["program"].endswith(b"-32bit"), "the 32-bit probe did not run",
            narrow.read_bytes())
    must(shop.tool, "diff", "--key", shop.public, wide, narrow, says=b"A and 0002-B do not differ")
    require(leaves_of(read(wide)) == leaves_of(read(narrow)), "the leaves differ",
            wide.read_bytes(), narrow.read_bytes())


def write_protected(shop):
    stick = shop.stick()
    before = stick.image.read_bytes()
    console = stick.boot(options=["-r"])
    check_not_stored(shop, stick, console,
                     b"NOT STORED: the stick is write-protected.", sealed=True)
    require(stick.image.read_bytes() == before, "the image has changed")


def no_number(shop):
    """A write-protected stick without a folder for reports has no number to give."""
    stick = shop.stick()
    stick.mtool("mrd", "::/cpulevel/reports")
    console = stick.boot(smbios=["type=1,serial=AB/1"], options=["-r"])
    name, report, _ = console.transcript()
    require(name == b"0000-AB1.txt", f"the report is called {name}")
    path = imported(shop, stick.log(), ".")
    shop.verify(path / "0000-AB1.txt")
    require((path / "0000-AB1.txt").read_bytes() == report, "another report", report)


def sent_by_several(shop):
    """Two logs of each of two machines, in one file; each log has lost one line."""
    logs, reports = [], []
    for number in (1, 2):
        folder = shop.folder / str(number)
        folder.mkdir()
        own = dataclasses.replace(shop, folder=folder)
        stick = own.stick()
        console = stick.boot("Nehalem", 2, smbios=[f"type=1,serial=HOST-{number}"], options=["-r"])
        reports.append(console.transcript())
        lines = console.raw.split(b"\n")
        of_report = [at for at, line in enumerate(lines) if line.startswith(b"|000")]
        logs += [lines[:at] + lines[at + 1:] for at in (of_report[5], of_report[-3])]
    require(len({name for name, _, _ in reports}) == 2, "both have one name")
    order = (logs[0], logs[2], logs[3], logs[1])
    log = shop.write("all.log", b"\n".join(line for one in order for line in one))
    folder = shop.folder / "all"
    folder.mkdir()
    must(shop.tool, "import", "--from", "console", "-o", folder, log)
    for name, report, seal in reports:
        path = folder / name.decode("ascii")
        require(path.read_bytes() == report, "another report", path.read_bytes())
        require((folder / f"{path.name}.minisig").read_bytes() == seal, "another seal")
        shop.verify(path)


def wrapped_and_stamped(shop):
    """The log of a console server that wraps rows and puts a time stamp before each."""
    stick = shop.stick()
    console = stick.boot("Skylake-Server", 4, smbios=["type=1,serial=" + "x y" * 40],
                         options=["-r"])
    worn = b""
    for number, line in enumerate(console.raw.split(b"\r\n")):
        stamp = b"[Sun Nov 22 15:41:%02d 2026] " % (number % 60)
        for at in range(0, max(1, len(line)), 72):
            worn += stamp + line[at:at + 72].rstrip(b" ") + b"\r\r\n"
    path = imported(shop, shop.write("worn.log", worn), "worn.txt")
    require(path.read_bytes() == console.transcript()[1], "another report", path.read_bytes())
    shop.verify(path)


FULL = b"NOT STORED: the stick is full."


def fill(shop, stick, clusters):
    """Fills the stick except for this many clusters of one sector."""
    free = re.search(rb"([0-9 ]+) bytes free", stick.mtool("mdir", "::/"))
    require(free, "mdir does not say how much is free")
    size = int(free[1].replace(b" ", b"")) - clusters * SECTOR
    big = shop.folder / "big"
    with open(big, "wb") as file:
        file.truncate(size)
    stick.mtool("mcopy", big, "::/big")
    big.unlink()


def full(shop, clusters):
    stick = shop.stick()
    fill(shop, stick, clusters)
    check_not_stored(shop, stick, stick.boot(), FULL, sealed=True)


def full_before_seal(shop):
    stick = shop.stick()
    stick.boot()
    path = stick.take_first()
    before = {name: stick.read(name) for name in stick.names()}
    fill(shop, stick, -(-path.stat().st_size // SECTOR))
    check_not_stored(shop, stick, stick.boot(), FULL, sealed=True, before=before)
    for name, data in before.items():
        require(stick.read(name) == data, f"{name} has changed")


def settings(shop):
    conf = (b"countdown 0\n# a comment\n\ncolour " + HOSTILE + b"MARKER\n"
            b"label rack 7, top\ncountdown " + HOSTILE + b"\n")
    stick = shop.stick(conf, options=["-f"])
    console = stick.boot()
    check_screen(console)
    console.says(b'cpulevel.conf, line 4 ignored ("colour ' + SHOWN + b'MARKER"): '
                 b"no setting of this name.")
    console.says(b'cpulevel.conf, line 6 ignored ("countdown ' + SHOWN + b'"): ')
    named = console.probe.count(b"cpulevel.conf, line ")
    require(named == 2, f"{named} lines named, 2 wanted", console.probe)
    require(HOSTILE[:-2] not in console.raw, "an escape sequence came through", console.raw)
    # The first countdown line counts: with the default the log would have a count-down.
    console.says_not(b"Power off in")
    label = read(stick.take_first()).fields["label"]
    require(label == b"rack 7, top", "another label", label)


SMBIOS = (
    "type=0,vendor=Bee & Co,version=1.23,date=02/03/2024",
    "type=1,manufacturer=  Acme,, Inc.  ,product=Box \"9000\",version=v\\2,serial=AB-12/3 x,"
    "uuid=12345678-9abc-def0-1122-334455667788",
    "type=2,manufacturer=Board Works,product=X9,version=r3,serial=BS/1",
)

IDENTITY = {
    "system-vendor": b"Acme, Inc.",
    "system-product": b'Box "9000"',
    "system-version": b"v\\2",
    "system-serial": b"AB-12/3 x",
    "system-uuid": b"12345678-9abc-def0-1122-334455667788",
    "board-vendor": b"Board Works",
    "board-product": b"X9",
    "board-version": b"r3",
    "board-serial": b"BS/1",
    "bios-vendor": b"Bee & Co",
    "bios-version": b"1.23",
    "bios-date": b"02/03/2024",
}


def check_identity(shop, smbios, name, fields):
    stick = shop.stick()
    stick.boot(smbios=smbios)
    path = stick.take_first()
    require(path.name == name, f"the report is {path.name}, {name} wanted")
    shop.verify(path)
    read_fields = read(path).fields
    wrong = [f"{field} is {read_fields[field]}, {value} wanted"
             for field, value in fields.items() if read_fields[field] != value]
    require(not wrong, "other fields", *wrong)


LIMITED = b'WARNING: CPUID stops at leaf 2 or 3: check "Limit CPUID Maximum" in setup.'
GUEST = b"WARNING: running in a VM: these values come from the hypervisor."


def warnings(shop, cpu, wanted):
    stick = shop.stick()
    console = stick.boot(cpu)
    check_screen(console)
    for warning in (LIMITED, GUEST):
        (console.says if warning in wanted else console.says_not)(warning)
    count = console.text().count(b"WARNING")
    require(count == len(wanted), f"{count} warnings", console.probe)


MENU = (b"L list the report A read CPUID again W write again "
        b"P power off R reboot B back to the firmware")


def key_stops_count_down(shop, keys, last, ends):
    """With a count-down of an hour, only the keys can end the machine before the time-out."""
    stick = shop.stick(b"countdown 3600\n")
    console = stick.boot(options=["-k", keys], ends=ends)
    check_screen(console)
    console.says(b"Power off in 3600 s. Any key stops the count-down.")
    console.says(MENU)
    require(console.text().endswith(last), f"the last words are not {last}", console.probe)


def count_down_ends(shop):
    stick = shop.stick(b"countdown 3\n")
    console = stick.boot()
    check_screen(console)
    counted = re.findall(rb"Power off in (\d+) s", console.probe)
    require(counted == [b"3", b"2", b"1"], "another count-down", console.probe)
    console.says_not(MENU)
    require(console.text().endswith(b" Powering off. " + BY_HAND), "no power-off at the end",
            console.probe)


def screen_holds_all(shop):
    """Long and hostile strings, both warnings, a label, a count-down: nothing is cut."""
    label = HOSTILE + b"L" * (128 - len(HOSTILE))
    stick = shop.stick(b"countdown 1\nlabel " + label + b"\n")
    product = HOSTILE + b"p" * 100
    console = stick.boot("Nehalem,level=2", 4, smbios=[
        b"type=1,manufacturer=" + b"m" * 128 + b",product=" + product + b",serial=" + b"s" * 128,
        b"type=2,serial=" + b"b" * 128, b"type=0,vendor=" + b"v" * 128 + b",version=" + b"w" * 128])
    check_screen(console)
    require(HOSTILE[:-2] not in console.raw, "an escape sequence came through", console.raw)
    for words in (LIMITED, GUEST, b"System mmmm", b"Serial ssss", b"BIOS vvvv",
                  b"Label " + SHOWN + b"LLLL", b"verified on the stick"):
        console.says(words)
    squeezed = b"".join(b"".join(console.screen()).split())
    for letter in (b"m", b"s", b"b", b"v", b"w"):
        require(letter * 128 in squeezed, f"{letter} is cut", *console.screen())
    console.says(b" more rows: press L --")
    path = stick.take_first()
    require(path.name == "0001-" + "s" * 24 + ".txt", f"the report is {path.name}")
    shop.verify(path)
    fields = read(path).fields
    require(fields["label"] == label and fields["system-product"] == product, "other strings",
            path.read_bytes())
    # The same host without many features, and so with the longest verdict.
    less = "-sse3,-ssse3,-cx16,-sse4.1,-sse4.2,-popcnt,-nx,-lahf_lm,-pat,-pge,-mca,-vme,-de,-pse36"
    console = stick.boot("Nehalem,level=2," + less, 4, smbios=[
        b"type=1,manufacturer=" + b"m" * 128 + b",product=" + product + b",serial=" + b"t" * 128,
        b"type=2,serial=" + b"c" * 128, b"type=0,vendor=" + b"v" * 128 + b",version=" + b"w" * 128])
    check_screen(console)
    for words in (LIMITED, GUEST, b"NO MAJORITY: ", b" here, on in 1 earlier host"):
        console.says(words)


CASES = (
    (f"{MODELS[0].name}: each bit as QEMU says", on_installed(model_is_read), MODELS[0]),
    *((f"{model.name}, -smp {model.processors}: each bit as QEMU says", model_is_read, model)
      for model in MODELS[1:]),
    *((f"pattern {number} of bits: each as set in QEMU", pattern_is_read, number)
      for number in range(boot_models.PATTERNS)),
    ("cpuid -r -f prints back what was exported", cpuid_reads_export),
    ("minisign, signify and the tool agree about a report", stock_verifiers_agree),
    ("a second boot adds a report and does not change the first", on_installed(second_boot_adds)),
    ("32-bit firmware boots the 32-bit probe, which reads the same",
     on_installed(both_firmwares_agree)),
    *((f"{name}: the report is stored without a seal", bad_key, make, why)
      for name, make, why in BAD_KEYS),
    ("a write-protected stick: the report goes out over the console",
     on_installed(write_protected)),
    ("a full stick: the report goes out over the console", full, 0),
    ("a stick too full for the report", full, 2),
    ("a stick too full for the seal", full_before_seal),
    ("a stick without a number: the report goes out over the console as 0000", no_number),
    ("two machines send their reports over one console, twice", sent_by_several),
    ("a report is imported from a log with wrapped rows and time stamps", wrapped_and_stamped),
    ("bad settings are named, the others are used", settings),
    ("identity and file name are those of SMBIOS", check_identity,
     SMBIOS, "0001-AB-123x.txt", IDENTITY),
    ("no serial number: the name says so", check_identity,
     [], "0001-unknown.txt", {"system-serial": None, "system-vendor": b"QEMU"}),
    ("a serial number of other characters", check_identity,
     ["type=1,serial=/.:"], "0001-unknown.txt", {"system-serial": b"/.:"}),
    ("warns that CPUID is limited", warnings, "Nehalem,level=3,-hypervisor", [LIMITED]),
    ("warns of a hypervisor", warnings, "Nehalem", [GUEST]),
    ("no warning on bare metal", warnings, "Nehalem,-hypervisor", []),
    ("a key stops the count-down, P powers off", key_stops_count_down,
     "spc x p", b" Powering off. " + BY_HAND, POWER_OFF),
    ("a key stops the count-down, R reboots", key_stops_count_down,
     "spc r", b" Rebooting. " + BY_HAND, RESET),
    ("the count-down ends in power-off", on_installed(count_down_ends)),
    ("the console is ASCII, within 80 columns and the screen's rows, and nothing is cut",
     screen_holds_all),
)
