"""`python -m registry_server`, and the command `registry-server`."""

import sys


def main() -> None:
    """Runs the command line and ends the process."""
    from registry_server.cli import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
