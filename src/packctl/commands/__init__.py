'''The commands: one module per verb, a folder per group. This is the convention that each of them follows.

**Where.** The row in `packctl.cli.TABLE` names the command; its words name the module: `trust pin` is `commands/trust/pin.py`, a hyphen
becomes `_`. A group that also does something by itself (`queue`) does it in its `__init__.py`; all other `__init__.py` are a docstring.

**What a module exports.**

- `run(session, ...) -> Outcome[T]`. The first parameter is the `Session`; every other one becomes an argument or option, declared with
  `Annotated[type, typer.Argument(...)]` or `typer.Option("--name", ...)`. What several commands share is in `commands/options.py`. The
  docstring of `run` is the help: first line, blank line, more. An option that takes a value has a `metavar`, and every one has a `help`.
  Global options (`packctl.arguments.GLOBALS`) are never declared; `session.globals`, `session.settings` and `session.console` know them.
- `T`, a frozen `msgspec.Struct`: the `data` of the JSON document, whose schema is made from the annotation of `run`. Fields are only ever
  added. Checked types (PackName, Version, Digest) are written as their text.
- `text(result, console)`: writes the result for people with `console.line`. Names, titles and everything else that came from a pack, a
  registry or a file goes through `ui.escape.safe`; `ui.table.write_table` does that itself. Options that change only the text (`--tree`)
  are not in `T`: `Outcome(result, view=...)` hands them to `text(result, console, view)`.
- `plain(result)`, only for lists that scripts cut up: tuples of texts, one per record. Its absence makes `--plain` an error.
- `EXAMPLES`, optional: command lines shown at the end of the help.
- `SETTINGS = False`, only for what must work when config.toml is broken (`explain`, `config edit`).

**What it does not do.** It never prints, exits, reads the clock or the environment, and never catches an error to show it:

- a failure is a PackError that it lets pass; nothing is shown of the result then, `data` is null in JSON;
- a failure with a partial result is `Outcome(result, errors=(...))`: all of them are shown, the strongest decides the exit code;
- `Outcome(result, exit_code=1)` is for `--exit-code` options that found something;
- a warning is `session.warn(Notice(...))`; what is going on is `session.console.say`, `session.progress(...)`; a question is
  `session.ask`.

**What it imports.** At the top only what every run needs, because start-up is measured; httpx, tuf, cryptography, rich and tomlkit are
imported where their wall is crossed (tests/architecture/test_startup.py).

A complete one, `commands/whoami.py`:

    """`packctl whoami`: who the registry takes us for."""

    import msgspec

    from packctl.outcome import Outcome
    from packctl.session import Session
    from packctl.ui.console import Console
    from packctl.ui.escape import safe


    class Account(msgspec.Struct, frozen=True):
        """Who is logged in, where, and until when the token counts (RFC 3339 UTC)."""

        registry: str
        name: str
        expires: str


    def run(session: Session) -> Outcome[Account]:
        """Show who is logged in."""
        from packctl.registry.choose import chosen_client
        from packspec.moments import moment
        from packspec.protocol.accounts import WHOAMI
        from packspec.protocol.endpoint import Nothing

        chosen, client = chosen_client(session)
        who = client.call(WHOAMI, Nothing())
        return Outcome(Account(chosen.origin, who.account, moment(who.token_expires_at)))


    def text(result: Account, console: Console) -> None:
        console.line(f"{safe(result.name)} on {safe(result.registry)}, until {result.expires}")

and what stands beside it: its row in `cli.TABLE`, and the transcripts `tests/scenarios/help/whoami.txt` and
`tests/scenarios/account/whoami.txt`, written by `RECORD=1`. `config list` is a model with a table and records, `explain` one with an
argument, `config set` one that changes a file.
'''
