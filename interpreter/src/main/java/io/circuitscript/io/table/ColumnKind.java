package io.circuitscript.io.table;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** What all cells of a column are, as Parquet asks for it. Any cell may be none. */
sealed interface ColumnKind {
    /** No cell has told yet. */
    record Nothing() implements ColumnKind {}

    /** Numbers that are all whole. */
    record Whole() implements ColumnKind {}

    record Number() implements ColumnKind {}

    record Truth() implements ColumnKind {}

    record Text() implements ColumnKind {}

    record ListOf(ColumnKind item) implements ColumnKind {}

    /** @param row the first one that has such a record, from 1 */
    record Fields(List<Field> fields, int row) implements ColumnKind {
        List<String> names() {
            return fields.stream().map(Field::name).toList();
        }
    }

    record Field(String name, ColumnKind kind) {}

    /** How messages call it. */
    default String title() {
        return switch (this) {
            case Nothing() -> "none";
            case Whole(), Number() -> "a number";
            case Truth() -> "true or false";
            case Text() -> "a text";
            case ListOf(ColumnKind item) -> item instanceof Nothing ? "a list" : "a list with " + item.title();
            case Fields fields -> "a record with the fields " + String.join(", ", fields.names());
        };
    }

    /** Finds the kind of a column. */
    final class Finder {
        private final String column;
        private final TableFault fault;

        /** The row that the kind so far comes from. */
        private int since;

        private int row;

        Finder(String column, TableFault fault) {
            this.column = column;
            this.fault = fault;
        }

        /** @throws io.circuitscript.source.UserError where two cells are of different kinds */
        ColumnKind find(TableData table, int number) {
            ColumnKind kind = new Nothing();
            for (List<Object> cells : table.rows()) {
                row++;
                Object cell = cells.get(number);
                ColumnKind of = of(cell);
                ColumnKind both = merged(kind, of);
                if (both == null) throw fault.mixed(column, since, kind.title(), row, of.title());
                if (!both.equals(kind)) since = row;
                kind = both;
            }
            return kind;
        }

        private ColumnKind of(Object cell) {
            return switch (cell) {
                case null -> new Nothing();
                case Double number -> CellNumbers.isWhole(number) ? new Whole() : new Number();
                case Boolean truth -> new Truth();
                case String text -> new Text();
                case List<?> list -> {
                    ColumnKind item = new Nothing();
                    for (Object each : list) {
                        ColumnKind of = of(each);
                        ColumnKind both = merged(item, of);
                        if (both == null)
                            throw fault.column(column, row, "a list with " + item.title() + " and " + of.title());
                        item = both;
                    }
                    yield new ListOf(item);
                }
                case SequencedMap<?, ?> map -> {
                    if (map.isEmpty()) throw fault.column(column, row, "a record without fields");
                    List<Field> fields = new ArrayList<>();
                    map.forEach((name, value) -> fields.add(new Field((String) name, of(value))));
                    yield new Fields(List.copyOf(fields), row);
                }
                default -> throw new IllegalArgumentException("a cell of class " + cell.getClass());
            };
        }

        /** Null where nothing is both. */
        private static ColumnKind merged(ColumnKind a, ColumnKind b) {
            if (a instanceof Nothing || a.equals(b)) return b instanceof Nothing ? a : a instanceof Nothing ? b : a;
            if (b instanceof Nothing) return a;
            if (isNumber(a) && isNumber(b)) return new Number();
            if (a instanceof ListOf(ColumnKind one) && b instanceof ListOf(ColumnKind other)) {
                ColumnKind item = merged(one, other);
                return item == null ? null : new ListOf(item);
            }
            if (!(a instanceof Fields one)
                    || !(b instanceof Fields other)
                    || !one.names().equals(other.names())) return null;
            List<Field> fields = new ArrayList<>();
            for (int i = 0; i < one.fields().size(); i++) {
                Field field = one.fields().get(i);
                ColumnKind kind = merged(field.kind(), other.fields().get(i).kind());
                if (kind == null) return null;
                fields.add(new Field(field.name(), kind));
            }
            return new Fields(List.copyOf(fields), one.row());
        }

        private static boolean isNumber(ColumnKind kind) {
            return kind instanceof Whole || kind instanceof Number;
        }
    }
}
