"""Build sdist and wheel, and find every file of the packages in the wheel.

Run by `make package`; not a pytest file, since it builds in a network-isolated way that takes half a minute.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("cli", "compiler", "forms", "machines", "runtime", "studies", "theory", "verifier")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--outdir", folder, str(ROOT)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = Path(folder).glob("*.whl")
        names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True)
    expected = {f"triquetra/{name}" for name in tracked.stdout.split()}
    expected |= {f"triquetra/{name}" for name in ("__init__.py", "api.py", "testing.py", "py.typed")}
    missing = sorted(expected - names)
    for name in missing:
        print(f"not in the wheel: {name}")
    print(f"{wheel.name}: {len(expected) - len(missing)} of {len(expected)} files found")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
