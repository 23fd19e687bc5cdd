"""What every measure of precision and recall counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things were predicted, how many are true, and how many are both. Adds up over tables."""

    matched: int = 0
    predicted: int = 0
    true: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.matched <= min(self.predicted, self.true):
            raise ValueError(f"counts that cannot be: {self}")

    @property
    def precision(self) -> float:
        """Share of the predicted that are right; 1 where none was predicted."""
        return self.matched / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the true that were found; 1 where there is none."""
        return self.matched / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, from the counts; 1 where nothing was there and nothing found."""
        both = self.predicted + self.true
        return 2 * self.matched / both if both else 1.0

    @property
    def exact(self) -> bool:
        """Every true one found and no other."""
        return self.matched == self.predicted == self.true

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.matched + other.matched, self.predicted + other.predicted, self.true + other.true)
