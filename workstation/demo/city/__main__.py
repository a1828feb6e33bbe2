"""Writes the city again: `python -m workstation.demo.city maps/linjiang`."""

import argparse
from pathlib import Path

from workstation.demo.city.writing import write_city


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m workstation.demo.city", description="Write the invented city.")
    parser.add_argument("folder", type=Path, help="folder of the city, as maps/linjiang")
    write_city(parser.parse_args().folder)


if __name__ == "__main__":
    main()
