"""Large modules, read when they are needed: only what a command asks for, and while something else comes up."""

import gc
import importlib
import time
from types import ModuleType

BEGAN = time.perf_counter()
"""When this command began: nothing large is imported before this module."""


def import_quickly(module: str) -> ModuleType:
    """Nothing that is imported is garbage: looking for it took a sixth of the time to the first answer."""
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
