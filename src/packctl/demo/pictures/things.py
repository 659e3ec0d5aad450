"""What a picture of a thing is, and the six colors of the rainbow."""

from collections.abc import Callable
from typing import TypeAlias

from packctl.demo.drawing.shapes import Group

Thing: TypeAlias = Callable[[], Group]
"""Gives a thing around 0,0, about 400 wide."""
RAINBOW = ("#ef6461", "#f5a04c", "#f7d94f", "#7cc576", "#5fa8e0", "#a07fd6")
