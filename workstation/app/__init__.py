"""The composition root: the only place where all parts are built and joined."""
