package io.circuitscript.runtime.value;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** How a result is shown to a person: as a few lines, and as a table where it has rows. */
public interface ResultView {
    /** Of what has no better form: its fields, one after the other. */
    ResultView FIELDS = (result, text) -> List.of(ResultText.fields(result));

    List<String> lines(Value.Fields result, ResultText text);

    /** @param most how many rows are wanted */
    default Optional<ResultTable> table(Value.Fields result, int most) {
        return Optional.empty();
    }

    /** A table, and nothing else. */
    static ResultView ofTable(BiFunction<Value.Fields, Integer, ResultTable> table) {
        return ofTable(table, (result, text) -> text.table(table.apply(result, Integer.MAX_VALUE)));
    }

    /** @param lines what a terminal shows, the table among it */
    static ResultView ofTable(BiFunction<Value.Fields, Integer, ResultTable> table, ResultView lines) {
        return new ResultView() {
            @Override
            public List<String> lines(Value.Fields result, ResultText text) {
                return lines.lines(result, text);
            }

            @Override
            public Optional<ResultTable> table(Value.Fields result, int most) {
                return Optional.of(table.apply(result, most));
            }
        };
    }
}
