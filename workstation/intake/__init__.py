"""Reports from outside are cleaned, located in the grid and merged into incidents; what is broken is kept apart."""
