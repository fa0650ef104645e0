"""Start the program: `cdsplan`, or `python -m cdsplan`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn


class Postponed(ModuleType):
    """Stands in for a module until something of it is asked for.

    It has a module's attributes, so that `import` takes it for one (`importlib.util.LazyLoader` would load at once:
    before Python 3.12 the statement itself asks).
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a module holds anything
        """Load the module, and be it from now on."""
        sys.modules.pop(self.__name__, None)
        module = import_module(self.__name__)
        vars(self).update(vars(module))
        return getattr(module, name)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    gc.disable()  # a run is short and makes no rings worth finding; looking for them costs a fifth of a large plan
    # click imports it, which takes a tenth of a short run, and asks it for nothing but the layout of help texts.
    sys.modules.setdefault("inspect", Postponed("inspect"))
    from cdsplan.cli.main import run  # noqa: PLC0415 - after gc.disable(), so that imports gain too

    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # what could not be written has been told, or nobody listens
            stream.flush()
    os._exit(code)  # taking apart every object first would take 8 ms, and a tenth of a second for a large plan


if __name__ == "__main__":
    main()
