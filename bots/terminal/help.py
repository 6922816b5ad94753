"""The help of the console script, laid out as click does it, in the language of the shell."""

import re

import click

from core.environment import shell_language
from core.words import t


def write_help(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """How a command is used, what it does, its options, and the first sentence about each of its commands."""
    locale = shell_language()
    usage = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, usage, f"{t(locale, 'shell-head-usage')} ")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(t(locale, f"shell-{command.name}"))
    options = [option for option in command.get_params(ctx) if isinstance(option, click.Option)]
    with formatter.section(t(locale, "shell-head-options")):
        formatter.write_dl(
            [
                (record[0], t(locale, key_of(command, option), default=option.default))
                for option in options
                if (record := option.get_help_record(ctx))
            ]
        )
    if isinstance(command, click.Group):
        sentences = {name: t(locale, f"shell-{name}") for name in command.list_commands(ctx)}
        with formatter.section(t(locale, "shell-head-commands")):
            formatter.write_dl([(name, re.split(r"(?<=\.) ", text)[0]) for name, text in sentences.items()])


def key_of(command: click.Command, option: click.Option) -> str:
    """The word key of an option; those of click's own are the same for every command."""
    name = max(option.opts, key=len).lstrip("-")
    return f"shell-{name}" if option.is_eager else f"shell-{command.name}-{name}"
