package io.circuitscript.io.table;

/** Small numbers in runs: either one number many times, or eight at a time in as few bits as the largest needs. */
final class ParquetLevels {
    private ParquetLevels() {}

    /** @param count how many to read; the caller has found it small enough */
    static int[] read(ByteCursor in, int width, int count) {
        if (width > 32) throw new Damaged("an index has " + width + " bits");
        int[] values = new int[count];
        if (width == 0) return values;
        int done = 0;
        while (done < count) {
            long head = in.varint();
            long length = head >>> 1;
            if ((head & 1) == 0) {
                int value = bytes(in, (width + 7) / 8);
                int until = (int) Math.min(count, done + length);
                while (done < until) values[done++] = value;
            } else {
                done = unpack(in, width, length, values, done);
            }
        }
        return values;
    }

    private static int bytes(ByteCursor in, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) value |= in.unsignedByte() << (8 * i);
        return value;
    }

    /** @param groups of eight numbers; the last of them may be cut off */
    private static int unpack(ByteCursor in, int width, long groups, int[] values, int from) {
        long length = Math.min(groups, Integer.MAX_VALUE / 64) * width;
        ByteCursor part = in.part(Math.min(length, in.left()));
        int until = (int) Math.min(values.length, from + Math.min(groups, Integer.MAX_VALUE / 64) * 8);
        long held = 0;
        int bits = 0;
        long mask = (1L << width) - 1;
        for (int i = from; i < until; i++) {
            while (bits < width) {
                held |= (long) part.unsignedByte() << bits;
                bits += 8;
            }
            values[i] = (int) (held & mask);
            held >>>= width;
            bits -= width;
        }
        return until;
    }

    /** Bits that the levels up to that one need. */
    static int width(int largest) {
        return 32 - Integer.numberOfLeadingZeros(largest);
    }
}
