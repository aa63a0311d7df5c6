package io.circuitscript.io.table;

/**
 * How large a table in a file may be before reading it is given up.
 *
 * @param bytes of the file
 * @param unpacked bytes that the compressed parts of a Parquet file may take in all
 * @param items cells, with those inside lists and records; every 16 characters of a text count as one more
 * @param depth of lists and records in one another, at most {@link #DEEPEST}
 */
public record TableLimits(long bytes, long unpacked, long items, int depth) {
    public static final int DEEPEST = 200;

    /** Room for 100,000 rows of 20 columns with short texts in them, and no more than fits into 2 GB of memory. */
    public static final TableLimits DEFAULT = new TableLimits(128L << 20, 512L << 20, 4_000_000, DEEPEST);

    public TableLimits {
        if (bytes < 0 || bytes > Integer.MAX_VALUE - 16) throw new IllegalArgumentException("bytes: " + bytes);
        if (unpacked < 0 || items < 0) throw new IllegalArgumentException("below 0");
        if (depth < 0 || depth > DEEPEST) throw new IllegalArgumentException("depth: " + depth);
    }
}
