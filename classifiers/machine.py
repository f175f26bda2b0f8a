"""What this machine can do: how many cores we may use, and whether it multiplies in bf16."""

import os
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

BF16: Final = "bf16"
FP32: Final = "fp32"
_NATIVE_BF16: Final = frozenset({"avx512_bf16", "amx_bf16"})
_CPU_INFO: Final = Path("/proc/cpuinfo")
_CGROUP: Final = Path("/sys/fs/cgroup")


def precision_of(cpu_flags: AbstractSet[str]) -> str:
    """Choose bf16 where the CPU has instructions for it; elsewhere it would be slower than fp32."""
    return BF16 if cpu_flags & _NATIVE_BF16 else FP32


def cpu_flags(cpu_info: Path = _CPU_INFO) -> frozenset[str]:
    """Read what Linux says that the CPU can do; nothing where there is no Linux, or no x86."""
    try:
        lines = cpu_info.read_text("utf-8", "replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())


def cores(cgroup: Path = _CGROUP) -> int:
    """Count the cores that this process may use: its affinity, and the quota of its container."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, _quota(cgroup) or allowed))


def _quota(cgroup: Path) -> int | None:
    """Give whole cores, rounded up; None where there is no quota."""
    try:
        quota, period = (cgroup / "cpu.max").read_text("ascii").split()
        return -(-int(quota) // int(period))
    except (OSError, ValueError):  # no cgroup of version 2, or "max"
        return None
