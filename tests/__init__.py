"""Tests: laws, stories, views, content, broken inputs, and a mirror of each package."""
