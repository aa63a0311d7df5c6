package io.circuitscript.io.table;

import java.util.ArrayList;
import java.util.List;

/**
 * A field of a Parquet file's schema.
 *
 * @param optional that it may be none
 * @param repeated that it occurs any number of times: the items of a list
 * @param shape what its parts are together
 * @param definition the level from which on it is there
 * @param repetition how many lists it is in, itself counted
 * @param type null where it has children
 * @param leaf the number of its column, or of the first one in it
 */
record ParquetNode(
        String name,
        boolean optional,
        boolean repeated,
        Shape shape,
        int definition,
        int repetition,
        ParquetType type,
        int leaf,
        List<ParquetNode> children) {

    enum Shape {
        VALUE,
        RECORD,
        /** A group around one repeated child. */
        LIST
    }

    /** Levels are kept in bytes. */
    private static final int MOST_LEVELS = 120;

    /** Reads the schema, which stands as a list: each group is followed by its children. */
    static final class Builder {
        private final List<ThriftStruct> elements;
        private final ItemBudget budget;
        private final List<ParquetNode> leaves = new ArrayList<>();
        private int next;

        Builder(List<ThriftStruct> elements, ItemBudget budget) {
            this.elements = elements;
            this.budget = budget;
        }

        /** The columns. */
        List<ParquetNode> build() {
            if (elements.isEmpty()) throw new Damaged("it has no schema");
            int columns = elements.get(next++).size(5);
            List<ParquetNode> nodes = children(columns, 0, 0, 0);
            if (next != elements.size()) throw new Damaged("its schema has parts that belong to nothing");
            return nodes;
        }

        List<ParquetNode> leaves() {
            return leaves;
        }

        private List<ParquetNode> children(int count, int definition, int repetition, int depth) {
            if (count > elements.size() - next) throw new Damaged("its schema is incomplete");
            List<ParquetNode> nodes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) nodes.add(node(definition, repetition, depth));
            return List.copyOf(nodes);
        }

        private ParquetNode node(int definitionAround, int repetitionAround, int depth) {
            if (next >= elements.size()) throw new Damaged("its schema is incomplete");
            ThriftStruct element = elements.get(next++);
            long kind = element.number(3, ParquetFormat.REQUIRED);
            boolean optional = kind == ParquetFormat.OPTIONAL;
            boolean repeated = kind == ParquetFormat.REPEATED;
            int definition = definitionAround + (optional || repeated ? 1 : 0);
            int repetition = repetitionAround + (repeated ? 1 : 0);
            // Two nodes for each list.
            if (depth > 2 * budget.depth() || definition > MOST_LEVELS) throw budget.tooDeep();
            int leaf = leaves.size();
            int count = element.has(5) ? element.size(5) : 0;
            String name = element.text(4);
            if (count == 0) {
                if (!element.has(1)) throw new Damaged("its field " + name + " has no type");
                ParquetType type = ParquetType.of(element);
                ParquetNode node = new ParquetNode(
                        name, optional, repeated, Shape.VALUE, definition, repetition, type, leaf, List.of());
                leaves.add(node);
                return node;
            }
            List<ParquetNode> children = children(count, definition, repetition, depth + 1);
            Shape shape = isList(element, children) ? Shape.LIST : Shape.RECORD;
            return new ParquetNode(name, optional, repeated, shape, definition, repetition, null, leaf, children);
        }

        private static boolean isList(ThriftStruct element, List<ParquetNode> children) {
            ThriftStruct logical = element.struct(10);
            long converted = element.number(6, -1);
            boolean said = logical.has(2) || logical.has(3) || converted >= 1 && converted <= 3;
            return said && children.size() == 1 && children.getFirst().repeated();
        }
    }

    /**
     * What the items of a list are: mostly the only field of the repeated group, which is there for its level alone. Old writers have the item itself
     * repeated; the rules are those of Parquet's specification.
     *
     * @return null where the repeated node itself is the item
     */
    ParquetNode itemInside() {
        if (children.size() != 1 || children.getFirst().repeated()) return null;
        return name.equals("array") || name.endsWith("_tuple") ? null : children.getFirst();
    }
}
