"""Start the program: `cdsplan`, or `python -m cdsplan`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    gc.disable()  # a run is short and makes no rings worth finding; looking for them costs a fifth of a large plan
    from cdsplan.cli.main import run  # noqa: PLC0415 - after gc.disable(), so that imports gain too

    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking apart every object first would take 8 ms, and a tenth of a second for a large plan


if __name__ == "__main__":
    main()
