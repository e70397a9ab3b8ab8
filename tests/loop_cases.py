# SPDX-License-Identifier: MIT
"""Closes the loop: hosts are booted and merged, and a guest under the printed line is booted too.

Each host is one of QEMU's models, with an address width of its own and without the bit that says
that it is emulated.  The guest's report then has nothing that a host lacks, and all that the hosts
share, but for the exceptions that are named here.  QEMU's emulation is told what QEMU does under
KVM.
"""

import concurrent.futures

import dialect_check
import lines
import qemu_cpu
import tables
from boot_stick import BOOT_SECONDS, Failed, must, require

HOSTS = {
    "penryn": "Penryn,phys-bits=38",
    "westmere": "Westmere,+vmx,+pclmulqdq,phys-bits=40",
    "sandybridge": "SandyBridge,+pcid,phys-bits=46",
    "haswell": "Haswell,+pcid,phys-bits=39",
    "skylake": "Skylake-Server",
    "icelake": "Icelake-Server,+vmx",
    # Its firmware has switched AES off.
    "aesoff": "Icelake-Server,-aes,-pclmulqdq,-vaes,-vpclmulqdq",
    "opteron": "Opteron_G5",
    "epyc": "EPYC",
    "milan": "EPYC-Milan,phys-bits=39",
}

# What a guest may have although KVM does not give it on all hosts.
MORE = {
    "HYPERVISOR_PRESENT": "QEMU turns it on for every guest",
}
# What a guest may lack although KVM gives it on all hosts.
LESS = {
    "MONITOR": "QEMU turns it off for all models under KVM",
    "SVM": "a guest that runs guests is its owner's choice",
    "SVM_NP": "a feature of SVM",
    "SVM_NRIPS": "a feature of SVM",
}
# Bits that repeat others: a guest of AMD's has them where it has the others.
COPIES = {words[0]: words[1] for _, words in tables.rows("feature_copy")}

REPORTS = {name: concurrent.futures.Future() for name in HOSTS}


def boot(shop, cpu, serial, words=()):
    """Boots a machine, with more words for QEMU, and returns its report and the seal."""
    stick = shop.stick()
    stick.boot(cpu + ",x-force-features=on", smbios=[f"type=1,serial={serial}"],
               options=[option for word in words for option in ("-x", word)])
    report = stick.take_first()
    return report.read_bytes(), report.with_name(report.name + ".minisig").read_bytes()


def host_boots(shop, name):
    try:
        REPORTS[name].set_result(boot(shop, HOSTS[name], name))
    except BaseException as why:
        REPORTS[name].set_exception(Failed(f"{name} did not boot"))
        raise why


def dump_of(shop, report):
    dump = report.with_suffix(".dump")
    dump.write_bytes(must(shop.tool, "export", "--key", shop.public, "--to", "cpuid-r", report))
    return dump


def take(shop, name, files):
    """Writes a report and its seal."""
    shop.write(f"{name}.txt.minisig", files[1])
    return shop.write(f"{name}.txt", files[0])


def lacks_and_has(case, guest):
    """What is wrong with a guest.  It need not have both vendors' bits for one thing."""
    wrong = []
    vendor = dialect_check.vendor_of(case.hosts).encode()
    for row in dialect_check.ROWS:
        if row["leaf"] >= tables.MSR or not row.feature:
            continue
        has = dialect_check.value(guest, row)
        common = row["name"] in case.everywhere or COPIES.get(row["name"]) in case.everywhere
        if has and not common and row["name"] not in MORE:
            wrong.append(f"the guest has {row['name']}, a host lacks it")
        if not has and row["qemu"] in qemu_cpu.names() - dialect_check.REPEATED[vendor] and \
                row["name"] in case.everywhere - set(LESS):
            wrong.append(f"the guest lacks {row['name']}, all hosts have it")
    for name in ("PHYS_BITS", "NUMLEVELS", "NUM_EXT_LEVELS"):
        row = dialect_check.BY_NAME[name]
        if dialect_check.value(guest, row) > case.last(name):
            wrong.append(f"{name} is {dialect_check.value(guest, row):#x}, "
                         f"a host's {case.last(name):#x}")
    return wrong


def guest_boots(shop, names, *options):
    """Boots a guest under the line for the hosts."""
    reports = [take(shop, name, REPORTS[name].result(timeout=2 * BOOT_SECONDS)) for name in names]
    pool = shop.folder / "hosts.pool"
    must(shop.tool, "merge", "--key", shop.public, "--sign", shop.secret, "-o", pool, *reports)
    text = must(shop.tool, "mask", "--key", shop.public, "--for", "qemu", "--qemu-version", "7.2",
                *options, pool).decode("ascii")
    line = text[len("-cpu "):-1]
    case = lines.case_of([dump_of(shop, report) for report in reports])
    words = qemu_cpu.default_words(line, dialect_check.kvm_defaults(line))
    guest = dialect_check.read_dump(
        dump_of(shop, take(shop, "guest", boot(shop, line, "guest", words))))
    wrong = lacks_and_has(case, guest)
    require(not wrong, f"under -cpu {line}", *wrong)
    require(dialect_check.vendors_of([guest]) == {dialect_check.vendor_of(case.hosts).encode()},
            "another vendor", line)
    return f"-cpu {line}"


PAIRS = ("penryn westmere", "penryn icelake", "westmere sandybridge", "sandybridge haswell",
         "haswell skylake", "skylake icelake", "icelake aesoff", "opteron epyc", "epyc milan",
         "opteron milan", "haswell epyc", "icelake milan")
TRIPLES = ("westmere haswell icelake", "skylake icelake aesoff", "opteron epyc milan",
           "skylake epyc milan")
FORMS = (("haswell skylake", "--base", "Westmere"), ("skylake icelake", "--baseline"),
         ("epyc milan", "--base", "EPYC", "--baseline"),
         ("opteron epyc milan", "--base", "EPYC-Milan"))

CASES = [(f"the host {name} boots", host_boots, name) for name in HOSTS]
CASES += [(f"a guest of {pool.replace(' ', ', ')}", guest_boots, pool.split())
          for pool in PAIRS + TRIPLES]
CASES += [(f"a guest of {pool.replace(' ', ', ')}, {' '.join(options)}", guest_boots, pool.split(),
           *options) for pool, *options in FORMS]
