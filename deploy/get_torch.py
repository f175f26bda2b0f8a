"""Installs torch's CPU build, and refuses to fetch gigabytes of CUDA by accident."""

import json
import subprocess
import sys

CUDA = ("nvidia-", "cuda-", "triton")


def main(wanted: str, index: str) -> int:
    """Install `wanted` ("torch==..."), from `index` if one is named; 1 when it would be CUDA."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--constraint", "constraints.txt"]
    if index:
        return subprocess.call([*pip, "--index-url", index, wanted])  # noqa: S603
    report = subprocess.run(  # noqa: S603
        [*pip, "--dry-run", "--report", "-", wanted], capture_output=True, text=True, check=False
    )
    if report.returncode:
        sys.stderr.write(report.stderr)
        return report.returncode
    found = [one["metadata"]["name"] for one in json.loads(report.stdout)["install"]]
    names = [name.lower().replace("_", "-") for name in found]
    if any(name.startswith(CUDA) for name in names):
        sys.stderr.write(
            "Installing torch: the package index offers a build with several GB of CUDA, which\n"
            "listener does not need. Name PyTorch's public index of CPU builds:\n"
            "  make demo TORCH_INDEX=<its address>\n"
            "  docker build --build-arg TORCH_INDEX=<its address> ...\n"
        )
        return 1
    return subprocess.call([*pip, wanted])  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
