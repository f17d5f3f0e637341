"""Every promise of SECURITY.md names tests that exist."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def promises(text):
    """The bullets of the section, each as one line."""
    section = re.search(r"^## What is promised\n(.*?)^## ", text, re.M | re.S)[1]
    bullets = re.findall(r"^- (.*?)(?=^- |^#|\n\n|\Z)", section, re.M | re.S)
    return [" ".join(bullet.split()) for bullet in bullets]


def complaint(promise):
    """What is wrong with the tests that a promise names; None where nothing is."""
    references = re.search(r"\[([^\]]+)\]$", promise)
    if not references:
        return f"names no test: {promise}"
    for reference in references[1].split(", "):
        path, _, name = reference.partition(": ")
        if not re.fullmatch(r"tests/[\w/]+\.(cpp|py)", path) or not (ROOT / path).is_file():
            return f"names {path}, which does not exist: {promise}"
        if name and not re.search(rf"\b{re.escape(name)}\b", (ROOT / path).read_text()):
            return f"names {name}, which is not in {path}: {promise}"
    return None


class Security(unittest.TestCase):
    def test_every_promise_names_tests_that_exist(self):
        all_promises = promises((ROOT / "SECURITY.md").read_text())
        self.assertGreater(len(all_promises), 10)
        self.assertEqual([c for c in map(complaint, all_promises) if c], [])

    def test_a_promise_without_a_test_is_noticed(self):
        text = "## What is promised\n\n- One.\n- Two\n  [tests/a.cpp].\n\n### More\n\n- Three.\n\n## Not\n"
        self.assertEqual(promises(text), ["One.", "Two [tests/a.cpp].", "Three."])
        self.assertIn("names no test", complaint("One."))
        self.assertIn("does not exist", complaint("Two. [tests/a.cpp]"))
        this = "tests/house/security_test.py"
        self.assertIn("is not in", complaint(f"Three. [{this}: test_of_" + "nothing]"))
        self.assertIsNone(complaint(f"Four. [{this}: promises, {this}]"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
