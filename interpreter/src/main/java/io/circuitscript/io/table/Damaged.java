package io.circuitscript.io.table;

/** A Parquet file that contradicts itself; {@link ParquetReader} makes a message of it, also where the library has wrapped it. */
final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Damaged(String why) {
        super(why, null, false, false);
    }
}
