# SPDX-License-Identifier: MIT
"""Which stick takes the report, and the report's name.  Cases as in boot_cases.
"""

import dataclasses
import re
import shutil
import struct
import time

import report_reader
from boot_cases import check_not_stored, check_screen
from boot_stick import REPORTS, SECTOR, must, on_installed, require

# More drives than the one that scripts/qemu boots from.
NAMES = ("second", "third")

PROTECTED = b"NOT STORED: the stick is write-protected."
CHOSEN = b"Stick used: "


def another(shop, name, carries=True, key=True):
    """Makes a stick without a program, with or without the folder cpulevel."""
    folder = shop.folder / name
    folder.mkdir()
    stick = dataclasses.replace(shop, folder=folder).stick(key=key)
    stick.mtool("mdeltree", "::/EFI")
    stick.log().touch()
    if not carries:
        stick.mtool("mdeltree", "::/cpulevel")
        stick.mtool("mmd", "::/cpulevels", "::/data")
    return stick


def drives(sticks, protected=()):
    """Options of scripts/qemu for more sticks."""
    options = []
    for name, stick in zip(NAMES, sticks):
        readonly = "on" if stick in protected else "off"
        drive = f"if=none,id={name},format=raw,readonly={readonly},file={stick.image}"
        for word in ("-drive", drive, "-device", f"usb-storage,drive={name}"):
            options += ["-x", word]
    return options


def bytes_of(sticks):
    return [stick.image.read_bytes() for stick in sticks]


def check_unchanged(sticks, before):
    for stick, data in zip(sticks, before):
        require(stick.image.read_bytes() == data, f"{stick.image} has changed")


def check_chosen(console, stick):
    """The report is on this stick, and the console says that it is not the one booted from."""
    check_screen(console)
    console.says(CHOSEN + b"PciRoot(0x0)/")
    console.says(b" (it has a folder \\cpulevel). The probe was loaded from PciRoot(0x0)/")
    console.says(b"verified on the stick")
    stick.workshop.verify(stick.take_first())
    stick.check()


def other_takes_it(shop):
    stick, other = shop.stick(), another(shop, "other")
    before = bytes_of([stick])
    console = stick.boot(options=["-r", *drives([other])])
    check_chosen(console, other)
    check_unchanged([stick], before)


def fails_when_written(shop):
    """The stick does not report write protection, but every write fails.

    Not on USB, where OVMF retries for longer than this test waits.
    """
    stick, other = shop.stick(), another(shop, "other")
    before = bytes_of([stick])
    rules = b'[inject-error]\nevent = "none"\niotype = "write"\nerrno = "5"\n'
    path = shop.write("rules", rules)
    console = stick.boot(options=["-d", "virtio-blk-pci", "-x", "-set", "-x",
                                  f"drive.stick.file=blkdebug:{path}:{stick.image}",
                                  *drives([other])])
    check_chosen(console, other)
    check_unchanged([stick], before)


# How often the probe writes for one report on a stick that "make image" made.
WRITES = 16


def is_read_back(shop):
    """After the last write the stick cannot be read.  Only reading it back shows that."""
    stick = shop.stick()
    rules = [f'[set-state]\nevent = "write_aio"\nstate = "{n}"\nnew_state = "{n + 1}"\n'
             for n in range(1, WRITES + 1)]
    rules.append(f'[inject-error]\nevent = "read_aio"\nstate = "{WRITES + 1}"\nerrno = "5"\n')
    path = shop.write("rules", "\n".join(rules).encode("ascii"))
    console = stick.boot(options=["-d", "virtio-blk-pci", "-x", "-set", "-x",
                                  f"drive.stick.file=blkdebug:{path}:{stick.image}"])
    console.says(b"NOT VERIFIED on the stick after its driver was restarted: device error: "
                 b"the stick is faulty or write-protected. Check it with cpulevel verify.")
    console.says_not(b"verified on the stick")
    require(console.transcript(), "no report on the console", console.probe)
    # All was written, so the reads failed after the last write and not before it.
    shop.verify(stick.take_first())


def other_has_no_key(shop):
    stick, other = shop.stick(), another(shop, "other", key=None)
    before = bytes_of([stick])
    console = stick.boot(options=["-r", *drives([other])])
    console.says(CHOSEN)
    console.says(b"NO KEY: ")
    require(len(other.names()) == 1, "not one report without a seal", *other.names())
    check_unchanged([stick], before)


def no_stick_is_meant(shop, prepare):
    """Two other drives, both without the folder: nothing is written to them."""
    stick = shop.stick()
    others = [another(shop, name, carries=False) for name in NAMES]
    prepare(others[0])
    before = bytes_of([stick, *others])
    console = stick.boot(options=["-r", *drives(others)])
    check_not_stored(shop, stick, console, PROTECTED, sealed=True)
    console.says_not(CHOSEN)
    check_unchanged([stick, *others], before)


def has_nothing(_):
    """The drive has nothing named cpulevel."""


def has_file(stick):
    stick.mtool("mcopy", stick.workshop.secret, "::/cpulevel")


def third_takes_it(shop, carries):
    """The second is skipped: it does not have the folder, or is write-protected too."""
    stick = shop.stick()
    others = [another(shop, "second", carries), another(shop, "third")]
    passed = [stick, others[0]]
    before = bytes_of(passed)
    protected = [others[0]] if carries else []
    check_chosen(stick.boot(options=["-r", *drives(others, protected)]), others[1])
    check_unchanged(passed, before)


def booted_one_goes_first(shop):
    stick, other = shop.stick(), another(shop, "other")
    before = bytes_of([other])
    console = stick.boot(options=drives([other]))
    console.says_not(CHOSEN)
    shop.verify(stick.take_first())
    check_unchanged([other], before)


def partitions(shop):
    """A second partition of the booted stick is a volume like any other."""
    stick = shop.stick()
    first, last = 131072, 262110
    must("truncate", "-s", str((last + 34) * 512), stick.image)
    must("sgdisk", "-e", f"--new=2:{first}:{last}", stick.image)
    second = f"{stick.image}@@{first * 512}"
    must("mformat", "-i", second, "-F", "-T", str(last - first + 1), "-h", "64", "-s", "32",
         "-H", str(first), "-c", "1", "::")
    must("mmd", "-i", second, "::/cpulevel")
    place = first * 512
    before = stick.image.read_bytes()[place:]
    stick.boot()
    shop.verify(stick.take_first())
    require(stick.image.read_bytes()[place:] == before, "the second partition has changed")
    stick.mtool("mdeltree", "::/cpulevel")
    stick.boot()
    require(stick.names() == ["0001-unknown.txt"], "not one report without a seal", *stick.names())
    require(stick.image.read_bytes()[place:] == before, "the second partition has changed")


def over_the_network(shop):
    """No stick was booted, so the one with the folder takes the report."""
    stick = another(shop, "other")
    tftp = shop.folder / "tftp"
    tftp.mkdir()
    shutil.copy(shop.build / "BOOTX64.EFI", tftp)
    network = f"user,id=net,tftp={tftp},bootfile=BOOTX64.EFI"
    words = ("-netdev", network, "-device", "virtio-net-pci,netdev=net,bootindex=2")
    console = stick.boot(options=[part for word in words for part in ("-x", word)])
    check_screen(console)
    console.says(CHOSEN + b"PciRoot(0x0)/")
    console.says(b"The probe was loaded from PciRoot(0x0)/")
    console.says(b"MAC(")
    stick.workshop.verify(stick.take_first())


def check_next(shop, stick, name, options=()):
    """The next boot makes a report of this name and changes no other file."""
    before = {file: stick.read(file) for file in stick.names() if not file.endswith("/")}
    started = time.monotonic()
    console = stick.boot(smbios=["type=1,serial=NEXT"], options=options)
    seconds = time.monotonic() - started
    check_screen(console)
    require(name in stick.names(), f"no {name}", *stick.names(), console.probe)
    new = sorted(set(stick.names()) - set(before))
    require([file for file in new if not file.endswith("/")] == [name, name + ".minisig"],
            "other files are new", *new)
    for file, data in before.items():
        require(stick.read(file) == data, f"{file} has changed")
    shop.verify(stick.take(name))
    stick.check()
    return seconds


def many_reports(shop):
    stick = shop.stick()
    empty = check_next(shop, stick, "0001-NEXT.txt")
    first = stick.take("0001-NEXT.txt")
    folder = shop.folder / "many"
    folder.mkdir()
    for number in range(2, 301):
        for ending in (".txt", ".txt.minisig"):
            one = shop.folder / f"{first.name[:-4]}{ending}"
            shutil.copy(one, folder / f"{number:04}-M{ending}")
    stick.mtool("mcopy", *sorted(folder.iterdir()), f"::{REPORTS}/")
    require(len(stick.names()) == 600, f"{len(stick.names())} files")
    full = check_next(shop, stick, "0301-NEXT.txt")
    return f"power-on to power-off {full:.1f} s, of the empty stick {empty:.1f} s"


GARBAGE = ("9999-x.txt", "0007.tmp", "0007sig.tmp", "notes", "-1.txt", "12-short.txt",
           "00000000012345-long.txt", "1234567890-x.txt", "0.txt", "a b c with a long name.txt",
           "._0001-x.txt")


def garbage(shop):
    stick = shop.stick()
    empty = shop.write("empty", b"")
    some = shop.write("some", bytes(range(256)) * 5)
    for number, name in enumerate(GARBAGE):
        stick.mtool("mcopy", some if number % 2 else empty, f"::{REPORTS}/{name}")
    stick.mtool("mmd", f"::{REPORTS}/10000-folder.txt", f"::{REPORTS}/empty folder")
    check_next(shop, stick, "10001-NEXT.txt")
    # A temporary file that was left behind counts too.
    stick.mtool("mcopy", some, f"::{REPORTS}/10007.tmp")
    check_next(shop, stick, "10008-NEXT.txt")


LAST = b"NOT STORED: the last report number, 999999999, is in use."


def last_number(shop):
    stick = shop.stick()
    some = shop.write("some", b"x")
    stick.mtool("mcopy", some, f"::{REPORTS}/999999998-x.txt")
    name = "999999999-NEXT.txt"
    check_next(shop, stick, name)
    console = stick.boot(smbios=["type=1,serial=NEXT"])
    check_not_stored(shop, stick, console, LAST, sealed=True,
                     before=["999999998-x.txt", name, name + ".minisig"])


def looping(shop):
    """The folder of reports is full, and its last cluster leads back to its first."""
    stick = shop.stick()
    said = stick.mtool("mshowfat", f"::{REPORTS}").decode("ascii")
    first, last = map(int, re.search(r"<(\d+)-(\d+)>", said).groups())
    start, _ = stick.extent()
    with open(stick.image, "r+b") as image:
        image.seek(start)
        sector = image.read(SECTOR)
        reserved, copies = struct.unpack_from("<HB", sector, 14)
        fat_sectors, = struct.unpack_from("<I", sector, 36)
        data = start + (reserved + copies * fat_sectors - 2) * SECTOR
        for cluster in range(first, last + 1):
            skip = 2 if cluster == first else 0
            image.seek(data + cluster * SECTOR + 32 * skip)
            image.write(b"".join(b"%08dTXT " % (10000 + 16 * cluster + i) + bytes(20)
                                 for i in range(16 - skip)))
        for copy in range(copies):
            image.seek(start + (reserved + copy * fat_sectors) * SECTOR + 4 * last)
            image.write(struct.pack("<I", first))
    console = stick.boot()
    console.says(b"THE FIRMWARE HANGS: reading the folder of reports. The report is not stored; it "
                 b"follows on the console.")
    require(console.transcript(), "no report on the console", console.probe)


def clock_at_zero(shop):
    stick = shop.stick()
    clock = ["-x", "-rtc", "-x", "base=1970-01-01"]
    check_next(shop, stick, "0001-NEXT.txt", clock)
    check_next(shop, stick, "0002-NEXT.txt", clock)
    said = report_reader.read((shop.folder / "0002-NEXT.txt").read_bytes()).fields["time"]
    return f"the report says {said!r}"


CASES = (
    ("a write-protected stick and one with \\cpulevel: the other takes it", other_takes_it),
    ("a stick on which every write fails, and one with \\cpulevel", fails_when_written),
    ("a stick that cannot be read after the last write: the screen says so", is_read_back),
    ("the other stick has no key: the screen says so", other_has_no_key),
    ("no other stick has \\cpulevel: nothing is written to them", no_stick_is_meant, has_nothing),
    ("a file named cpulevel: nothing is written to its stick", no_stick_is_meant, has_file),
    ("of three sticks the third has \\cpulevel", third_takes_it, False),
    ("of three sticks the second is write-protected too", third_takes_it, True),
    ("the booted stick is used first", booted_one_goes_first),
    ("the booted partition is used first, even without \\cpulevel", partitions),
    ("booted over the network: the stick with \\cpulevel takes the report",
     on_installed(over_the_network)),
    ("300 earlier reports: the next one is 0301", many_reports),
    ("other files among the reports: the highest number counts", garbage),
    ("the last number is in use: the report goes out over the console", last_number),
    ("a clock at 1970", clock_at_zero),
    ("the folder of reports is a loop: the report goes out over the console", looping),
)
