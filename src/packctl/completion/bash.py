"""The script for bash, which zsh runs as well through its own `bashcompinit`."""

import shlex
from collections.abc import Iterator, Sequence

from packctl.completion.tree import Kind, Node, Option, Value

_HEAD = """\
# Completes packctl in {shell}. Made by: packctl completion {shell}
# Try it:   eval "$(packctl completion {shell})"
# Keep it:  put that line into ~/.{shell}rc
"""

_ZSH = """\
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
"""

_LOGIC = """\
_packctl() {
    local cur="${COMP_WORDS[COMP_CWORD]}" path="" value="" positional="" position word child
    local commands options valued argument
    _packctl_at ""
    local shared="$options" everywhere="$valued"
    for (( position = 1; position < COMP_CWORD; position++ )); do
        word="${COMP_WORDS[position]}"
        if [ -n "$value" ]; then
            [ "$word" = "=" ] || value=""
            continue
        fi
        case " $everywhere $valued " in
            *" $word "*) value="$word"; continue ;;
        esac
        case "$word" in
            --) positional=1; continue ;;
            -*|=) continue ;;
        esac
        child="$(_packctl_named "$path" "$word")"
        if [ -z "$positional" ] && [ -n "$child" ]; then
            path="$child"
            _packctl_at "$path"
        else
            positional=1
        fi
    done
    if [ "$cur" = "=" ]; then cur=""; fi
    COMPREPLY=()
    if [ -n "$value" ]; then
        _packctl_value "$path" "$value"
        return
    fi
    case "$cur" in
        -*) COMPREPLY=( $(compgen -W "$options $shared" -- "$cur") ); return ;;
    esac
    if [ -z "$positional" ] && [ -n "$commands" ]; then
        COMPREPLY=( $(compgen -W "$commands" -- "$cur") )
        [ -n "$argument" ] || return
    fi
    _packctl_offer $argument
}

_packctl_offer() {
    local kind="$1"
    [ -z "$kind" ] || shift
    case "$kind" in
        words) COMPREPLY+=( $(compgen -W "$*" -- "$cur") ) ;;
        here) COMPREPLY+=( $(compgen -W "$(packctl completion names 2>/dev/null)" -- "$cur") ) ;;
        known) COMPREPLY+=( $(compgen -W "$(packctl completion names --all 2>/dev/null)" -- "$cur") ) ;;
        group) COMPREPLY+=( $(compgen -W "$(packctl completion names --groups 2>/dev/null)" -- "$cur") ) ;;
        file) COMPREPLY+=( $(compgen -f -- "$cur") ) ;;
        folder) COMPREPLY+=( $(compgen -d -- "$cur") ) ;;
        command) _packctl_at ""; COMPREPLY+=( $(compgen -W "$commands" -- "$cur") ) ;;
    esac
}
"""


def script(nodes: Sequence[Node], shell: str) -> str:
    """The whole script; `shell` is bash or zsh."""
    parts = [_HEAD.format(shell=shell), _ZSH if shell == "zsh" else "", "\n".join(_tables(nodes)), "", _LOGIC]
    return "\n".join(parts) + "\ncomplete -o bashdefault -o default -F _packctl packctl\n"


def _tables(nodes: Sequence[Node]) -> Iterator[str]:
    yield "_packctl_at() {"
    yield "    commands= options= valued= argument="
    yield '    case "$1" in'
    for node in nodes:
        yield f"        {shlex.quote(node.path)})"
        yield f"            commands={_words(child.name for child in node.children)}"
        yield f"            options={_words(spelling for option in node.options for spelling in option.spellings)}"
        yield f"            valued={_words(one for option in node.options if option.value for one in option.spellings)}"
        yield f"            argument={_offer(node.argument)} ;;"
    yield "    esac"
    yield "}"
    yield ""
    yield "_packctl_named() {"
    yield '    case "$1/$2" in'
    for node in nodes:
        for child in node.children:
            typed = "|".join(shlex.quote(f"{node.path}/{name}") for name in (child.name, *child.aliases))
            yield f"        {typed}) echo {shlex.quote(f'{node.path} {child.name}'.strip())} ;;"
    yield "    esac"
    yield "}"
    yield ""
    yield "_packctl_value() {"
    yield '    case "$1/$2" in'
    for node in nodes:
        for option in node.options:
            if option.value and option.value.kind is not Kind.NOTHING:
                yield f"        {_of(node, option)}) _packctl_offer {option_offer(option.value)} ;;"
    yield "    esac"
    yield "}"


def _of(node: Node, option: Option) -> str:
    before = "*/" if not node.path else shlex.quote(f"{node.path}/")
    return "|".join(f"{before}{spelling}" for spelling in option.spellings)


def option_offer(value: Value) -> str:
    """The arguments of `_packctl_offer`."""
    return " ".join([value.kind.value, *map(shlex.quote, value.words)])


def _offer(value: Value) -> str:
    return '""' if value.kind is Kind.NOTHING else shlex.quote(" ".join([value.kind.value, *value.words]))


def _words(words: Iterator[str]) -> str:
    return shlex.quote(" ".join(words))
