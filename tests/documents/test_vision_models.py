"""The vendored models are the files that their README names, and without them nothing is accepted silently."""

import hashlib
import re
import subprocess
import sys

import numpy as np

from services.documents.inspection.face_search import find_faces
from services.documents.inspection.person_mask import person_mask
from services.documents.inspection.vision_models import MODELS, load_vision_models
from tests.documents.pictures import drawing


def test_every_model_has_the_bytes_that_the_readme_names():
    rows = re.findall(r"\| (\S+\.tflite) \|.*\| (\d+) \| ([0-9a-f]{64}) \|", (MODELS / "README.md").read_text("utf-8"))
    named = {name: (int(length), digest) for name, length, digest in rows}
    files = {path.name: path.read_bytes() for path in MODELS.glob("*.tflite")}
    assert {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()} == named


def test_models_that_are_missing_are_none_and_no_error(tmp_path):
    assert load_vision_models(tmp_path) is None


def test_models_that_are_damaged_are_none_and_no_error(tmp_path):
    for path in MODELS.glob("*.tflite"):
        (tmp_path / path.name).write_bytes(b"not a model")
    assert load_vision_models(tmp_path) is None


def test_loading_models_writes_nothing_among_the_logs():
    command = "from services.documents.inspection.vision_models import load_vision_models as l; assert l() is not None"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


def test_models_are_loaded_once_in_a_process():
    assert load_vision_models() is load_vision_models()


def test_an_upside_down_face_is_found_by_turning_the_picture():
    picture = np.ascontiguousarray(np.asarray(drawing())[::-1, ::-1])
    found = find_faces(load_vision_models(), picture, counted_from_height=0.08)
    assert (found.quarter_turns, len(found.faces)) == (2, 1)


def test_the_person_is_told_from_the_background():
    mask = person_mask(load_vision_models(), np.asarray(drawing()))
    assert (mask.shape, mask[300, 206] > 0.9, mask[10, 10] < 0.1) == ((579, 413), True, True)
