"""The demo: an invented city and one rainy evening in it."""
