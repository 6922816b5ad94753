"""Imported before everything else: keeps out what libraries would load for nothing.

structlog and httpx load `rich` wherever it is installed, for tracebacks that `logs` draws otherwise and for a
command line that nobody calls: 0.15 s and 8 MB in every process.
"""

import sys

if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python marks what is not to be found
