"""Codes of the room `cli`: arguments, variables, unanswered questions, and the frame around every command."""

CODES = {
    "cli.bad-key-name": (
        "A key is named like a publisher: lower-case ASCII letters, digits and inner hyphens, at most 64 characters. The name is only for "
        "you; signatures name the key by its digest."
    ),
    "cli.bad-value": (
        "An option or argument takes only certain values, and another one was given. The expected ones stand beside it. A value that "
        "begins with a hyphen is written with an equals sign, as in --note=-q, because global options are recognized anywhere before --."
    ),
    "cli.bad-variable": (
        "A variable of packctl's own has a value that it does not take. True is 1, true, yes or on; false is 0, false, no, off or empty. "
        "The value is not guessed at: PACKCTL_OFFLINE=maybe could mean either. packctl help environment lists every variable."
    ),
    "cli.bug": (
        "The program met a situation that its authors did not foresee. This is a fault of its own, whatever was typed. A report with the "
        "arguments and the traceback was written to the file that is named; tokens and credentials in addresses were removed from it, "
        "and it holds nothing of the environment. Read it before sending it to the maintainers. With -vv packctl shows the traceback, too."
    ),
    "cli.declined": (
        "A question was answered with no, or what had to be typed to confirm was typed differently. Nothing was done."
    ),
    "cli.editor-failed": (
        "packctl config edit starts the program that VISUAL or EDITOR names, else vi, and it could not be started or ended with an error. "
        "config set and config unset change single settings without an editor."
    ),
    "cli.extra-argument": "More was given than the command takes. A text with blanks must be quoted to be one argument.",
    "cli.forms-exclude": (
        "--json prints one document for programs, --plain one record per line for text tools. One output cannot have both forms."
    ),
    "cli.key-is-there": (
        "A key is never replaced by another one of the same name: the file may be the only copy of a key that a publisher or a registry "
        "relies on."
    ),
    "cli.log-failed": "PACKCTL_LOG names a file for a debug log, and it cannot be made or written. Its folder must exist.",
    "cli.missing-argument": "The command cannot do without an argument or option that was not given. Its --help says what it is.",
    "cli.missing-command": (
        "The words name a group of commands, such as config or trust, and the group does nothing by itself. The commands in it are listed."
    ),
    "cli.missing-value": (
        "An option that needs a value stands last on the line, has nothing after its equals sign, or was given an empty text, as from a "
        "variable of a script that is not set. Leave the option out to have its default."
    ),
    "cli.needs-answer": (
        "The command came to a question, and nobody is there to answer it. Questions are asked only if stdin and stderr are "
        "terminals, CI is not set and --no-input is not given. Every question has an option that answers it, and the message names "
        "it. -y answers ordinary questions; it never answers a question of trust, such as a new trust root, for which the exact value "
        "must be given."
    ),
    "cli.no-folder": (
        "A folder that was named, by --project or PACKCTL_PROJECT for example, does not exist, or a file has its name; or the folder that "
        "the command was started in was removed while a shell stood in it. packctl makes no folders on the way to a project."
    ),
    "cli.no-home": (
        "packctl keeps pinned roots, keys and downloaded files in folders below your home folder, and none is known: HOME is empty or "
        "unset and the account has no entry. This is usual in containers. Set HOME, or name the folders with PACKCTL_CONFIG, "
        "PACKCTL_DATA_DIR and PACKCTL_CACHE_DIR. Commands that need none of them work without."
    ),
    "cli.no-records": (
        "--plain prints one record per line with TAB between fields. Only commands whose result is a list have that form; the others have "
        "--json."
    ),
    "cli.no-such-key": (
        "No key on this machine has that name, or a key id that begins so (at least eight digits), and it is not the path of a key file."
    ),
    "cli.options-exclude": "Two options of one command ask for opposite things. Each does something by itself; give one of them.",
    "cli.output-failed": (
        "Writing the result to stdout failed, for example because the disk is full that it is redirected to. Part of the result may have "
        "been written. What the command itself changed is as complete as without this failure."
    ),
    "cli.several-keys": (
        "Which key shall sign is your decision: several keys of this machine fit. Name one with --key, by its name or its key id."
    ),
    "cli.unknown-code": "packctl explain knows every error code of this version; this one is none. Without a code it lists all of them.",
    "cli.unknown-command": "No command has this name. packctl --help lists all of them; the nearest names are suggested.",
    "cli.unknown-option": (
        "The command does not know this option. Its own options are listed by its --help, those that all commands know by packctl help "
        "options. A name that begins with a hyphen can be given after --."
    ),
    "cli.unknown-setting": (
        "No setting has this name. packctl config list shows all of them. Some can be set only by a variable or an option, such as a "
        "token, because a file is the wrong place for them."
    ),
    "cli.unknown-variable": (
        "A warning: a variable whose name begins with PACKCTL_ is set, and nothing reads it. A misspelled PACKCTL_OFFLINE would otherwise "
        "be ignored in silence. packctl help environment lists every variable."
    ),
    "cli.key-not-sealed": (
        "packctl copies only key files that a passphrase seals, because a copy travels: on a stick, in a backup, through a cloud folder. "
        "A key that lies in the open can still be copied with your own tools, knowing what that means."
    ),
    "cli.passphrases-differ": (
        "A new passphrase is typed twice without being shown, and the two were not equal. No key was made."
    ),
    "cli.no-such-file": "A file that was named on the command line is not there.",
    "cli.not-a-file": (
        "A folder was named where a file is wanted, or a device or a socket; or a pipe, for a file that is read more than once. What a "
        "shell makes of <(command) is a pipe: keep its output in a file and name that."
    ),
    "cli.demo-failed": (
        "packctl demo runs real commands, each of which must end with one exit code and, in places, say certain words. One did not: the "
        "step and the command are named. With --keep the demo's folder stays. registry.log in it is what the registry said, and "
        "people/NAME/data is what the client of that person kept."
    ),
    "cli.needs-server": (
        "packctl serve runs the registry's server, which comes with the extra packctl[server] and is not installed for this Python. "
        "Everything else of packctl works without it."
    ),
}
