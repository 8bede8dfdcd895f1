"""``python -m shadowing``: the command line."""

from shadowing.cli import main

if __name__ == "__main__":
    main()
