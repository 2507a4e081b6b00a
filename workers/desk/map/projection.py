"""Where on the map a place lies.

The Natural Earth projection by T. Patterson in its polynomial form: B. Šavrič, B. Jenny,
T. Patterson, D. Petrovič, L. Hurni (2011): A Polynomial Equation for the Natural Earth Projection.
"""

from __future__ import annotations

from math import radians
from typing import NamedTuple

WIDTH = 1000.0
"""Units of the drawing from the western edge of the world to the eastern one."""
HEIGHT = 520.0
_SCALE = WIDTH / 5.475
"""The equator is 2 × 0.8707 × π long in the units of the formula."""


class Point(NamedTuple):
    """A point of the drawing, from its upper left corner.

    Attributes:
        x: units to the right.
        y: units down.
    """

    x: float
    y: float


def project(latitude: float, longitude: float) -> Point:
    """Return where a place lies on the map.

    Args:
        latitude: degrees, north is positive.
        longitude: degrees, east is positive.
    """
    phi, lam = radians(latitude), radians(longitude)
    phi2 = phi * phi
    phi4 = phi2 * phi2
    x = lam * (
        0.8707 - 0.131979 * phi2 + phi4 * (-0.013791 + phi4 * (0.003971 * phi2 - 0.001529 * phi4))
    )
    y = phi * (
        1.007226 + phi2 * (0.015085 + phi4 * (-0.044475 + 0.028874 * phi2 - 0.005916 * phi4))
    )
    return Point(WIDTH / 2 + x * _SCALE, HEIGHT / 2 - y * _SCALE)
