# SPDX-License-Identifier: MIT
"""Prints results in the Test Anything Protocol, for the tests in Python that share it."""


class Results:
    """Counts results; each names what is wrong, line by line."""

    def __init__(self):
        self.count = self.failed = 0

    def say(self, wrong, name):
        """Prints a result: good if there is nothing wrong."""
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in wrong[:20]:
            print(f"# {line}")

    def judged(self, facts, who):
        """Says how many facts were held against whom: a row of docs/judges.md, see judged.py."""
        print(f"# judged: {facts} facts against {who}")

    def not_judged(self, who, why):
        """Says that somebody could not be asked."""
        self.count += 1
        print(f"ok {self.count} - {who} # SKIP skipped: {why}")

    def end(self):
        """Ends results; returns the exit status."""
        print(f"1..{self.count}")
        return self.failed > 0
