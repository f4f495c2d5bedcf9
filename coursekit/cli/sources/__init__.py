"""Where the commands read from, when that takes more than one room."""
