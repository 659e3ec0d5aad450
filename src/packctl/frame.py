"""The frame around every command: from the arguments of a process to an exit code.

In order: global options are sorted out; the command is found in the table; typer parses the rest against that one module; the session is
opened; the module's `run` is called; its outcome is shown as text, as records or as one JSON document. Every failure on the way, a wrong
argument included, is a PackError shown by `ui.failure`; what is none is our fault and exits with 70.
"""

import gc
from collections.abc import Mapping, Sequence

import msgspec

from packctl.arguments import Sorted, sort_arguments
from packctl.outcome import Outcome
from packctl.parsing import Named, command_named, parse
from packctl.session import Session
from packctl.settings import load_settings, read_environment, unknown_variables
from packctl.ui.console import OutputClosed, Streams, make_console, standard_streams
from packctl.ui.show import show_errors, show_outcome, write_document
from packspec.errors import PackError

PIPE_CLOSED = 141
"""128 and the number of SIGPIPE, which Python ignores."""


def run_process(arguments: Sequence[str]) -> int:
    """Runs one command line of this process. The exit code. Lets KeyboardInterrupt and what signals raise pass."""
    gc.disable()  # importing makes many objects and no garbage: 6 ms of 64 were spent looking for some
    try:
        return run(arguments, read_environment(), standard_streams())
    except OutputClosed:
        return PIPE_CLOSED


def run(arguments: Sequence[str], environ: Mapping[str, str], streams: Streams) -> int:
    """Runs one command line in the given surroundings. The exit code."""
    given = sort_arguments(arguments)
    console = make_console(given.globals, environ, streams)
    session = Session(given.globals, environ, console)
    name = ""
    try:
        try:
            with session:
                named = _named(given, environ)
                name = named.name
                code = _run(named, session, arguments)
            session.console.flush()
        except Exception as error:  # noqa: BLE001  (here every exception ends: as ours, or as our fault)
            code = _failed(error, name, arguments, session)
            session.console.flush()
    except PackError as error:  # the result itself could not be written
        from packctl.ui.failure import show

        show([error], console)
        code = error.kind.exit_code
    return code


def _named(given: Sorted, environ: Mapping[str, str]) -> Named:
    """The command. Raises whatever is wrong with the global options, with the variables, or with its name."""
    if given.fault:
        raise given.fault
    if given.globals.json and given.globals.plain:
        from packctl.usage import FormsExclude

        raise FormsExclude
    if not (given.globals.help or given.globals.version):
        load_settings(msgspec.structs.asdict(given.globals), environ)
    return command_named(given.rest)


def _run(named: Named, session: Session, arguments: Sequence[str]) -> int:
    if session.globals.version:
        from packctl import __version__

        if session.console.json:
            write_document("version", {"version": __version__}, [], session.console)
        session.console.line(f"packctl {__version__}")
        return 0
    if session.console.json and (session.globals.help or not named.words):
        named = command_named(("help", *named.words))
    elif session.globals.help or not named.words:
        from packctl.ui import help as texts

        if named.words or session.globals.help:
            texts.show_named(named, session.console)
        else:
            texts.show_short(session.console)
        return 0
    call = parse(named)
    if session.console.plain and not hasattr(call.module, "plain"):
        import shlex

        from packctl.usage import NoRecords

        in_json = shlex.join("--json" if word == "--plain" else word for word in arguments)
        raise NoRecords(call.name, in_json)
    if getattr(call.module, "SETTINGS", True):
        _settle(session, arguments)
    gc.freeze()
    gc.enable()
    outcome: Outcome[object] = call.module.run(session, **call.values)
    return show_outcome(call.name, call.module, outcome, session.console)


def _settle(session: Session, arguments: Sequence[str]) -> None:
    """Reads the configuration and lets it decide color and progress where option and variable did not; opens the debug log."""
    settings = session.settings
    warnings = session.console.warnings
    session.console = make_console(
        session.globals, session.environ, session.console.streams, color=settings.color, progress=settings.progress
    )
    session.console.warnings = warnings
    if settings.log:
        from packctl.ui.log import DebugLog

        session.console.log = DebugLog(str(session.folder / settings.log), session.clock)
        session.console.log.begin(arguments)
    for notice in unknown_variables(session.environ):
        session.warn(notice)


def _failed(error: Exception, name: str, arguments: Sequence[str], session: Session) -> int:
    """Shows what was raised. The exit code."""
    from packctl.ui.failure import data_of, errors_in, unexpected

    errors = errors_in(_of_a_disk(_of_bytes(error, arguments)))
    if errors is None:
        try:
            reports = session.places.reports
        except PackError:
            reports = None
        errors = [unexpected(error, name, arguments, reports, session.clock())]
    if session.console.json:
        write_document(name, data_of(errors), errors, session.console)
    return show_errors(errors, session.console)


def _of_bytes(error: Exception, arguments: Sequence[str]) -> Exception:
    """Arguments may hold any bytes, because files are named by them. One that is no text can be neither sent nor signed."""
    if not isinstance(error, UnicodeEncodeError):
        return error
    found = next((one for one in arguments if one != one.encode("utf-8", "ignore").decode()), None)
    if found is None:
        return error
    from packctl.usage import BadValue

    return BadValue("a text", found, "UTF-8; only names of files may hold other bytes")


def _of_a_disk(error: Exception) -> Exception:
    """What the system said of a path where nobody expected it (a name that is too long, a folder of somebody else) is no fault of ours."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str | bytes):
        return error
    import os

    from packctl.durable import disk_error

    return disk_error("use", os.fsdecode(error.filename), error)
