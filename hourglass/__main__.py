"""`python -m hourglass` is the same as `hourglass`."""

from hourglass.cli import app

if __name__ == "__main__":
    app()
