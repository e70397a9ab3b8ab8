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
        """Ends results; the last line has how many facts were held against whom.  Exit status."""
        print(f"1..{self.count}")
        print(f"# judged: {facts} facts against {who}")
        return self.failed > 0
