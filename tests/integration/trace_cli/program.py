"""The program with this one command, whatever other commands exist."""

from typer import Typer

from lachan.cli.trace import register


def program() -> Typer:
    """A group, as the whole program is: one command alone would swallow its own name."""
    app = Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    register(app)
    return app
