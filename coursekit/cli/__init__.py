"""The command ``coursekit``: thin, one file a command, each registered in `app`."""

from coursekit.cli.app import app, main

__all__ = ["app", "main"]
