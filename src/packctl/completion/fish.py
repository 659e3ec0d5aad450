"""The script for fish: a line for each command and option, under the condition of where one is."""

from collections.abc import Iterator, Sequence

from packctl.completion.tree import Kind, Node, Option, Value

_HEAD = """\
# Completes packctl in fish. Made by: packctl completion fish
# Try it:   packctl completion fish | source
# Keep it:  packctl completion fish > ~/.config/fish/completions/packctl.fish
"""

_LOGIC = """\
function __packctl_path
    set -l path
    for word in (commandline -opc)[2..-1]
        if string match -q -- '-*' $word
            continue
        end
        set -l next (string trim -- "$path $word")
        if contains -- "$next" $__packctl_paths
            set path $next
        end
    end
    echo "$path"
end

function __packctl_at
    test (__packctl_path) = "$argv[1]"
end

complete -c packctl -f
"""

_SOURCES = {
    Kind.HERE: "(packctl completion names 2>/dev/null)",
    Kind.KNOWN: "(packctl completion names --all 2>/dev/null)",
    Kind.GROUP: "(packctl completion names --groups 2>/dev/null)",
    Kind.FOLDER: "(__fish_complete_directories)",
    Kind.FILE: "(__fish_complete_path)",
}


def script(nodes: Sequence[Node]) -> str:
    """The whole script."""
    paths = " ".join(_quoted(node.path) for node in nodes if node.path)
    lines = [_HEAD, f"set -g __packctl_paths {paths}", "", _LOGIC, *_lines(nodes)]
    return "\n".join(lines) + "\n"


def _lines(nodes: Sequence[Node]) -> Iterator[str]:
    top = " ".join(child.name for child in nodes[0].children)
    for node in nodes:
        here = f" -n {_quoted(f'__packctl_at {_quoted(node.path)}')}"
        at = here if node.path else ""  # global options stand everywhere
        for child in node.children:
            yield f"complete -c packctl{here} -a {_quoted(child.name)} -d {_quoted(child.help)}"
        for option in node.options:
            yield f"complete -c packctl{at}{_spelled(option)} -d {_quoted(option.help)}{_taken(option.value)}"
        if words := _words(node.argument, top):
            yield f"complete -c packctl{at} -a {_quoted(words)}"


def _spelled(option: Option) -> str:
    return "".join(f" -l {one[2:]}" if one.startswith("--") else f" -s {one[1:]}" for one in option.spellings)


def _taken(value: Value | None) -> str:
    if value is None:
        return ""
    words = _words(value, "")
    return f" -x -a {_quoted(words)}" if words else " -x"


def _words(value: Value, commands: str) -> str:
    if value.kind is Kind.WORDS:
        return " ".join(value.words)
    return commands if value.kind is Kind.COMMAND else _SOURCES.get(value.kind, "")


def _quoted(text: str) -> str:
    """In single quotes, where fish knows two escapes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
