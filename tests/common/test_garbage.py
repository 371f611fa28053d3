"""A server looks for garbage among what came since it began to answer, and nowhere else."""

import subprocess
import sys

SERVE = """
import gc, os, signal, threading
from fastapi import FastAPI
from services.commands.serve import serve_app

def look():
    print(len(gc.get_objects()), gc.get_freeze_count(), flush=True)
    os.kill(os.getpid(), signal.SIGINT)

def announce():
    threading.Timer(0.2, look).start()
    return "up"

raise SystemExit(serve_app(FastAPI, host="127.0.0.1", port=0, announce=announce))
"""


def test_what_is_there_before_the_first_request_is_not_looked_through_again():
    served = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True, timeout=60)
    watched, kept = map(int, served.stdout.splitlines()[-1].split())
    assert watched < kept / 20
