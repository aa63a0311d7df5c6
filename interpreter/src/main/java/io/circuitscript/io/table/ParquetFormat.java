package io.circuitscript.io.table;

import java.util.Arrays;

/** How a Parquet file begins, without the library, which takes time to load. */
final class ParquetFormat {
    static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

    private ParquetFormat() {}

    /** That a file begins as a Parquet file does, whatever follows. */
    static boolean isParquet(byte[] head) {
        return startsWith(head, MAGIC) || startsWith(head, ENCRYPTED);
    }

    static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
