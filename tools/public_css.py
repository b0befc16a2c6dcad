"""Cut the public checker's stylesheet out of the console's: the sections that depend on nothing else.

python tools/public_css.py            write public.css
python tools/public_css.py --check    1 if public.css is not the cut
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src" / "jialiang" / "console" / "static" / "jialiang"
SECTIONS = (2, 4, 6, 7, 13, 15)
HEAD = (
    "/* The public checker: sections 2, 4, 6, 7, 13 and 15 of jialiang.css, cut by tools/public_css.py. */\n"
)


def cut(whole: str) -> str:
    """Return the sections of the public checker, without comments and indents."""
    pieces = re.split(r"^/\* (\d+) .*\*/$", whole, flags=re.MULTILINE)
    found = {int(number): body for number, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    missing = [str(number) for number in SECTIONS if number not in found]
    if missing:
        raise SystemExit(f"jialiang.css has no section {', '.join(missing)}")
    joined = "\n".join(found[number] for number in SECTIONS)
    bare = re.sub(r"/\*.*?\*/", "", joined, flags=re.DOTALL)
    return HEAD + "\n".join(line.strip() for line in bare.splitlines() if line.strip()) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check public.css."""
    wanted = cut((FOLDER / "jialiang.css").read_text(encoding="utf-8"))
    target = FOLDER / "public.css"
    if arguments == ["--check"]:
        return 0 if target.is_file() and target.read_text(encoding="utf-8") == wanted else 1
    target.write_text(wanted, encoding="utf-8")
    print(f"{target.name}: {len(wanted.encode())} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
