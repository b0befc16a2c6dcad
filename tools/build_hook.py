"""What a wheel carries besides what is committed: style sheets, scripts and fonts from npm, compiled messages.

The files keep their places under ``node_modules``, inside the package's folder ``npm``, each npm package with its
licences; :func:`jialiang.kernel.npm_files.npm_folder` finds them there. An editable install needs none of it.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FONT_SCOPE = "@expo-google-fonts"


class CarriedFiles(BuildHookInterface):
    """Adds the files to a wheel; stops the build where one is missing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs."""
        if version == "editable":
            return
        root = Path(self.root)
        for name in carried_names(root):
            build_data["force_include"][str(root / "node_modules" / name)] = f"jialiang/npm/{name}"
        compiled = loaded(root / "tools" / "catalogues.py").compile_catalogue()
        build_data["force_include"][str(compiled)] = str(compiled.relative_to(root / "src"))


def carried_names(root: Path) -> list[str]:
    """Return the paths under ``node_modules`` of every file used and of the licences of its npm package."""
    vendor = json.loads((root / "src/jialiang/console/vendor_files.json").read_text(encoding="utf-8"))
    used = [source for served, source in vendor.items() if served != "_"]
    fonts = [f"{FONT_SCOPE}/{name}" for name in font_files(root / "src/jialiang/formats/pdf/font_files.py")]
    modules = root / "node_modules"
    missing = [name for name in [*used, *fonts] if not (modules / name).is_file()]
    if missing:
        sys.exit(f"not under node_modules (npm ci --ignore-scripts): {', '.join(missing)}")
    beside = {path for name in [*used, *fonts] for path in licences_of(modules, name)}
    return sorted({*used, *fonts, *(path.relative_to(modules).as_posix() for path in beside)})


def licences_of(modules: Path, name: str) -> list[Path]:
    """Return the licence files of the npm package that a file belongs to, and its description, which names them."""
    parts = Path(name).parts
    package = modules.joinpath(*parts[: 2 if name.startswith("@") else 1])
    named = [path for path in package.iterdir() if path.name.upper().startswith("LICEN")]
    texts = [text for path in named for text in (path.rglob("*") if path.is_dir() else [path]) if text.is_file()]
    return sorted([package / "package.json", *texts])


def font_files(module: Path) -> tuple[str, ...]:
    """Read FONT_FILES out of the source: the module itself needs the typesetter, which a build does not have."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "FONT_FILES" for t in node.targets):
            names: tuple[str, ...] = ast.literal_eval(node.value)
            return names
    sys.exit(f"{module} names no FONT_FILES")


def loaded(path: Path) -> ModuleType:
    """Import a file by its path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
