"""One run of `bench.protect`, in a process of its own: FOLDER TABLE METHOD EFFORT."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.protect import measured

if __name__ == "__main__":
    folder, table, method, effort = sys.argv[1:]
    sys.stdout.write(json.dumps(measured(Path(folder), table, method, int(effort))) + "\n")
