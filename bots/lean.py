"""Imported before everything else: keeps out what a library would load for nothing.

structlog loads `rich` wherever it is installed, for tracebacks that `logs` draws otherwise: 0.1 s and 5 MB in
every process.
"""

import sys

if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python marks what is not to be found
    import structlog  # noqa: F401  # it looks for rich once

    del sys.modules["rich"]
