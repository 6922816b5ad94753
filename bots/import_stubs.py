"""Keeps libraries from importing what is not needed here. To be imported before everything else.

- structlog and httpx import `rich` where it is installed, for tracebacks (which `logs` formats itself) and for
  a command line that nobody calls: 0.15 s and 8 MB in every process.
- docket's store of results, which is not used here, has its functions type-checked at run time by `beartype`,
  whose 400 modules rewrite it on import: 0.25 s and 6 MB. It works without.
"""

import sys
from types import ModuleType
from typing import Any


class _Unchecked(ModuleType):
    """Stands in for beartype: each of its names is a decorator that changes nothing."""

    def __getattr__(self, name: str) -> Any:  # any name that is imported from it
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **options: Any) -> Any:  # a decorator, or what makes one
        return args[0] if args else self


if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python marks what is not to be found
if "beartype" not in sys.modules:
    sys.modules |= dict.fromkeys(("beartype", "beartype.claw"), _Unchecked("beartype"))
