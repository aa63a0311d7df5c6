package io.circuitscript.io.table;

import java.util.Arrays;

/** The numbers of Parquet's specification. */
final class ParquetFormat {
    static final byte[] MAGIC = {'P', 'A', 'R', '1'};
    static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};

    /** Physical types. */
    static final int BOOLEAN = 0, INT32 = 1, INT64 = 2, INT96 = 3, FLOAT = 4, DOUBLE = 5, BYTES = 6, FIXED = 7;

    /** How often a field occurs. */
    static final int REQUIRED = 0, OPTIONAL = 1, REPEATED = 2;

    /** Encodings of values. */
    static final int PLAIN = 0,
            PLAIN_DICTIONARY = 2,
            RLE = 3,
            DELTA_BINARY_PACKED = 5,
            DELTA_LENGTH_BYTE_ARRAY = 6,
            DELTA_BYTE_ARRAY = 7,
            RLE_DICTIONARY = 8,
            BYTE_STREAM_SPLIT = 9;

    /** Kinds of page. */
    static final int DATA_PAGE = 0, DICTIONARY_PAGE = 2, DATA_PAGE_V2 = 3;

    /** Compression. */
    static final int UNCOMPRESSED = 0, SNAPPY = 1, GZIP = 2, LZ4_RAW = 7, ZSTD = 6;

    private ParquetFormat() {}

    /** That a file begins as a Parquet file does, whatever follows. */
    static boolean isParquet(byte[] head) {
        return startsWith(head, MAGIC) || startsWith(head, ENCRYPTED);
    }

    static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }
}
