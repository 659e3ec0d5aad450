"""The script for PowerShell: one table and one script block, which works in versions 5.1 and 7."""

from collections.abc import Iterator, Sequence

from packctl.completion.tree import Kind, Node

_HEAD = """\
# Completes packctl in PowerShell. Made by: packctl completion powershell
# Try it:   packctl completion powershell | Out-String | Invoke-Expression
# Keep it:  put that line into the file that $PROFILE names
"""

_LOGIC = """\
Register-ArgumentCompleter -Native -CommandName packctl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $path = ''
    $before = ''
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        $word = "$element"
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $before = $word
        if ($word.StartsWith('-')) { continue }
        $next = "$path $word".Trim()
        if ($packctlWords.ContainsKey($next)) { $path = $next }
    }
    $offer = if ($packctlValues.ContainsKey("$path $before".Trim())) {
        $packctlValues["$path $before".Trim()]
    } elseif ($packctlValues.ContainsKey($before)) {
        $packctlValues[$before]
    } elseif ($wordToComplete.StartsWith('-')) {
        @($packctlOptions[$path]) + @($packctlOptions[''])
    } else {
        $packctlWords[$path]
    }
    foreach ($one in $offer) {
        $words = switch ($one) {
            '<here>' { packctl completion names 2>$null }
            '<known>' { packctl completion names --all 2>$null }
            '<group>' { packctl completion names --groups 2>$null }
            default { $one }
        }
        foreach ($word in $words) {
            if ($word -like "$wordToComplete*") {
                [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $word)
            }
        }
    }
}
"""
_SOURCES = {Kind.HERE: "<here>", Kind.KNOWN: "<known>", Kind.GROUP: "<group>"}


def script(nodes: Sequence[Node]) -> str:
    """The whole script. Files and folders are left to PowerShell itself."""
    return "\n".join([_HEAD, *_tables(nodes), "", _LOGIC])


def _tables(nodes: Sequence[Node]) -> Iterator[str]:
    yield "$packctlWords = @{"
    for node in nodes:
        source = [_SOURCES[node.argument.kind]] if node.argument.kind in _SOURCES else list(node.argument.words)
        yield f"    {_quoted(node.path)} = @({_list([*(child.name for child in node.children), *source])})"
    yield "}"
    yield "$packctlOptions = @{"
    for node in nodes:
        spellings = [spelling for option in node.options for spelling in option.spellings]
        yield f"    {_quoted(node.path)} = @({_list(spellings)})"
    yield "}"
    yield "$packctlValues = @{"
    for node in nodes:
        for option in node.options:
            if option.value and option.value.kind is not Kind.NOTHING:
                source = [_SOURCES[option.value.kind]] if option.value.kind in _SOURCES else list(option.value.words)
                for spelling in option.spellings:
                    yield f"    {_quoted(f'{node.path} {spelling}'.strip())} = @({_list(source)})"
    yield "}"


def _list(words: Sequence[str]) -> str:
    return ", ".join(map(_quoted, words))


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
