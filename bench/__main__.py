"""`make bench`: runs every benchmark in a process of its own, one after the other, and prints their tables.

Name some to run only those: `python -m bench memory money`. Results are written to bench/results/.
"""

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent
ALL = sorted(path.stem for path in HOME.glob("*.py") if not path.stem.startswith("_"))


def main() -> int:
    """Returns the number of benchmarks that failed."""
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or ALL
    if unknown := set(wanted) - set(ALL):
        print(f"there are: {', '.join(ALL)}; not {', '.join(sorted(unknown))}")
        return 1
    options = [option for option in sys.argv[1:] if option.startswith("-")]
    failed = 0
    for name in wanted:
        print(f"\n── {name} " + "─" * (70 - len(name)), flush=True)
        failed += subprocess.call([sys.executable, "-m", f"bench.{name}", *options], cwd=HOME.parent) != 0
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
