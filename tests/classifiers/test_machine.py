"""What is chosen for a machine, by what it says of itself."""

import os
from pathlib import Path

import pytest

from classifiers.machine import cores, cpu_flags, precision_of


@pytest.mark.parametrize(
    ("flags", "precision"),
    [
        ({"avx2", "fma"}, "fp32"),
        ({"avx2", "avx512f", "avx512bw"}, "fp32"),  # bf16 would be emulated there
        ({"avx512f", "avx512_bf16"}, "bf16"),
        ({"avx512f", "amx_bf16", "amx_tile"}, "bf16"),
        (set(), "fp32"),
    ],
)
def test_bf16_is_chosen_where_the_cpu_has_it(flags: set[str], precision: str) -> None:
    assert precision_of(flags) == precision


def test_flags_are_read_as_linux_writes_them(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(
        "processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\n\nprocessor\t: 1\nflags\t: x\n"
    )
    assert cpu_flags(file) == {"fpu", "avx2", "avx512_bf16"}


def test_where_nothing_is_told_there_are_no_flags(tmp_path: Path) -> None:
    assert cpu_flags(tmp_path / "none") == frozenset()
    (tmp_path / "arm").write_text("processor: 0\nFeatures: asimd bf16\n")
    assert cpu_flags(tmp_path / "arm") == frozenset()


@pytest.mark.parametrize(("quota", "most"), [("50000 100000", 1), ("100000 100000", 1)])
def test_no_more_cores_than_the_container_may_use(tmp_path: Path, quota: str, most: int) -> None:
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert cores(tmp_path) == most


def test_without_a_quota_all_that_the_process_may_run_on(tmp_path: Path) -> None:
    allowed = len(os.sched_getaffinity(0))
    assert cores(tmp_path) == allowed
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert cores(tmp_path) == allowed
