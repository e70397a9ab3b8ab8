# SPDX-License-Identifier: MIT
"""dialect_start.py FILE: libvirt starts a guest with the <cpu> element in FILE and tells of it."""

import os
import re
import sys

import dialect_check

with open(sys.argv[1], encoding="ascii") as file:
    TEXT = file.read()
for NAME in dialect_check.SOFTWARE:
    TEXT = re.sub(f"  <feature policy='require' name='{NAME}'/>\n", "", TEXT)
ASKED = dialect_check.read_libvirt(TEXT)[1]
DUMP = dialect_check.with_domain(os.path.dirname(os.path.abspath(sys.argv[1])), TEXT,
                                 "create DOMAIN; dumpxml guest; destroy guest")
MODEL = DUMP[DUMP.index("<cpu "):DUMP.index("</cpu>")]
NAMES = {row["libvirt"]: row["qemu"] for row in dialect_check.ROWS if row["libvirt"]}
REQUIRED = {NAMES[n] for n in re.findall("policy='require' name='([^']*)'", MODEL)}
# QEMU's Westmere has more than libvirt's.
dialect_check.expect("the guest has", REQUIRED - {"hypervisor", "pclmulqdq", "arat"},
                     {name for name, on in ASKED.items() if on})
