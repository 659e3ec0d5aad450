"""`python -m packctl.resolve SCENARIO.json`: solves a scenario given as data (docs/spec/resolver.md). `-` reads standard input.

Prints the solution as JSON and exits with 0; or tells on stderr why there is none and exits with 5, or with the exit status of another
refusal.
"""

import json
import sys
from pathlib import Path

from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import resolve
from packctl.resolve.scenario import answer_of, read_scenario
from packspec.errors import PackError


def main(arguments: list[str]) -> int:
    """Runs once; gives the exit status."""
    if len(arguments) != 1:
        print("usage: python -m packctl.resolve SCENARIO.json", file=sys.stderr)  # noqa: T201
        return 2
    try:
        data = sys.stdin.buffer.read() if arguments[0] == "-" else Path(arguments[0]).read_bytes()
    except OSError as error:
        print(f"cannot read {arguments[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        scenario = read_scenario(data)
        resolution = resolve(scenario.wanted, scenario)
    except PackError as error:
        print("\n".join(_told(error)), file=sys.stderr)  # noqa: T201
        return error.kind.exit_code
    print(json.dumps(answer_of(resolution)))  # noqa: T201
    return 0


def _told(error: PackError) -> list[str]:
    first = f"error[{error.code}]: {error.what()}"
    if isinstance(error, NoSolution):
        return [first, "", *(f"  {line}".rstrip() for line in error.proof.lines)]
    facts = [f"  {label}: {value}" for label, value in error.facts().items()]
    return [first, *facts, f"  {error.why()}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
