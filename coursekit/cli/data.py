"""``coursekit data``: the data sets that ship with coursekit, and their datasheets."""

from typing import Annotated

import typer

data = typer.Typer(no_args_is_help=True, help="Data sets and their datasheets.")


@data.command("list")
def list_names():
    """List the data sets."""
    from coursekit.datasets.catalogue import list_datasets

    print(list_datasets())


@data.command("show")
def show(name: Annotated[str, typer.Argument(help="As `coursekit data list` has it.")]):
    """Print the datasheet of a data set."""
    from coursekit.datasets.catalogue import show_dataset

    print(show_dataset(name))
