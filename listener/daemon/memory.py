"""Memory that was freed goes back to the system; glibc would keep most of it for later."""

import ctypes
import gc


def give_back() -> None:
    """Return what is free. Where the C library has no way to do that, nothing happens."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
