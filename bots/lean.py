"""To be imported before everything else: keeps libraries from importing what is not needed here.

- structlog and httpx load `rich` wherever it is installed, for tracebacks that `logs` draws otherwise and for
  a command line that nobody calls: 0.15 s and 8 MB in every process.
- docket's store of results, which stays empty here, has its own functions checked at run time by `beartype`,
  400 modules that rewrite it on import: 0.25 s and 6 MB. It runs as it is written.
"""

import sys
from types import ModuleType
from typing import Any


class _Unchecked(ModuleType):
    """Stands in for beartype: each of its names is a decorator that changes nothing."""

    def __getattr__(self, name: str) -> Any:  # whatever is imported from it
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **options: Any) -> Any:  # a decorator, or what makes one
        return args[0] if args else self


if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python marks what is not to be found
if "beartype" not in sys.modules:
    sys.modules |= dict.fromkeys(("beartype", "beartype.claw"), _Unchecked("beartype"))
