"""One contract for table extraction engines, ours and others'.

An engine is a function that takes a file and gives a `Reading`; `Engine` says where it is and what it needs, without
importing any of it. It may live in an environment of its own: `describe` is what a child process there answers.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from biaoge.errors import UsageError

from ..prediction import Reading

GROUP = "biaoge.engines"
"""The entry point group for engines of other packages: each gives an `Engine`, or a function without arguments that
returns one. A name that is taken by one of ours stays ours."""

Read = Callable[[Path, bool], Reading]
"""Takes a file and whether tables are joined over pages; gives what the engine makes of it.

A file that the engine cannot read raises whatever its library raises: the caller counts that as a failed reading."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A table extraction engine that can be measured.

    `target`: "module:function", or "module:function:argument" for a function that takes the argument as its third.
    `packages`: the distributions it is made of, all needed, their versions recorded. `extra`: the extra of biaoge that
    installs them, `None` where none does. `scans`: it reads pages without a text layer, and images beside PDFs.
    `absent`: "module:function" of a quick check beyond the packages (models, programs), made whether they are there or
    not, that returns the reason why the engine cannot run, or `None`; `stamp`: likewise, of a text that belongs to the
    version and that no package states.
    """

    name: str
    target: str
    packages: tuple[str, ...]
    licence: str
    note: str
    extra: str | None = None
    scans: bool = False
    absent: str | None = None
    stamp: str | None = None

    def version(self) -> str:
        """The versions of its packages here, such as `pdfplumber 0.11.10; pdfminer.six 20260107`; imports none."""
        found = [f"{name} {installed(name) or 'absent'}" for name in self.packages]
        return "; ".join([*found, *([load(self.stamp)()] if self.stamp else [])])

    def missing(self) -> str | None:
        """Why it cannot run in this environment, `None` where it can. Imports none of its packages."""
        reasons = []
        if lacking := [name for name in self.packages if installed(name) is None]:
            line = f'"biaoge[{self.extra}]"' if self.extra else f"{' '.join(lacking)} (which releases: docs/engines.md)"
            reasons.append(f"{', '.join(lacking)} not installed; pip install {line}")
        if self.absent and (reason := load(self.absent)()):
            reasons.append(reason)
        return "; and ".join(reasons) or None


def installed(package: str) -> str | None:
    """The version of a distribution in this environment; `None` where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def load(target: str) -> Callable[..., Any]:
    """The function "module:function"; of "module:function:argument", the function with its third argument given."""
    module, _, rest = target.partition(":")
    name, _, argument = rest.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return functools.partial(_with_argument, function, argument) if argument else function


def _with_argument(function: Callable[..., Any], argument: str, *given: object) -> object:
    return function(*given, argument)


def engines() -> Mapping[str, Engine]:
    """All engines by name: ours in a fixed order, then those of other packages by name."""
    from .registry import ENGINES

    found = {engine.name: engine for engine in map(_made, metadata.entry_points(group=GROUP))}
    return MappingProxyType({**ENGINES, **{name: found[name] for name in sorted(found) if name not in ENGINES}})


def _made(entry: metadata.EntryPoint) -> Engine:
    loaded = entry.load()
    engine = loaded() if callable(loaded) else loaded
    if not isinstance(engine, Engine):
        raise UsageError(f"entry point {entry.name!r} of {GROUP} gives no Engine but {type(engine).__name__}")
    return engine


def find(name: str) -> Engine:
    """The engine of that name; `folder:DIR` reads predictions made elsewhere. UsageError for an unknown name."""
    if name.startswith("folder:"):
        from .folder import engine

        return engine(name.removeprefix("folder:"))
    from .registry import ENGINES

    if name in ENGINES:  # no package of someone else's is looked into for it
        return ENGINES[name]
    known = engines()
    if name not in known:
        raise UsageError(f"no engine is called {name!r}; there are {', '.join(known)} and folder:DIR")
    return known[name]


def describe(job: dict[str, Any]) -> dict[str, Any]:
    """What a child in another environment answers about the engine `job["engine"]`: its version, what is missing."""
    engine = find(job["engine"])
    return {"engine": engine.name, "version": engine.version(), "missing": engine.missing()}
