"""Writes blocks.gguf, a file with a random tensor of each quantized type, and blocks.bin, the float32 numbers that llama.cpp's own package decodes them to.

    pip install gguf==0.19.0
    python tools/gguf/make_blocks.py interpreter/src/test/resources/gguf

Bits are random, so that every bit of every field counts; scales are finite 16-bit floats, subnormal ones, zeros and negative ones among them. Types
without blocks (F32, F16, BF16, F64) are in the file too.
"""

import pathlib
import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T

ROWS = 3
WIDTH = 512
# The bytes of a block at which a 16-bit float begins.
SCALES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208],
}  # fmt: skip


def scale(random: np.random.Generator, count: int) -> np.ndarray:
    """16-bit floats of any sign and exponent but the largest, as two bytes each."""
    bits = random.integers(0, 0x7C00, count, dtype=np.uint16) | random.integers(0, 2, count, dtype=np.uint16) << 15
    bits[random.random(count) < 0.1] = 0
    return bits.view(np.uint8).reshape(count, 2)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    random = np.random.default_rng(23)
    writer = gguf.GGUFWriter(folder / "blocks.gguf", "none")
    expected = []
    for kind, places in SCALES.items():
        block, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = random.integers(0, 256, (ROWS * WIDTH // block, size), dtype=np.uint8)
        for place in places:
            blocks[:, place : place + 2] = scale(random, len(blocks))
        rows = blocks.reshape(ROWS, WIDTH // block * size)
        writer.add_tensor(kind.name, rows, raw_dtype=kind)
        expected.append(gguf.dequantize(rows, kind))
    plain = random.standard_normal((ROWS, 5))
    writer.add_tensor("F64", plain)
    writer.add_tensor("F32", plain.astype(np.float32))
    writer.add_tensor("F16", plain.astype(np.float16))
    writer.add_tensor("BF16", gguf.quantize(plain.astype(np.float32), T.BF16), raw_dtype=T.BF16)
    expected += [plain.astype(np.float32), plain.astype(np.float32), plain.astype(np.float16).astype(np.float32)]
    expected.append(gguf.dequantize(gguf.quantize(plain.astype(np.float32), T.BF16), T.BF16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert all(np.isfinite(numbers).all() and numbers.dtype == np.float32 for numbers in expected)
    (folder / "blocks.bin").write_bytes(b"".join(numbers.tobytes() for numbers in expected))


if __name__ == "__main__":
    main()
