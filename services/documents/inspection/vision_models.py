"""The small models that look at a portrait: loaded once in each process, one thread each, no network."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

try:
    from ai_edge_litert.interpreter import Interpreter
except (ImportError, OSError):  # no wheel for this machine, or its library does not load
    Interpreter = None

Tensor = NDArray[np.float32]

MODELS = Path(__file__).parent / "models"


class Model(Protocol):
    """Takes one picture as (1, height, width, 3) and gives its outputs in the order of their names below."""

    def __call__(self, picture: Tensor, /) -> tuple[Tensor, ...]: ...


class VisionModels(NamedTuple):
    near_faces: Model
    far_faces: Model
    landmarks: Model
    person: Model


@cache
def load_vision_models(folder: Path = MODELS) -> VisionModels | None:
    """None when they cannot run here: what they would have checked goes to a person."""
    if Interpreter is None:
        return None
    try:
        with _quiet_native_code():
            return VisionModels(
                near_faces=_LiteModel(folder / "face_detection_short_range.tflite"),
                far_faces=_LiteModel(folder / "face_detection_full_range.tflite"),
                landmarks=_LiteModel(folder / "face_landmark.tflite"),
                person=_LiteModel(folder / "selfie_segmentation.tflite"),
            )
    except (ValueError, RuntimeError, OSError):  # missing or damaged file
        return None


@contextmanager
def _quiet_native_code() -> Iterator[None]:
    """The library writes a line of its own to standard error, where our logs are JSON and nothing else."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


class _LiteModel:
    def __init__(self, path: Path) -> None:
        self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = [output["index"] for output in self._interpreter.get_output_details()]

    def __call__(self, picture: Tensor) -> tuple[Tensor, ...]:
        self._interpreter.set_tensor(self._input, picture)
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(output) for output in self._outputs)
