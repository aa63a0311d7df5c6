package io.circuitscript.io.table;

/** Whole numbers as differences from the one before, in blocks of as few bits as the largest difference needs. */
final class ParquetDeltas {
    private ParquetDeltas() {}

    /** @param most how many numbers may be there; the caller has found it small enough */
    static long[] read(ByteCursor in, int most) {
        int block = in.count();
        int parts = in.count();
        int total = in.count();
        long value = in.zigzag();
        if (total > most) throw new Damaged("a page has more values than it says");
        if (parts <= 0 || block <= 0 || block % parts != 0 || block / parts % 8 != 0 || block > 1 << 20)
            throw new Damaged("a page has blocks of " + block + " values in " + parts + " parts");
        long[] values = new long[total];
        if (total == 0) return values;
        values[0] = value;
        int done = 1;
        while (done < total) {
            long least = in.zigzag();
            int widths = in.skip(parts);
            for (int part = 0; part < parts && done < total; part++) {
                int width = in.bytes[widths + part] & 0xFF;
                if (width > 64) throw new Damaged("a difference has " + width + " bits");
                ByteCursor bits = in.part((long) width * (block / parts) / 8);
                int until = Math.min(total, done + block / parts);
                done = unpack(bits, width, least, values, done, until);
            }
        }
        return values;
    }

    private static int unpack(ByteCursor in, int width, long least, long[] values, int from, int until) {
        long held = 0;
        int bits = 0;
        for (int i = from; i < until; i++) {
            long difference = 0;
            for (int got = 0; got < width; ) {
                if (bits == 0) {
                    held = in.unsignedByte();
                    bits = 8;
                }
                int take = Math.min(bits, width - got);
                difference |= (held & ((1L << take) - 1)) << got;
                held >>>= take;
                bits -= take;
                got += take;
            }
            values[i] = values[i - 1] + least + difference;
        }
        return until;
    }
}
