#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""documents.py BUILD: what --json, --csv, --quiet and --color print.

A stock validator checks each document against its schema in docs/schema/, once as it is and once so
that members the schema does not have are wrong.  What a document says is compared with the text.
"""

import os
import sys
import tempfile

import documents_files as files
import documents_hosts as hosts
import documents_terminal as terminal
from documents_base import results, schemas


def main():
    schemas()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for test in (hosts.level, hosts.drift, hosts.diff, hosts.explain, hosts.left_out,
                     files.fits, files.evc,
                     files.merge, files.verify, files.features, terminal.colour,
                     terminal.progress, terminal.quiet, terminal.full, terminal.hostile):
            test()
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
