# SPDX-License-Identifier: MIT
"""Other ways to boot: from a CD, with Secure Boot, from the UEFI shell, over the network.

Cases as in boot_cases.
"""

import pathlib

from boot_cases import check_not_stored, check_screen, read
from boot_stick import ESCAPE, SAID, Stick, must, on_installed, require

# The key that OVMF's snakeoil variables trust (package ovmf).
SNAKEOIL = "/usr/share/ovmf/PkKek-1-snakeoil"
PASS_PHRASE = "pass:snakeoil"

# What distributions boot first under Secure Boot (package shim-unsigned): it starts its neighbour
# grubx64.efi, if it trusts who signed that and finds .sbat in it.
SHIM = "/usr/lib/shim/shimx64.efi"
SHIM_REFUSES = "Verification failed: (0x1A) Security Violation"

# What EDK2 says when nothing is left to boot: the probe has not run.
GAVE_UP = "No bootable option or device was found."

PROTECTED = b"NOT STORED: the stick is write-protected."
NOT_SEALED = b"NOT STORED, NOT SEALED: the stick is write-protected."
NOT_FROM_STICK = (b"NOT STORED, NOT SEALED: not started from a stick, "
                  b"and no writable stick has a folder \\cpulevel.")


def has_line(path, line):
    lines = path.read_text(encoding="ascii").splitlines()
    require(line in lines, f"no line '{line}' in the report", path.read_bytes())


def boot_cd(shop, device, key, sentence):
    """The CD is unchanged, and the screen says why; with a key the report is sealed."""
    cd = shop.stick(key=key, options=["-i"])
    before = cd.image.read_bytes()
    console = cd.boot(options=["-C", "-d", device])
    check_not_stored(shop, cd, console, sentence, sealed=key is not None)
    require(cd.image.read_bytes() == before, "the image has changed")
    return f"{len(before)} bytes"


def stored(shop, stick, **machine):
    """Boots a stick, which must take the report.  Returns the report's path."""
    check_screen(stick.boot(**machine))
    path = stick.take_first()
    shop.verify(path)
    stick.check()
    return path


def cd_as_stick(shop):
    stored(shop, shop.stick(options=["-i"]))


def snakeoil_key(shop):
    key = shop.folder / "snakeoil.key"
    must("openssl", "pkey", "-in", f"{SNAKEOIL}.key", "-passin", PASS_PHRASE, "-out", key)
    return key, f"{SNAKEOIL}.pem"


def own_key(shop):
    key, certificate = shop.folder / "own.key", shop.folder / "own.pem"
    must("openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=own/",
         "-days", "3650", "-keyout", key, "-out", certificate)
    return key, certificate


def signed_with(shop, make_key, program="BOOTX64.EFI"):
    signed = shop.folder / f"signed-{pathlib.Path(program).name}"
    must("scripts/sign", *make_key(shop), shop.build / program, signed)
    return signed


def refused(shop, make_key):
    """The firmware refuses the program, and the program has not run."""
    program = signed_with(shop, make_key) if make_key else None
    stick = shop.stick(program=program)
    before = stick.image.read_bytes()
    said = ESCAPE.sub(b"", stick.run(options=["-b", "-u", GAVE_UP], ends=SAID))
    lines = said.replace(b"\r", b"\n").splitlines()
    verdicts = [line for line in lines if line.startswith(b"BdsDxe: failed to load Boot0001 ")]
    require(len(verdicts) == 1 and verdicts[0].endswith(b": Access Denied"), "not refused", said)
    require(b"cpulevel " not in said, "the probe has run", said)
    require(stick.image.read_bytes() == before, "the image has changed")


def signed_runs(shop):
    stick = shop.stick(program=signed_with(shop, snakeoil_key))
    has_line(stored(shop, stick, options=["-b"]), 'secure-boot "on"')


def signed_cd_runs(shop):
    cd = shop.stick(program=signed_with(shop, snakeoil_key), options=["-i"])
    console = cd.boot(options=["-b", "-C", "-d", "ide-cd"])
    check_not_stored(shop, cd, console, PROTECTED, sealed=True)
    has_line(shop.folder / "console.txt", 'secure-boot "on"')


def shim_stick(shop, program):
    """The firmware starts shim, which is to start the program."""
    stick = shop.stick(program=signed_with(shop, snakeoil_key, SHIM))
    stick.mtool("mcopy", program, "::/EFI/BOOT/grubx64.efi")
    return stick


def shim_runs(shop):
    stick = shim_stick(shop, signed_with(shop, snakeoil_key))
    has_line(stored(shop, stick, options=["-b"]), 'secure-boot "on"')


def shim_refuses(shop):
    stick = shim_stick(shop, shop.build / "BOOTX64.EFI")
    said = ESCAPE.sub(b"", stick.run(options=["-b", "-u", SHIM_REFUSES], ends=SAID))
    require(b"cpulevel " not in said, "the probe has run", said)


def from_shell(shop):
    """A disk with other files, on which the probe has another name."""
    disk = shop.stick()
    disk.mtool("mmd", "::/EFI/other", "::/tools")
    disk.mtool("mcopy", shop.write("other", b"not a program\n"), "::/EFI/other/other.txt")
    disk.mtool("mmove", "::/EFI/BOOT/BOOTX64.EFI", "::/tools/cpulevel.efi")
    disk.mtool("mcopy", shop.write("startup", b"fs0:\r\n\\tools\\cpulevel.efi\r\n"),
               "::/startup.nsh")
    path = stored(shop, disk, options=["-d", "virtio-blk-pci"])
    require(b"\\tools\\cpulevel.efi" in disk.log().read_bytes(), "not started from the shell",
            disk.log().read_bytes())
    require(read(path).fields["sequence"] == 1, "another number", path.read_bytes())


def stack_not_executable(shop):
    """OVMF protects the stack and what sections say only if asked to."""
    stored(shop, shop.stick(), options=["-x", "-fw_cfg", "-x",
                                        "name=opt/ovmf/PcdSetNxForStack,string=yes"])


def over_network(shop):
    """Over the network there are no settings, so keys end the default count-down."""
    folder = shop.folder / "tftp"
    folder.mkdir()
    program = (shop.build / "BOOTX64.EFI").read_bytes()
    (folder / "BOOTX64.EFI").write_bytes(program)
    console = Stick(shop, folder).boot(options=["-k", "spc p"])
    require(b">>Start PXE over IPv4" in console.raw and
            b"NBP filesize is %d Bytes" % len(program) in console.raw, "not loaded by PXE",
            console.raw)
    check_screen(console)
    console.says(NOT_FROM_STICK)
    console.says_not(b"verified on the stick")
    require(console.transcript(), "no report on the console", console.probe)
    _, report, seal = console.transcript()
    require(not seal, "a seal without a key", console.probe)
    path = shop.write("console.txt", report)
    must(shop.tool, "show", "--unsigned", path)
    require(len(read(path).kinds) == 1, "a report without processors", console.probe)
    names = [entry.name for entry in folder.iterdir()]
    require(names == ["BOOTX64.EFI"], "other files than before", *names)


CASES = (
    ("a CD in an AHCI drive: the report goes out over the console, sealed", boot_cd,
     "ide-cd", True, PROTECTED),
    ("a CD in a USB drive, as a BMC emulates one", boot_cd, "usb-storage", True, PROTECTED),
    ("a CD without a key", boot_cd, "ide-cd", None, NOT_SEALED),
    ("a CD image on a stick takes the report", cd_as_stick),
    ("Secure Boot refuses the unsigned probe", refused, None),
    ("Secure Boot refuses a probe signed with a key that is not enrolled", refused, own_key),
    ("Secure Boot runs a probe signed with an enrolled key", on_installed(signed_runs)),
    ("Secure Boot runs a signed CD", signed_cd_runs),
    ("Secure Boot's shim runs the signed probe", shim_runs),
    ("shim refuses the unsigned probe", shim_refuses),
    ("from the UEFI shell, on a disk with other files: the disk takes the report",
     on_installed(from_shell)),
    ("a stack that cannot be executed", stack_not_executable),
    ("over the network (PXE): the report goes out over the console",
     on_installed(over_network)),
)
