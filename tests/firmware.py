# SPDX-License-Identifier: MIT
"""Makes a light OVMF for the boot tests: the installed one without drivers of no use there.

OVMF waits twice 750 ms for a TPM that is not there, which is two fifths of the processor time of a
boot; another tenth goes to the drivers of the network and to the shell.  The other drivers are the
installed OVMF's own.
"""

import contextlib
import fcntl
import lzma
import pathlib
import struct
import sys
import uuid

INSTALLED = pathlib.Path("/usr/share/OVMF")
PROGRAMS = ("OVMF_CODE_4M.fd", "OVMF_CODE_4M.secboot.fd", "OVMF32_CODE_4M.secboot.fd")

TPM = frozenset("""
    Tcg2ConfigPei TcgPei Tcg2Pei Tcg2PlatformPei TcgDxe Tcg2Dxe Tcg2PlatformDxe Tcg2ConfigDxe
""".split())
NETWORK = frozenset("""
    DpcDxe SnpDxe VlanConfigDxe MnpDxe ArpDxe Dhcp4Dxe Ip4Dxe Udp4Dxe Mtftp4Dxe Dhcp6Dxe Ip6Dxe
    Udp6Dxe Mtftp6Dxe TcpDxe UefiPxeBcDxe TlsDxe TlsAuthConfigDxe DnsDxe HttpDxe
    HttpUtilitiesDxe HttpBootDxe IScsiDxe VirtioNetDxe
""".split())
SHELL = frozenset("""
    tftpDynamicCommand httpDynamicCommand LinuxInitrdDynamicShellCommand Shell
""".split())

# What each kind of light firmware lacks.
KINDS = {"disk": TPM | NETWORK | SHELL, "network": TPM}

# Section types, file types and GUIDs of the UEFI Platform Initialization specification, volume 3.
GUID_DEFINED = 0x02
USER_INTERFACE = 0x15
PAD = 0xf0
LZMA = uuid.UUID("ee4e5898-3914-4259-9d6e-dc7bd79403cf").bytes_le

FILE_HEADER = 24
# Of these bytes, all but the checksum of the contents and the state have a sum of 0.
UNSUMMED = (17, 23)
# In place of the checksum of a file that has none.
NO_CHECKSUM = 0xaa


def number24(data, at):
    return int.from_bytes(data[at:at + 3], "little")


def aligned(at, base, size):
    return base + (at - base + size - 1) // size * size


def volumes(data):
    """Offset and length of each firmware volume."""
    at = data.find(b"_FVH")
    while at >= 0:
        base = at - 40
        length, = struct.unpack_from("<Q", data, base + 32)
        yield base, length
        at = data.find(b"_FVH", base + length)


def files(data, base, length):
    """Offset and size of each file of a volume."""
    header, = struct.unpack_from("<H", data, base + 48)
    extended, = struct.unpack_from("<H", data, base + 52)
    if extended:
        header = extended + struct.unpack_from("<I", data, base + extended + 16)[0]
    at = aligned(base + header, base, 8)
    while at + FILE_HEADER <= base + length and data[at:at + FILE_HEADER] != b"\xff" * FILE_HEADER:
        size = number24(data, at + 20)
        yield at, size
        at = aligned(at + size, base, 8)


def sections(data, at, size):
    """Offset, size and type of each section of a file."""
    end, at = at + size, at + FILE_HEADER
    while at + 4 <= end:
        length = number24(data, at)
        yield at, length, data[at + 3]
        at = aligned(at + max(length, 4), 0, 4)


def name_of(data, at, size):
    """The name of a driver, or None."""
    if data[at + 18] == PAD:
        return None
    return next((data[one + 4:one + length].decode("utf-16-le").rstrip("\0")
                 for one, length, kind in sections(data, at, size) if kind == USER_INTERFACE), None)


def close_header(data, at):
    """Sets the checksum of a file's header."""
    data[at + 16] = 0
    data[at + 16] = -sum(data[at + i] for i in range(FILE_HEADER) if i not in UNSUMMED) & 0xff


def empty(data, at, size):
    """Makes padding of a file."""
    data[at:at + 16] = b"\xff" * 16
    data[at + 17:at + 20] = bytes((NO_CHECKSUM, PAD, 0))
    data[at + FILE_HEADER:at + size] = b"\xff" * (size - FILE_HEADER)
    close_header(data, at)


def without(data, names):
    """Removes the drivers of these names from the volumes that were compressed."""
    removed = set()
    for base, length in volumes(data):
        for at, size in files(data, base, length):
            name = name_of(data, at, size)
            if name in names:
                empty(data, at, size)
                removed.add(name)
    if removed != names:
        raise ValueError(f"this OVMF has no {', '.join(sorted(names - removed))}")


def compress(data):
    packed = bytearray(lzma.compress(data, lzma.FORMAT_ALONE, filters=[
        {"id": lzma.FILTER_LZMA1, "preset": 6, "dict_size": 1 << 24}]))
    # Python's has no size in its header; EDK2 needs it.
    struct.pack_into("<Q", packed, 5, len(data))
    return packed


def lighten(image, names):
    """The firmware image without these drivers."""
    image = bytearray(image)
    base, length = next(volumes(image))
    at, size = next(files(image, base, length))
    section, taken, kind = next(sections(image, at, size))
    if kind != GUID_DEFINED or image[section + 4:section + 20] != LZMA:
        raise ValueError("this OVMF is not compressed as Debian's are")
    start = section + struct.unpack_from("<H", image, section + 20)[0]
    data = bytearray(lzma.decompress(image[start:section + taken], lzma.FORMAT_ALONE))
    without(data, names)
    packed = compress(bytes(data))
    end = start + len(packed)
    image[start:at + size] = packed + b"\xff" * (at + size - end)
    image[section:section + 3] = (end - section).to_bytes(3, "little")
    image[at + 20:at + 23] = (end - at).to_bytes(3, "little")
    image[at + 17] = NO_CHECKSUM
    close_header(image, at)
    return bytes(image)


@contextlib.contextmanager
def locked(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up_to_date(path, source):
    return path.exists() and path.stat().st_mtime > max(
        pathlib.Path(one).stat().st_ctime for one in (source, __file__))


def light(build, kind):
    """Returns the folder of a light OVMF, for the variable OVMF of scripts/qemu; made once."""
    folder = build / "ovmf" / kind
    with locked(folder):
        for source in INSTALLED.glob("*.fd"):
            path = folder / source.name
            if source.name not in PROGRAMS:
                if not path.is_symlink():
                    path.symlink_to(source)
            elif not up_to_date(path, source):
                made = folder / "new"
                made.write_bytes(lighten(source.read_bytes(), KINDS[kind]))
                made.rename(path)
    return folder


if __name__ == "__main__":
    print(light(pathlib.Path(sys.argv[1]), sys.argv[2]))
