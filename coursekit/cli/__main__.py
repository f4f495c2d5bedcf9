"""``python -m coursekit.cli`` is the command ``coursekit``."""

from coursekit.cli.app import main

if __name__ == "__main__":
    main()
