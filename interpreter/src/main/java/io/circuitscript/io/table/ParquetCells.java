package io.circuitscript.io.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Makes cells of the values that the library finds in a Parquet file. */
final class ParquetCells {
    private final ItemBudget budget;

    ParquetCells(ItemBudget budget) {
        this.budget = budget;
    }

    /** What makes the rows of a table. */
    Fields rows(GroupType schema, Consumer<Object[]> to) {
        return new Fields(schema, to);
    }

    /** What makes one cell, or item of a list. */
    private Converter cell(Type type, Consumer<Object> to) {
        if (type.isPrimitive()) return new Value(type.asPrimitiveType(), to);
        GroupType group = type.asGroupType();
        return isList(group) ? new Items(group.getType(0), to) : record(group, to);
    }

    private Converter record(GroupType group, Consumer<Object> to) {
        return new Fields(group, cells -> {
            SequencedMap<String, Object> record = new LinkedHashMap<>();
            for (int i = 0; i < cells.length; i++) record.put(group.getFieldName(i), cells[i]);
            to.accept(record);
        });
    }

    /** A group around one repeated field. */
    private static boolean isList(GroupType group) {
        LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
        boolean said = logical instanceof ListLogicalTypeAnnotation
                || logical instanceof MapLogicalTypeAnnotation
                || logical instanceof MapKeyValueTypeAnnotation;
        return said && group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    /**
     * That the items of a list are the only field of the repeated group, which is there for its level alone. Old writers have the item itself repeated; the
     * rules are those of Parquet's specification.
     */
    private static boolean isAroundItem(Type repeated) {
        if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) return false;
        if (repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)) return false;
        return !repeated.getName().equals("array") && !repeated.getName().endsWith("_tuple");
    }

    /** The fields of a row or a record. One that is not there is none; one that may occur often is a list. */
    final class Fields extends GroupConverter {
        private final GroupType group;
        private final Consumer<Object[]> to;
        private final Converter[] converters;
        private Object[] cells = new Object[0];

        private Fields(GroupType group, Consumer<Object[]> to) {
            this.group = group;
            this.to = to;
            converters = new Converter[group.getFieldCount()];
            for (int i = 0; i < converters.length; i++) {
                int field = i;
                Consumer<Object> put = isRepeated(i) ? this.new Appending(i) : cell -> cells[field] = cell;
                converters[i] = cell(group.getType(i), put);
            }
        }

        private boolean isRepeated(int field) {
            return group.getType(field).isRepetition(Type.Repetition.REPEATED);
        }

        private final class Appending implements Consumer<Object> {
            private final int field;

            Appending(int field) {
                this.field = field;
            }

            @Override
            public void accept(Object item) {
                @SuppressWarnings("unchecked")
                List<Object> items = (List<Object>) cells[field];
                items.add(item);
            }
        }

        @Override
        public Converter getConverter(int field) {
            return converters[field];
        }

        @Override
        public void start() {
            cells = new Object[converters.length];
            for (int i = 0; i < cells.length; i++) if (isRepeated(i)) cells[i] = new ArrayList<>();
        }

        @Override
        public void end() {
            to.accept(cells);
        }
    }

    private final class Items extends GroupConverter {
        private final Consumer<Object> to;
        private final Converter item;
        private List<Object> items = List.of();

        Items(Type repeated, Consumer<Object> to) {
            this.to = to;
            Consumer<Object> add = cell -> items.add(cell);
            item = isAroundItem(repeated)
                    ? new Fields(repeated.asGroupType(), cells -> add.accept(cells[0]))
                    : cell(repeated, add);
        }

        @Override
        public Converter getConverter(int field) {
            return item;
        }

        @Override
        public void start() {
            items = new ArrayList<>();
        }

        @Override
        public void end() {
            to.accept(items);
        }
    }

    private final class Value extends PrimitiveConverter {
        private final PrimitiveTypeName kind;
        private final ParquetType type;
        private final Consumer<Object> to;
        private Object[] dictionary = new Object[0];

        Value(PrimitiveType type, Consumer<Object> to) {
            this.kind = type.getPrimitiveTypeName();
            this.type = ParquetType.of(type);
            this.to = to;
        }

        private Object bytes(Binary value) {
            budget.takeText(value.length());
            return type.ofBytes(value.getBytesUnsafe());
        }

        @Override
        public boolean hasDictionarySupport() {
            return true;
        }

        @Override
        public void setDictionary(Dictionary values) {
            dictionary = new Object[values.getMaxId() + 1];
            for (int i = 0; i < dictionary.length; i++) dictionary[i] = decoded(values, i);
        }

        private Object decoded(Dictionary values, int id) {
            return switch (kind) {
                case INT32 -> type.ofInt(values.decodeToInt(id));
                case INT64 -> type.ofLong(values.decodeToLong(id));
                case FLOAT -> UnsettledCell.of((double) values.decodeToFloat(id));
                case DOUBLE -> UnsettledCell.of(values.decodeToDouble(id));
                case BOOLEAN -> values.decodeToBoolean(id);
                case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> bytes(values.decodeToBinary(id));
            };
        }

        @Override
        public void addValueFromDictionary(int id) {
            Object cell = dictionary[id];
            if (cell instanceof String text) budget.takeText(text.length());
            to.accept(cell);
        }

        @Override
        public void addBinary(Binary value) {
            to.accept(bytes(value));
        }

        @Override
        public void addBoolean(boolean value) {
            to.accept(value);
        }

        @Override
        public void addDouble(double value) {
            to.accept(UnsettledCell.of(value));
        }

        @Override
        public void addFloat(float value) {
            to.accept(UnsettledCell.of((double) value));
        }

        @Override
        public void addInt(int value) {
            to.accept(type.ofInt(value));
        }

        @Override
        public void addLong(long value) {
            to.accept(type.ofLong(value));
        }
    }
}
