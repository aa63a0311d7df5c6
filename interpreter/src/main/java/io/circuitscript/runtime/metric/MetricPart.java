package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Formula;
import java.util.List;

/** What a part of a metric's expression evaluates to. */
sealed interface MetricPart {
    /** Of which nothing is known before a run. */
    MetricPart UNSURE = new Unsure();

    /**
     * What follows from a row alone.
     *
     * @param general what is known of it for every row
     * @param each its value for each example; empty where it is the same for all, and in the check
     */
    record OfRow(AbstractValue general, List<Value> each) implements MetricPart {
        public OfRow {
            each = List.copyOf(each);
        }

        Value at(int example) {
            return each.isEmpty() ? (Value) general : each.get(example);
        }
    }

    /**
     * What a run gives: a number or a vector for each example.
     *
     * @param open whether, in the check, what looks like a number may be a vector: a column's cells may be lists
     */
    record OfRun(Formula formula, boolean open) implements MetricPart {
        OfRun(Formula formula) {
            this(formula, false);
        }
    }

    /** Whether this may turn out to be a vector, though it does not look like one. */
    default boolean isOpen() {
        return this instanceof OfRun(Formula formula, boolean open) && open && !formula.vector();
    }

    record Unsure() implements MetricPart {}

    /** With its article, as a sentence needs it. */
    default String phrase() {
        return switch (this) {
            case OfRow row -> row.general.phrase();
            case OfRun run -> run.formula.vector() ? "a vector" : isOpen() ? "a value" : "a number";
            case Unsure _ -> "a value";
        };
    }
}
