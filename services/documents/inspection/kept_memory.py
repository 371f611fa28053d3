"""What a worker process frees it keeps: a picture's arrays come and go by the megabyte, and each page that the system
gives anew has to be cleared and mapped first, which is a tenth of a check's time."""

import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt, in malloc.h
_KEPT = 32 * 1024 * 1024
_LARGEST = 8 * 1024 * 1024  # larger pieces are given back at once, as those of a picture of 12 megapixels


@cache
def keep_freed_memory() -> None:
    """For the rest of the process. Without effect where the C library is not glibc."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_TRIM_THRESHOLD, _KEPT)
        set_option(_MMAP_THRESHOLD, _LARGEST)
