"""Emergency-command workstation: everything decided in a command centre is an entry in one journal."""

__version__ = "0.1.0"
