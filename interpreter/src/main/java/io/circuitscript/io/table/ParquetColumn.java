package io.circuitscript.io.table;

import java.util.Arrays;

/**
 * One column of one part of a Parquet file: for each entry two levels, and a value where there is one. The repetition level says which list the entry goes on,
 * the definition level how much of the way to the value is there.
 */
final class ParquetColumn {
    private final ParquetNode leaf;
    private final TableFault fault;
    private final ItemBudget budget;
    private final int codec;

    private byte[] repetitions = new byte[0];
    private byte[] definitions = new byte[0];
    private Object[] values = new Object[0];
    private int entries;
    private int valueCount;

    private int entry;
    private int value;

    private ParquetColumn(ParquetNode leaf, int codec, ItemBudget budget) {
        this.leaf = leaf;
        this.fault = budget.fault();
        this.budget = budget;
        this.codec = codec;
    }

    /** @param chunk the column's part of the file as the footer describes it */
    static ParquetColumn read(byte[] file, int end, ThriftStruct chunk, ParquetNode leaf, ItemBudget budget) {
        if (!chunk.text(1).isEmpty()) {
            throw budget.fault()
                    .malformed(
                            "its column " + leaf.name() + " is in another file", "write one file that has all in it");
        }
        if (chunk.has(8))
            throw budget.fault().malformed("its column " + leaf.name() + " is encrypted", "write it without");
        ThriftStruct about = chunk.struct(3);
        if (about.number(1) != leaf.type().physical())
            throw new Damaged("a column has another type than its schema says");
        long codec = about.number(4);
        ParquetCodec.check(codec, budget.fault());
        long start = about.number(9);
        long dictionary = about.number(11, 0);
        if (dictionary > 0 && dictionary < start) start = dictionary;
        if (start < 0 || start > end) throw new Damaged("a column begins outside the file");
        ParquetColumn column = new ParquetColumn(leaf, (int) codec, budget);
        column.readPages(new ByteCursor(file, (int) start, end), about.number(5));
        return column;
    }

    private void readPages(ByteCursor in, long count) {
        budget.take(Math.max(0, count));
        Object[] dictionary = null;
        while (entries < count) {
            ThriftStruct head = ThriftStruct.read(in);
            int packed = head.size(3);
            int size = head.size(2);
            ByteCursor page = in.part(packed);
            switch ((int) head.number(1)) {
                case ParquetFormat.DATA_PAGE -> readPage(head.struct(5), unpacked(page, size), count, dictionary);
                case ParquetFormat.DATA_PAGE_V2 -> readPage2(head.struct(8), page, size, count, dictionary);
                case ParquetFormat.DICTIONARY_PAGE -> {
                    int items = head.struct(7).size(1);
                    budget.take(items);
                    dictionary = new ParquetValues(leaf.type(), budget).plain(unpacked(page, size), items);
                }
                default -> {
                    // An index, which only helps to find pages.
                }
            }
        }
        if (entries != count) throw new Damaged("a column has more values than it says");
    }

    private ByteCursor unpacked(ByteCursor page, int size) {
        budget.unpack(size);
        return new ByteCursor(ParquetCodec.decompress(codec, page, size), 0, size);
    }

    private void readPage(ThriftStruct head, ByteCursor in, long most, Object[] dictionary) {
        int count = pageCount(head, most);
        checkLevels(head.number(4, ParquetFormat.RLE), leaf.repetition());
        checkLevels(head.number(3, ParquetFormat.RLE), leaf.definition());
        int[] repeated = leaf.repetition() == 0 ? null : levels(in.part(length(in)), leaf.repetition(), count);
        int[] defined = leaf.definition() == 0 ? null : levels(in.part(length(in)), leaf.definition(), count);
        add(repeated, defined, count, (int) head.number(2), in, dictionary);
    }

    private static long length(ByteCursor in) {
        return Integer.toUnsignedLong(in.int32());
    }

    /** Levels stand before what is compressed. */
    private void readPage2(ThriftStruct head, ByteCursor page, int size, long most, Object[] dictionary) {
        int count = pageCount(head, most);
        int repeatedBytes = head.size(6);
        int definedBytes = head.size(5);
        ByteCursor repeatedPart = page.part(repeatedBytes);
        ByteCursor definedPart = page.part(definedBytes);
        int[] repeated = leaf.repetition() == 0 ? null : levels(repeatedPart, leaf.repetition(), count);
        int[] defined = leaf.definition() == 0 ? null : levels(definedPart, leaf.definition(), count);
        long rest = (long) size - repeatedBytes - definedBytes;
        if (rest < 0) throw new Damaged("a page is shorter than its levels");
        // A page without a value may have nothing in it, which no decompression takes.
        boolean packed = head.truth(7, true) && rest > 0;
        add(repeated, defined, count, (int) head.number(4), packed ? unpacked(page, (int) rest) : page, dictionary);
    }

    private int pageCount(ThriftStruct head, long most) {
        int count = head.size(1);
        if (count > most - entries) throw new Damaged("a column has more values than it says");
        return count;
    }

    private void checkLevels(long encoding, int largest) {
        if (largest > 0 && encoding != ParquetFormat.RLE) {
            throw fault.malformed(
                    "the levels of column " + leaf.name() + " are written in an encoding that is no longer in use",
                    "write the file again with a recent program");
        }
    }

    private static int[] levels(ByteCursor in, int largest, int count) {
        int[] levels = ParquetLevels.read(in, ParquetLevels.width(largest), count);
        for (int level : levels) if (level < 0 || level > largest) throw new Damaged("a level is too large");
        return levels;
    }

    private void add(int[] repeated, int[] defined, int count, int encoding, ByteCursor in, Object[] dictionary) {
        int present = count;
        if (defined != null) {
            present = 0;
            for (int level : defined) if (level == leaf.definition()) present++;
        }
        Object[] more = new ParquetValues(leaf.type(), budget).read(encoding, in, present, dictionary);
        if (leaf.repetition() > 0) repetitions = grown(repetitions, repeated, count);
        if (leaf.definition() > 0) definitions = grown(definitions, defined, count);
        if (valueCount == 0) {
            values = more;
        } else {
            values = values.length < valueCount + present
                    ? Arrays.copyOf(values, Math.max(valueCount + present, values.length * 2))
                    : values;
            System.arraycopy(more, 0, values, valueCount, present);
        }
        entries += count;
        valueCount += present;
    }

    private byte[] grown(byte[] levels, int[] more, int count) {
        byte[] grown = levels.length >= entries + count
                ? levels
                : Arrays.copyOf(levels, Math.max(entries + count, 2 * levels.length));
        for (int i = 0; i < count; i++) grown[entries + i] = (byte) more[i];
        return grown;
    }

    boolean isAtEnd() {
        return entry == entries;
    }

    /** The repetition level of the entry that comes next; below 0 at the end. */
    int repetition() {
        if (entry >= entries) return -1;
        return leaf.repetition() == 0 ? 0 : repetitions[entry];
    }

    /** The definition level of the entry that comes next. */
    int definition() {
        if (entry >= entries) throw new Damaged("a column is shorter than another");
        return leaf.definition() == 0 ? 0 : definitions[entry];
    }

    /** Goes over an entry, and says what it has. */
    Object next() {
        boolean there = definition() == leaf.definition();
        entry++;
        return there ? values[value++] : null;
    }
}
