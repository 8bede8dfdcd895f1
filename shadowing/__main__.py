"""``python -m shadowing``: the command line."""

from shadowing.cli import main

main()
