"""Whether 32 bytes are an Ed25519 public key that proves anything (RFC 8032, section 5.1.3). Public data only: nothing here is secret."""

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SMALL_ORDER_Y = (
    0,
    1,
    _P - 1,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
)
"""The y of the eight points whose order divides 8, two of them with two x: a signature by such a key holds for messages nobody signed."""


def check_point(raw: bytes) -> str:
    """Why `raw`, 32 bytes, is no key; empty if it is one."""
    encoded = int.from_bytes(raw, "little")
    y = encoded % 2**255
    if y >= _P:
        return "the point has a second spelling (y is not below p)"
    if y in _SMALL_ORDER_Y:
        return "the point has small order"
    # x^2 = (y^2 - 1) / (d y^2 + 1) must be a square. x = 0 is of small order, so both values of the sign bit are points.
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if pow(square, (_P - 1) // 2, _P) != 1:
        return "the point is not on the curve"
    return ""
