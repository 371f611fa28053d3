"""Large modules, read when they are needed: only what a command asks for, and while something else comes up."""

import gc
import importlib
from types import ModuleType


def import_quickly(module: str) -> ModuleType:
    """Nothing that is imported is garbage: looking for it took a sixth of the time to the first answer."""
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.enable()
