package io.circuitscript.io.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads Parquet, from the format's specification.
 *
 * <p>It is our own because of what else there is (in November 2026): Apache's parquet-hadoop comes with 18 MB of libraries besides 5 MB of Hadoop or more, and
 * believes the sizes that a file states; Hardwood (0.7 MB) only reads, in threads of its own, and needs 9 MB of native code for zstd and Snappy; DuckDB's driver
 * has 81 MB. Ours needs 0.25 MB (aircompressor, for zstd, Snappy and LZ4), and takes no memory before a limit has been asked for it.
 */
final class ParquetReader {
    private static final int TAIL = 8;

    /** Of what describes the values; it becomes many objects. */
    private static final int LONGEST_FOOTER = 16 << 20;

    private final byte[] file;
    private final ItemBudget budget;
    private List<ParquetColumn> columns = List.of();

    private ParquetReader(byte[] file, ItemBudget budget) {
        this.file = file;
        this.budget = budget;
    }

    static TableData read(byte[] file, ItemBudget budget) {
        TableFault fault = budget.fault();
        if (ParquetFormat.startsWith(file, ParquetFormat.ENCRYPTED))
            throw fault.malformed("it is encrypted", "write it without");
        if (!ParquetFormat.startsWith(file, ParquetFormat.MAGIC))
            throw fault.malformed("it does not begin with PAR1", "check that it is the right file");
        try {
            return new ParquetReader(file, budget).read();
        } catch (Damaged e) {
            throw fault.malformed(e.getMessage(), "write or copy it again");
        }
    }

    private TableData read() {
        int end = file.length - TAIL;
        boolean whole = end >= TAIL
                && Arrays.equals(
                        file, file.length - 4, file.length, ParquetFormat.MAGIC, 0, ParquetFormat.MAGIC.length);
        if (!whole) throw new Damaged("it ends too early");
        int length = new ByteCursor(file, end, file.length).int32();
        if (length < 0 || length > end - 4) throw new Damaged("its footer is longer than the file");
        if (length > LONGEST_FOOTER) throw new Damaged("its footer has " + length + " bytes");
        ThriftStruct footer = ThriftStruct.read(new ByteCursor(file, end - length, end));
        ParquetNode.Builder schema = new ParquetNode.Builder(footer.structs(2), budget);
        List<ParquetNode> nodes = schema.build();
        List<String> names = Columns.names(nodes.stream().map(ParquetNode::name).toList(), budget.fault());
        List<Object[]> rows = new ArrayList<>();
        for (ThriftStruct group : footer.structs(4)) readGroup(group, nodes, schema.leaves(), end - length, rows);
        long said = footer.number(3);
        if (said != rows.size() && !nodes.isEmpty())
            throw new Damaged("it says " + said + " rows and has " + rows.size());
        return Columns.table(names, rows, budget.fault());
    }

    private void readGroup(
            ThriftStruct group, List<ParquetNode> nodes, List<ParquetNode> leaves, int end, List<Object[]> rows) {
        List<ThriftStruct> chunks = group.structs(1);
        if (chunks.size() != leaves.size()) throw new Damaged("a part of its rows lacks columns");
        long count = group.number(3);
        if (leaves.isEmpty()) return;
        budget.take(Math.max(0, count));
        List<ParquetColumn> read = new ArrayList<>(leaves.size());
        for (int i = 0; i < leaves.size(); i++)
            read.add(ParquetColumn.read(file, end, chunks.get(i), leaves.get(i), budget));
        columns = read;
        for (long row = 0; row < count; row++) {
            Object[] cells = new Object[nodes.size()];
            for (ParquetColumn column : columns)
                if (column.repetition() != 0) throw new Damaged("a column has fewer rows than it says");
            for (int i = 0; i < cells.length; i++) cells[i] = field(nodes.get(i));
            rows.add(cells);
        }
        for (ParquetColumn column : columns)
            if (!column.isAtEnd()) throw new Damaged("a column has more rows than it says");
    }

    private Object field(ParquetNode node) {
        if (node.repeated()) return list(node, null);
        ParquetColumn first = columns.get(node.leaf());
        if (node.shape() == ParquetNode.Shape.VALUE) return first.next();
        if (first.definition() < node.definition()) {
            pass(node);
            return null;
        }
        return node.shape() == ParquetNode.Shape.LIST
                ? list(node.children().getFirst(), node.children().getFirst().itemInside())
                : record(node);
    }

    /** @param inside null where the repeated node is the item itself */
    private List<Object> list(ParquetNode repeated, ParquetNode inside) {
        ParquetColumn first = columns.get(repeated.leaf());
        List<Object> items = new ArrayList<>();
        if (first.definition() < repeated.definition()) {
            pass(repeated);
            return items;
        }
        do {
            if (inside != null) items.add(field(inside));
            else if (repeated.shape() == ParquetNode.Shape.VALUE) items.add(first.next());
            else if (repeated.shape() == ParquetNode.Shape.LIST)
                items.add(list(
                        repeated.children().getFirst(),
                        repeated.children().getFirst().itemInside()));
            else items.add(record(repeated));
        } while (first.repetition() == repeated.repetition());
        return items;
    }

    private SequencedMap<String, Object> record(ParquetNode node) {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        for (ParquetNode child : node.children()) {
            if (fields.containsKey(child.name())) throw budget.fault().duplicate(node.name() + "." + child.name());
            fields.put(child.name(), field(child));
        }
        return fields;
    }

    /** One entry in each column of a node that is not there. */
    private void pass(ParquetNode node) {
        if (node.shape() == ParquetNode.Shape.VALUE) columns.get(node.leaf()).next();
        else node.children().forEach(this::pass);
    }
}
