"""One command runs the whole installation on one machine: `python -m app.supervisor`."""
