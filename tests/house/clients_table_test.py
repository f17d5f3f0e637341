"""doc/clients.md: each cell of what was seen has a test that is there, in a script that runs that client."""

import ast
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# What a script that runs the client cannot do without.
CLIENTS = {
    "Terraform backend": "terraform",
    "Terraform provider": "aws_ssm_parameter",
    "AWS CLI": "aws_cli",
    "boto3": "import boto3|interop_test.BOTO3",
    "JavaScript": '"node"',
}
WAYS = {"get", "get --link", "exec", "exec --serve", "env", "credential-process"}
TEST = re.compile(r"`(\w+_test\.py)` `(\w+)\.(test_\w+)`")


def tables(text):
    """Each table as {(row, column): cell}."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
        head, _, *rows = [
            [cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines()
        ]
        yield {(row[0].strip("`"), column): cell
               for row in rows for column, cell in zip(head[1:], row[1:], strict=True)}


def problems(text):
    """What is wrong, a line each."""
    seen, shown = tables(text)
    wanted = {(way, client) for way in WAYS for client in CLIENTS}
    for name, table in (("first", seen), ("second", shown)):
        if set(table) != wanted:
            yield f"the {name} table lacks or has too much: {sorted(set(table) ^ wanted)}"
    for place, cell in shown.items():
        match = TEST.fullmatch(cell)
        if not match:
            yield f"{place}: not a script and a test: {cell}"
            continue
        script, group, test = match.groups()
        path = SOURCE / "tests/e2e" / script
        if not path.exists():
            yield f"{place}: no {script}"
            continue
        source = path.read_text()
        tests = {
            (node.name, part.name) for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef)
            for part in node.body if isinstance(part, ast.FunctionDef)
        }
        if (group, test) not in tests:
            yield f"{place}: {script} has no {group}.{test}"
        if not re.search(CLIENTS.get(place[1], "$^"), source, re.I):
            yield f"{place}: {script} does not run {place[1]}"


def main():
    text = (SOURCE / "doc/clients.md").read_text()
    # The check can fail.
    assert list(problems(text.replace("Ways.test_exec`", "Ways.test_exed`")))
    assert list(problems(text.replace("interop_test.py", "status_test.py")))
    assert list(problems(text.replace("| `exec` |", "| `exex` |", 1)))
    found = list(problems(text))
    print("\n".join(found) or "each cell has its test")
    sys.exit(1 if found else 0)


main()
