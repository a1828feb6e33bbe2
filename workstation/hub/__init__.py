"""The hub: a station without a desk that the others push to and pull from, over HTTP."""
