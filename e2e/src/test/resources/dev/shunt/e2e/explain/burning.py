"""Keeps one CPU busy until it is killed."""

while True:
    pass
