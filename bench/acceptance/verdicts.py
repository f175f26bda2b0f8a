"""PASS and FAIL lines, and the exit status they come to."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdicts:
    """What was claimed, and whether it held."""

    failed: list[str] = field(default_factory=list)
    passed: int = 0

    def claim(self, held: bool, what: str) -> bool:
        print(f"{'PASS' if held else 'FAIL'}  {what}", flush=True)
        if held:
            self.passed += 1
        else:
            self.failed.append(what)
        return held

    def status(self) -> int:
        print(f"{self.passed} passed, {len(self.failed)} failed")
        return 1 if self.failed else 0
