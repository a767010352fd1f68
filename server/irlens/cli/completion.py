"""`irlens completion`: a script that completes commands, options, values and files, made from the parser itself."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from irlens.cli.arguments import parser
from irlens.cli.console import exact
from irlens.cli.inputs import ASM_SUFFIXES, IR_SUFFIXES
from irlens.cli.main import EXIT_DONE

_FILES = {
    "FILE.s": ASM_SUFFIXES,
    "FILE.ll": IR_SUFFIXES,
    "A": IR_SUFFIXES + ASM_SUFFIXES,
    "B": IR_SUFFIXES + ASM_SUFFIXES,
    "PATH": IR_SUFFIXES + ASM_SUFFIXES,
}
"""By the name of a positional argument, the suffixes of its files; others take any word."""
_PATHS = ("PATH", "DIR", "FILE", "OUT", "OUT.html", "CASES", "MODEL")
"""Names of values that are paths."""
_FUNCTIONS = ("F", "G")
"""Names of values that are functions of the files on the line."""

_BASH_FUNCTIONS = r"""
__irlens_functions() {
    local word
    for word in "$@"; do
        [[ -f "$word" ]] && sed -n \
            -e 's/^[[:space:]]*\.type[[:space:]]*\([A-Za-z0-9_.]*\),[[:space:]]*[@%]function.*/\1/p' \
            -e 's/^define [^@]*@\([A-Za-z0-9_.]*\)(.*/\1/p' < "$word" 2>/dev/null
    done
}
"""


@dataclass(frozen=True)
class Option:
    """`values`: the words that it takes; `takes` the name of its value, "" for a flag."""

    names: tuple[str, ...]
    words: str
    takes: str
    values: tuple[str, ...]


@dataclass
class Command:
    """A command, or what stands below it (`path` is ("model", "list")); `suffixes` are those of the files it takes."""

    path: tuple[str, ...]
    words: str
    options: list[Option] = field(default_factory=list)
    below: list[Command] = field(default_factory=list)
    suffixes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def all(self) -> Iterator[Command]:
        """This command and all below it."""
        yield self
        for command in self.below:
            yield from command.all()


def run(arguments: argparse.Namespace) -> int:
    tree = commands_of(parser())
    script = {"bash": bash, "zsh": zsh, "fish": fish}[arguments.shell]
    exact(script(tree))
    return EXIT_DONE


def commands_of(made: argparse.ArgumentParser, path: tuple[str, ...] = (), words: str = "") -> Command:
    """What the parser takes."""
    command = Command(path, words)
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, below in action.choices.items():
                command.below.append(commands_of(below, (*path, name), helps.get(name, "")))
        elif action.option_strings:
            if action.help != argparse.SUPPRESS:
                takes = "" if action.nargs == 0 else (action.metavar or action.dest.upper())
                values = tuple(map(str, action.choices or ()))
                help_words = " ".join((action.help or "").split()) % vars(action) if action.help else ""
                command.options.append(Option(tuple(action.option_strings), help_words, str(takes), values))
        else:
            command.suffixes += _FILES.get(str(action.metavar), ())
            command.values += tuple(map(str, action.choices or ()))
    command.suffixes = tuple(dict.fromkeys(command.suffixes))
    return command


def bash(tree: Command) -> str:
    """For bash 4 and later, without the bash-completion package."""
    cases = []
    for command in tree.all():
        key = " ".join(command.path)
        lines = [f"        {shlex.quote(key) if key else chr(39) * 2})"]
        values = [(option, _bash_values(option)) for option in command.options if option.takes]
        if values:
            lines.append('            case "$previous" in')
            lines += [
                f"                {'|'.join(option.names)}) {does}; return ;;" for option, does in values
            ]
            lines.append("            esac")
        options = [name for option in command.options for name in option.names if name.startswith("--")]
        words = [below.path[-1] for below in command.below] + list(command.values)
        lines.append(f"            options={shlex.quote(' '.join(options))}")
        lines.append(f"            words={shlex.quote(' '.join(words))}")
        lines.append(f"            suffixes={shlex.quote(' '.join(command.suffixes))}")
        lines.append("            ;;")
        cases.append("\n".join(lines))
    commands = "|".join(shlex.quote(" ".join(command.path)) for command in tree.all() if command.path)
    return f"""# bash completion of irlens. In ~/.bashrc: eval "$(irlens completion bash)"
{_BASH_FUNCTIONS}
__irlens_words() {{
    local word
    for word in $1; do [[ "$word" == "$current"* ]] && COMPREPLY+=("$word"); done
}}

__irlens_names() {{
    local word
    while IFS= read -r word; do [[ "$word" == "$current"* ]] && COMPREPLY+=("$word"); done \\
        < <(__irlens_functions "${{COMP_WORDS[@]:2}}")
}}

__irlens_files() {{
    local file suffix there
    compopt -o filenames 2>/dev/null
    while IFS= read -r file; do
        # A name with a line break comes in parts, which are no files, and bash would not quote what is in them.
        there="$file"; [[ "$there" == "~/"* ]] && there="$HOME/${{there:2}}"
        [[ -e "$there" || -L "$there" ]] || continue
        if [[ -z "$1" || -d "$file" ]]; then COMPREPLY+=("$file"); continue; fi
        for suffix in $1; do [[ "$file" == *"$suffix" ]] && COMPREPLY+=("$file") && break; done
    done < <(compgen -f -- "$current")
}}

_irlens() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="" word options="" words="" suffixes=""
    COMPREPLY=()
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "${{command:+$command }}$word" in {commands}) command="${{command:+$command }}$word" ;; esac
    done
    case "$command" in
{chr(10).join(cases)}
    esac
    if [[ "$current" == -* ]]; then __irlens_words "$options"
    elif [[ -n "$words" ]]; then __irlens_words "$words"
    else __irlens_files "$suffixes"
    fi
}}

complete -F _irlens irlens
"""


def _bash_values(option: Option) -> str:
    if option.values:
        return f"__irlens_words {shlex.quote(' '.join(option.values))}"
    if option.takes in _FUNCTIONS:
        return "__irlens_names"
    return "__irlens_files ''" if option.takes in _PATHS else ":"


def zsh(tree: Command) -> str:
    """For zsh, after `compinit`."""
    functions = "\n".join(_zsh_function(command) for command in tree.all())
    return f"""#compdef irlens
# zsh completion of irlens. In ~/.zshrc, after compinit: eval "$(irlens completion zsh)"
{_BASH_FUNCTIONS}
__irlens_names() {{
    local -a names
    names=("${{(@f)$(__irlens_functions "${{(@Q)words}}")}}")
    compadd -a names
}}

{functions}
if [[ "$funcstack[1]" = "_irlens" ]]; then _irlens "$@"; else compdef _irlens irlens; fi
"""


def _zsh_function(command: Command) -> str:
    specs = []
    for option in command.options:
        names = option.names[0] if len(option.names) == 1 else f"{{{','.join(option.names)}}}"
        what = f"[{_zsh_text(option.words)}]" + (
            f":{_zsh_text(option.takes)}:{_zsh_values(option)}" if option.takes else ""
        )
        specs.append(f"{names}{shlex.quote(what)}" if len(option.names) > 1 else shlex.quote(names + what))
    name = "_irlens" + "".join(f"_{part}" for part in command.path)
    if command.below:
        listed = " ".join(
            shlex.quote(f"{below.path[-1]}:{_zsh_text(below.words)}") for below in command.below
        )
        cases = "\n".join(f"        {below.path[-1]}) {name}_{below.path[-1]} ;;" for below in command.below)
        return f"""{name}() {{
    local line state
    _arguments -C {" ".join(specs)} '1: :->command' '*:: :->rest'
    case "$state" in
    command)
        local -a commands
        commands=({listed})
        _describe command commands ;;
    rest)
        case "$line[1]" in
{cases}
        esac ;;
    esac
}}
"""
    if command.values:
        specs.append(shlex.quote(f"1: :({' '.join(command.values)})"))
    elif command.suffixes:
        pattern = "|".join(suffix.lstrip(".") for suffix in command.suffixes)
        specs.append(shlex.quote(f'*: :_files -g "*.({pattern})(-.)"'))
    else:
        specs.append("'*: :_files'")
    return f"{name}() {{\n    _arguments {' '.join(specs)}\n}}\n"


def _zsh_values(option: Option) -> str:
    if option.values:
        return f"({' '.join(option.values)})"
    if option.takes in _FUNCTIONS:
        return "__irlens_names"
    return "_files" if option.takes in _PATHS else " "


def _zsh_text(text: str) -> str:
    return text.translate({ord(letter): f"\\{letter}" for letter in "\\[]:"})


def fish(tree: Command) -> str:
    """For fish 3 and later."""
    lines = [
        "# fish completion of irlens. In ~/.config/fish/config.fish: irlens completion fish | source",
        r"""
function __irlens_functions
    for word in (commandline -opc)
        if test -f "$word"
            sed -n -e 's/^[[:space:]]*\.type[[:space:]]*\([A-Za-z0-9_.]*\),[[:space:]]*[@%]function.*/\1/p' \
                -e 's/^define [^@]*@\([A-Za-z0-9_.]*\)(.*/\1/p' < "$word" 2>/dev/null
        end
    end
end
""",
        "complete -c irlens -f",
    ]
    for command in tree.all():
        seen = "; and ".join(f"__fish_seen_subcommand_from {part}" for part in command.path)
        here = seen or "__fish_use_subcommand"
        if command.below and command.path:
            here += (
                f"; and not __fish_seen_subcommand_from {' '.join(below.path[-1] for below in command.below)}"
            )
        for below in command.below:
            lines.append(f"complete -c irlens -n {_fish(here)} -a {below.path[-1]} -d {_fish(below.words)}")
        if command.values:
            lines.append(f"complete -c irlens -n {_fish(here)} -a {_fish(' '.join(command.values))}")
        elif not command.below:
            lines.append(f"complete -c irlens -n {_fish(here)} -F")
        for option in command.options:
            names = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
            )
            line = f"complete -c irlens -n {_fish(here)} {names} -d {_fish(option.words)}"
            lines.append(line + _fish_values(option))
    return "\n".join(lines) + "\n"


def _fish_values(option: Option) -> str:
    if not option.takes:
        return ""
    if option.values:
        return f" -x -a {_fish(' '.join(option.values))}"
    if option.takes in _FUNCTIONS:
        return " -x -a '(__irlens_functions)'"
    return " -r -F" if option.takes in _PATHS else " -x"


def _fish(text: str) -> str:
    """A word in single quotes, in which fish knows two escapes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
