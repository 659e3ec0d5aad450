"""`python -m registry_server`, and the command `registry-server`."""

import sys


def main() -> None:
    """Runs the command line and ends the process."""
    try:
        from registry_server.cli import main as run
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "packspec", "registry_server"):
            raise
        sys.exit(_told(missing))
    sys.exit(run())


def _told(missing: str) -> int:
    """`packctl` without its extra brings this command along, and cannot run it."""
    from packspec.commandline import NeedsServer
    from registry_server import telling

    error = NeedsServer(missing)
    sys.stderr.write("".join(f"{line}\n" for line in telling.lines_of(error)))
    return error.kind.exit_code


if __name__ == "__main__":
    main()
