# SPDX-License-Identifier: MIT
"""The screen: pictures at five sizes are read back, text and colours.  Cases as in boot_cases.

The letters are learned from one machine, whose serial line has the same rows; machines without a
serial line have the text modes that EDK2's serial terminals do not have.
"""

import json
import pathlib
import re
import socket
import subprocess
import threading
import time

from boot_cases import COLUMNS
from boot_stick import BOOT_SECONDS, CLEAR, Failed, end, must, require
from quirk_cases import odd
from screen_reader import Picture, Terminal, learn, read

# Wide enough that all of it is one row of the label.
ASCII = bytes(range(33, 127))

MENU = "P power off   R reboot   B back to the firmware"
ICELAKE = "Icelake-Server,+vmx,x-force-features=on"
WITHOUT_AES = "Icelake-Server,+vmx,-aes,-pclmulqdq,x-force-features=on"
GOLDEN = pathlib.Path("tests/data/recorded/icelake.txt")
SMBIOS = ["type=1,manufacturer=Acme,product=Box 9000,serial=A-1", "type=2,serial=B-7",
          "type=0,vendor=Bee,version=1.23,date=02/03/2024"]

# COM1 where OVMF does not look for it.
NO_SERIAL = ("-x", "-global", "-x", "isa-serial.iobase=0x2e8")


class Machine:
    """A machine that waits for a key when all is shown, and its monitor."""

    def __init__(self, stick, cpu, processors, smbios, options):
        self.folder = stick.workshop.folder
        self.log = stick.log()
        monitor = self.folder / "qmp"
        words = [*stick.workshop.qemu, "-t", BOOT_SECONDS, "-s", self.log, "-c", cpu,
                 "-n", processors,
                 *(word for table in smbios for word in ("-S", table)), *options,
                 "-x", "-qmp", "-x", f"unix:{monitor},server=on,wait=off", stick.image]
        self.process = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.end = time.monotonic() + BOOT_SECONDS
        self.monitor = self.connect(monitor)
        self.replies = self.monitor.makefile("rb")
        self.replies.readline()
        self.command("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.monitor.close()
        end(self.process)

    def connect(self, path):
        while self.alive():
            monitor = socket.socket(socket.AF_UNIX)
            try:
                monitor.connect(str(path))
                return monitor
            except OSError:
                monitor.close()
                time.sleep(0.1)
        raise Failed("no monitor", self.process.communicate()[0])

    def alive(self):
        return self.process.poll() is None and time.monotonic() < self.end

    def command(self, name, **arguments):
        self.monitor.sendall(json.dumps({"execute": name, "arguments": arguments}).encode())
        while True:
            reply = json.loads(self.replies.readline())
            require("error" not in reply, f"{name}: {reply}")
            if "return" in reply:
                return reply["return"]

    def picture(self, columns, rows):
        path = self.folder / "screen.ppm"
        self.command("screendump", filename=str(path))
        return Picture(path.read_bytes(), columns, rows)

    def key(self, name):
        self.command("send-key", keys=[{"type": "qcode", "data": name}])

    def wait(self, ready):
        """Returns what ready returns, once that is true."""
        while self.alive():
            result = ready()
            if result:
                return result
            time.sleep(0.3)
        raise Failed("the screen is not as wanted in time", self.log.read_bytes(),
                     self.process.communicate()[0] if self.process.poll() is not None else "")


def replay(log, columns, rows):
    """The screen of a terminal on the serial line."""
    terminal = Terminal(columns, rows)
    starts = [found.start() for found in re.finditer(re.escape(CLEAR), log)
              if b"cpulevel " in log[found.start():found.start() + 40]]
    if starts:
        terminal.feed(log[starts[-1]:])
    return terminal


LEARNING = threading.Lock()
LEARNED = []


def learned(shop):
    """What letters look like."""
    with LEARNING:
        if not LEARNED:
            LEARNED.append(learn_letters(shop))
        require(LEARNED[0], "the letters could not be learned")
        return LEARNED[0]


def learn_letters(shop):
    conf = b"exit wait\nlabel " + ASCII + b"\n"
    stick = odd(shop, "mode-100x31", conf)
    with Machine(stick, ICELAKE, 1, SMBIOS, ()) as machine:
        terminal = machine.wait(lambda: with_menu(machine, 100, 31))
        names = learn(machine.picture(100, 31), terminal)
        machine.key("p")
        machine.process.wait(BOOT_SECONDS)
    return names


def with_menu(machine, columns, rows):
    terminal = replay(machine.log.read_bytes(), columns, rows)
    return terminal if MENU in terminal.lines() else None


FEATURES = ("1.ECX", "1.EDX", "7.0.EBX", "7.0.ECX", "7.0.EDX", "80000001.ECX", "80000001.EDX")
LABELS = ["System", "Serial", "BIOS", "Processor", "Topology", "On", "Off", "Secure", "Report"]
MORE = re.compile(r"-- (\d+) more rows: press L --")


def rows_of(text, words):
    """Numbers of the rows, from the second on, that have these words and no others."""
    for first in range(1, len(text)):
        for last in range(first, len(text)):
            joined = " ".join(text[first:last + 1])
            if joined == words:
                return range(first, last + 1)
            if not words.startswith(joined) or not joined:
                break
    return None


def check_rows(rows, ground, first, verdict):
    """What everybody must find: outcome, deviation and machine, in this order, nothing cut."""
    text = [row for row, _ in rows]
    require(not any("\0" in row or len(row) > COLUMNS for row in text), "unknown letters", *text)
    require(text[0] == first and rows[0][1] == [ground], f"row 1 is not '{first}' on {ground}",
            *rows)
    words, colour = verdict
    at = rows_of(text, words)
    require(at, f"not below the first row: {words}", *text)
    wanted = [colour, ground] if colour != ground else [ground]
    require(all(rows[i][1] == wanted for i in at), f"the deviation is not on {colour}",
            *rows[at[0]:at[-1] + 1])
    places = [next((i for i, row in enumerate(text) if row.split(" ")[0] == label), None)
              for label in LABELS if label != "Report" or ground != "red"]
    require(None not in places and places == sorted(places) and places[0] > at[-1],
            f"other rows, or in another order: {places}", *text)


def features_of(shop, report):
    """The names that the tool prints of a report's registers of features."""
    said = must(shop.tool, "show", "--all", "--key", shop.public, report).decode()
    names, register = set(), ""
    for row in said.splitlines():
        found = re.match(r"    (\S*)  +(.*)", row)
        if found:
            register = found[1] or register
            if register in FEATURES:
                names.update(found[2].split())
    return names


def pages(machine, columns, rows):
    """The rows of all pages of L, from the serial line."""
    collected = []
    keys = b"Space: next page", b"The end."
    machine.key("l")
    while True:
        terminal = machine.wait(lambda: page_of(machine, columns, rows, keys, len(collected)))
        text = terminal.lines()
        last = next(i for i, row in enumerate(text) if row.startswith("-- "))
        collected.append(text[:last])
        if "The end." in text[last]:
            return [row for page in collected for row in page]
        machine.key("spc")


def page_of(machine, columns, rows, keys, number):
    log = machine.log.read_bytes()
    shown = log[log.rindex(MENU.encode()):]
    if sum(shown.count(key) for key in keys) <= number or not shown.endswith(b"Q: quit --"):
        return None
    terminal = Terminal(columns, rows)
    terminal.feed(shown[shown.index(CLEAR):])
    return terminal


def shown(shop, mode, columns, height, video, serial, expected, cpu, processors, golden=False,
          key=True, options=()):
    """Boots, reads the screen, and compares it with the serial line if there is one."""
    ground, first, verdict = expected
    names = learned(shop)
    stick = odd(shop, mode, b"exit wait\n", key=key)
    if golden:
        stick.put(GOLDEN, "/cpulevel/golden.txt")
    machine_options = [*options, "-x", "-vga", "-x", "none", "-x", "-device", "-x",
                       f"VGA,xres={video[0]},yres={video[1]}"]
    with Machine(stick, cpu, processors, SMBIOS if not golden else (),
                 machine_options + ([] if serial else list(NO_SERIAL))) as machine:
        rows = machine.wait(lambda: all_shown(machine, columns, height, names))
        picture = machine.picture(columns, height)
        require(picture.ground() == ground, f"the ground is {picture.ground()}", *rows)
        check_rows(rows, ground, first, verdict)
        if serial:
            terminal = replay(machine.log.read_bytes(), columns, height)
            require(terminal.lines() == [row for row, _ in rows], "the serial line has other rows",
                    *terminal.lines(), *rows)
        machine.key("p")
        machine.process.wait(BOOT_SECONDS)
    topology = [row for row, _ in rows if row.startswith("Topology")]
    require(f"{processors} processor" in topology[0] or processors == 1, "other processors",
            *topology)
    return f"{len([row for row, _ in rows if row])} rows"


def all_shown(machine, columns, height, names):
    """The rows of the screen once the menu is there."""
    picture = machine.picture(columns, height)
    if not picture.fits():
        return None
    rows = read(picture, names)
    return rows if MENU in [row for row, _ in rows] else None


def all_pages(shop):
    """A small screen says how many rows are left; L shows all, R the report itself."""
    stick = odd(shop, "mode-80x25", b"exit wait\n")
    with Machine(stick, ICELAKE, 4, SMBIOS, ()) as machine:
        terminal = machine.wait(lambda: with_menu(machine, 80, 25))
        text = terminal.lines()
        at = next(i for i, row in enumerate(text) if MORE.fullmatch(row))
        everything = pages(machine, 80, 25)
        machine.key("q")
        machine.wait(lambda: machine.log.read_bytes().count(MENU.encode()) == 2)
        again = replay(machine.log.read_bytes(), 80, 25).lines()
        machine.key("p")
        machine.process.wait(BOOT_SECONDS)
    require(everything[:at] == text[:at], "L shows other rows", *everything)
    left = int(MORE.fullmatch(text[at])[1])
    require(len(everything) - at == left, f"{left} more rows are promised", *everything)
    require(again == text, "another screen after Q", *again)
    path = stick.take_first()
    names = features_of(shop, path)
    words = set(" ".join(everything).split())
    missing = sorted(name for name in names if name not in words)
    require(len(names) > 70 and not missing, f"names that L does not show: {missing}", *everything)
    return f"{len(everything)} rows, {len(names)} features"


def serial_only(shop):
    """Without a video card a terminal of 80 columns and 24 rows shows the outcome in row 1."""
    stick = odd(shop, "mode-80x25", b"exit wait\n")
    with Machine(stick, ICELAKE, 4, SMBIOS, ("-x", "-vga", "-x", "none")) as machine:
        terminal = machine.wait(lambda: with_menu(machine, 80, 24))
        machine.key("p")
    text = terminal.lines()
    require(text[0] == SEALED and terminal.cells[0][0][1] == "green", "another outcome", *text)
    require(rows_of(text, FIRST[0]), "no verdict", *text)
    require(max(map(len, text)) <= COLUMNS, "rows are too long", *text)


SEALED = "STORED AND SEALED  0001-A-1.txt"
UNKNOWN = "STORED AND SEALED  0001-unknown.txt"
FIRST = ("FIRST HOST of its type on this stick.", "black")
AGREES = ("OK: matches golden.txt (no seal).", "black")
DIFFERS = ('DIFFERS from golden.txt (no seal): PCLMULQDQ, AESNI are off here, on there; number of '
           'processors is 4 here, 2 there (2 of 4 cores off there). Check "AES-NI" in setup.',
           "yellow")
NO_KEY = ("NO KEY: \\cpulevel\\stick.key is not there (make it with cpulevel keygen): the report "
          "is stored without a seal.", "yellow")
PROTECTED = "NOT STORED: the stick is write-protected. It was sent over the console."
GUEST = ("WARNING: running in a VM: these values come from the hypervisor.", "black")

CASES = (
    ("100x31, 4 processors: stored and sealed, the first host", shown, "mode-100x31", 100, 31,
     (1280, 800), True, ("green", SEALED, FIRST), ICELAKE, 4),
    ("80x25, 4 processors: differs from the golden report", shown, "mode-80x25", 80, 25,
     (1024, 768), True, ("green", UNKNOWN, DIFFERS), WITHOUT_AES, 4, True),
    ("128x40, 2 processors: agrees with the golden report", shown, "mode-128x40", 128, 40,
     (1024, 768), False, ("green", UNKNOWN, AGREES), ICELAKE, 2, True),
    ("1920x1080, 64 processors: stored and sealed", shown, "mode-largest", 240, 56,
     (1920, 1080), False, ("green", SEALED, FIRST), ICELAKE, 64),
    ("1920x1080 with a serial line, 1 processor: not stored, no verdict", shown, "mode-80x25", 80,
     25, (1920, 1080), True, ("red", PROTECTED, GUEST), ICELAKE, 1, False, True, ("-r",)),
    ("80x25, 1 processor: stored without a seal", shown, "mode-80x25", 80, 25, (1280, 800), True,
     ("yellow", "STORED WITHOUT A SEAL  0001-A-1.txt", NO_KEY), ICELAKE, 1, False, None),
    ("80x25: what does not fit is counted, and L shows all", all_pages),
    ("no screen: a serial line of 80 columns", serial_only),
)
