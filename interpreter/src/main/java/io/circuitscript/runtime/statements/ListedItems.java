package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.value.ResultTable.cell;

import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.List;

/** How {@code nodes} and {@code edges} show what they list. */
final class ListedItems {
    private ListedItems() {}

    /**
     * @param what one of them
     * @param rows how many a terminal shows where nobody asked for a number of them
     * @param ordered how those that it shows are ordered, and how to see others
     * @param orderedByScore the same where there are scores
     */
    static ResultView view(String what, int rows, String ordered, String orderedByScore) {
        return ResultView.ofTable((result, most) -> table(what, result, most), (result, text) -> {
            int items = ResultText.list(result, "items").size();
            double count = ResultText.number(result, "count");
            boolean asked = items < count;
            int shown = asked ? items : Math.min(rows, items);
            ResultTable table = table(what, result, shown);
            String order = table.headings().contains("score") ? orderedByScore : ordered;
            List<String> lines = new ArrayList<>(text.table(table));
            if (shown < count)
                lines.add("… and " + ResultText.grouped(count - shown) + " more" + (asked ? "" : " (" + order + ")"));
            return lines;
        });
    }

    private static ResultTable table(String what, Value.Fields result, int most) {
        List<Value.Fields> items = ResultTable.entries(result, "items");
        boolean scored = items.stream()
                .anyMatch(item ->
                        item.field("score").map(Value.Number.class::isInstance).orElse(false));
        ResultTable shown = scored
                ? ResultTable.of(
                        List.of(what, "score", "in circuit"),
                        items,
                        most,
                        it -> List.of(cell(it, what), cell(it, "score"), inCircuit(it)))
                : ResultTable.of(
                        List.of(what, "in circuit"), items, most, it -> List.of(cell(it, what), inCircuit(it)));
        return new ResultTable(shown.headings(), shown.rows(), (int) ResultText.number(result, "count"));
    }

    private static String inCircuit(Value.Fields item) {
        return item.field("in_circuit").filter(new Value.Bool(true)::equals).isPresent() ? "yes" : "";
    }
}
