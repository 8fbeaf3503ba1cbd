"""What every command shares: the settings as options, and words about the output."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from mem_graph.settings import TABLE, Settings


def settings_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options for some rows of the table of settings: ``--releases-dir``, with the row's sentence as help."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for row in reversed([row for row in TABLE if row.name in names]):
            note = f"{row.sentence} [{row.variable}; default: {row.default}]"
            command = click.option(f"--{row.name.replace('_', '-')}", row.name, metavar="VALUE", help=note)(command)
        return command

    return add


def settings(**options: str | None) -> Settings:
    """The settings from the environment, with the options of this call over them."""
    chosen = {f"MEM_GRAPH_{name.upper()}": text for name, text in options.items() if text is not None}
    return Settings.read({**os.environ, **chosen})


def say(words: str) -> None:
    """Words about the output, on standard error."""
    click.echo(words, err=True)
