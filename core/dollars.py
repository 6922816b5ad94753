"""Amounts as people write them, to what is reckoned with: integer nano-dollars, exactly."""

import re
from decimal import Decimal, InvalidOperation

NANOS_PER_DOLLAR = 1_000_000_000
MAX_CAP_NANOS = 1_000_000 * NANOS_PER_DOLLAR  # a million dollars; above it a value is a slip of the hand


def parse_cap(value: object) -> int | None:
    """Dollars, as text or a number, to integer nano-dollars; "off" to None (no cap); 0 allows nothing.

    Raises ValueError on anything that is not a plain non-negative decimal of at most nine places.
    """
    if value is None:
        return None
    text = str(value).strip().lower()
    if text == "off":
        return None
    try:
        dollars = Decimal(re.sub("[_e]", "x", text))  # digits in groups and powers are Python's, nobody else's
    except InvalidOperation:
        raise ValueError('must be an amount in dollars such as 0.25, or "off"') from None
    if not dollars.is_finite() or dollars < 0:
        raise ValueError("must not be negative or infinite")
    if dollars > MAX_CAP_NANOS // NANOS_PER_DOLLAR:
        raise ValueError("must be at most 1000000 dollars")
    nanos = dollars * NANOS_PER_DOLLAR
    if nanos != nanos.to_integral_value():
        raise ValueError("must have at most nine decimal places")
    return int(nanos)
