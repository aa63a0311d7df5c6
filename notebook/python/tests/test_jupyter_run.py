"""`jupyter run`, which shows text alone."""

import subprocess
import sys


def test_outputs_stand_on_lines_of_their_own(kernelspec, tmp_path):
    script = tmp_path / "script.circuit"
    script.write_text("let half = 1 / 2\n[half, 1]\nprint half\n%cd\nhalf * 3")
    ran = subprocess.run([sys.executable, "-m", "jupyter_client.runapp", "--kernel=circuitscript", str(script)], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert [line.split("  ")[-1] for line in ran.stdout.splitlines()] == ["[0.5, 1]", "0.5", str(tmp_path), "1.5"]
