package io.circuitscript.io.table;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Compression of pages. */
final class ParquetCodec {
    private static final List<String> NAMES =
            List.of("none", "snappy", "gzip", "LZO", "Brotli", "Hadoop's LZ4", "zstd", "LZ4");

    private ParquetCodec() {}

    /** @throws io.circuitscript.source.UserError for a compression that is not known */
    static void check(long codec, TableFault fault) {
        if (codec >= 0 && codec < NAMES.size() && codec != 3 && codec != 4 && codec != 5) return;
        String name = codec >= 0 && codec < NAMES.size() ? NAMES.get((int) codec) : "a way with number " + codec;
        throw fault.malformed(
                "it is compressed by " + name,
                "write it with snappy, zstd, gzip or LZ4, as compression=\"zstd\" in pandas");
    }

    /** @param size of the result, which the caller has found small enough */
    static byte[] decompress(int codec, ByteCursor in, int size) {
        int length = in.left();
        int start = in.skip(length);
        byte[] out = new byte[size];
        int got = switch (codec) {
            case ParquetFormat.UNCOMPRESSED -> copy(in.bytes, start, length, out);
            case ParquetFormat.GZIP -> unzip(in.bytes, start, length, out);
            case ParquetFormat.SNAPPY -> unpack(new SnappyDecompressor(), in.bytes, start, length, out);
            case ParquetFormat.ZSTD -> unpack(new ZstdDecompressor(), in.bytes, start, length, out);
            default -> unpack(new Lz4Decompressor(), in.bytes, start, length, out);
        };
        if (got != size) throw new Damaged("a page has " + got + " bytes where it says " + size);
        return out;
    }

    private static int copy(byte[] in, int start, int length, byte[] out) {
        if (length != out.length) return length;
        System.arraycopy(in, start, out, 0, length);
        return length;
    }

    /** Damaged pages end these in exceptions of many classes. */
    private static int unpack(Decompressor by, byte[] in, int start, int length, byte[] out) {
        if (length == 0 && out.length == 0) return 0;
        try {
            return by.decompress(in, start, length, out, 0, out.length);
        } catch (RuntimeException e) {
            throw new Damaged("a page cannot be decompressed");
        }
    }

    private static int unzip(byte[] in, int start, int length, byte[] out) {
        try (InputStream unzip = new GZIPInputStream(new ByteArrayInputStream(in, start, length))) {
            int got = unzip.readNBytes(out, 0, out.length);
            return unzip.read() < 0 ? got : got + 1;
        } catch (IOException e) {
            throw new Damaged("a page cannot be decompressed");
        }
    }

    static byte[] snappy(byte[] bytes) {
        SnappyCompressor compressor = new SnappyCompressor();
        byte[] out = new byte[compressor.maxCompressedLength(bytes.length)];
        return Arrays.copyOf(out, compressor.compress(bytes, 0, bytes.length, out, 0, out.length));
    }
}
