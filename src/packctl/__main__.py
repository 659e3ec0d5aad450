"""`packctl` and `python -m packctl`: turns signals into exit codes, and answers what is quick to answer.

`--version`, and an `install` that has nothing to do, are answered before anything else of ours is imported. Ctrl-C ends with 130, TERM with
143, HUP with 129, a reader of our output that has gone away with 141, all without a traceback. Signals become exceptions, so that
everything that is open closes on the way out.
"""

import os
import sys
from types import FrameType

SIGNAL_BASE = 128


class Stopped(BaseException):
    """The process was told to end; the number is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> int:
    """Runs the command line of this process. The exit code."""
    arguments = sys.argv[1:]
    try:
        code = 0 if _is_answered(arguments) else _run(arguments)
    except KeyboardInterrupt:
        code = SIGNAL_BASE + 2
    except Stopped as stopped:
        code = SIGNAL_BASE + stopped.number
    _leave_output()
    return code


def _is_answered(arguments: list[str]) -> bool:
    """Answers what is quick to answer. Where a stream or the folder itself is out of order, the long way finds the words."""
    try:
        if arguments in (["--version"], ["-V"]):
            from packctl import __version__

            _say("stdout", f"packctl {__version__}\n")
            return True
        if arguments[:2] == ["completion", "names"]:
            from packctl.at_hand import names_at_hand

            _say("stdout", "".join(f"{name}\n" for name in names_at_hand(arguments[2:], os.getcwd(), dict(os.environ))))
            return True
        return arguments == ["install"] and _has_nothing_to_do()
    except OSError:
        return arguments[:2] == ["completion", "names"]  # a shell that asks wants names or silence


def _say(name: str, text: str) -> None:
    """Past the stream's buffer: what it could not get rid of would be in the way of whatever is said next."""
    stream = getattr(sys, name)  # None: it was closed before we started
    left = text.encode("ascii") if stream is not None else b""
    while stream is not None and left:
        left = left[os.write(stream.fileno(), left) :]


def _has_nothing_to_do() -> bool:
    import time

    from packctl.again import said_again, surroundings

    terminals = [stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)]
    said = said_again(os.getcwd(), surroundings(dict(os.environ), terminals), time.time())
    if said is not None:
        _say("stderr", f"{said}\n")
    return said is not None


def _run(arguments: list[str]) -> int:
    _listen()
    from packctl.frame import run_process

    return run_process(arguments)


def _listen() -> None:
    """TERM and HUP raise `Stopped`. The second one of a kind ends the process at once, in case closing hangs."""
    import signal

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Stopped(number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # nohup has said that HUP shall be ignored
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def _leave_output() -> None:
    """Points a stream that cannot be written nowhere: the interpreter flushes it once more at its end and would complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def process() -> None:
    """Runs the command line of this process and ends it, without taking the interpreter apart: a sixth of the time of a short command.

    Everything that was opened is closed by then, and both streams are flushed.
    """
    code = main()
    os._exit(code)


if __name__ == "__main__":
    process()
