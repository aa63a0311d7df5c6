package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.circuits.SizeSweep;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.List;

/** A sweep by the values of a column: the areas of each group, and its points. */
final class SweepGroups {
    /** The points of all groups, a row each: a chart draws them by group. */
    static final String POINTS = "group_points";

    static final String[] FIELDS = {
        Groups.GROUP, "examples", "baseline", "corrupted", "cpr", "cmd", "cpr_interval", "cmd_interval"
    };

    static final String[] POINT_FIELDS = {
        Groups.GROUP, "examples", "size", "fraction", "abs", "metric", "faithfulness", "faithfulness_interval"
    };

    /** Without areas a terminal shows the faithfulness at so many sizes. */
    private static final int MOST_SIZES = 6;

    private SweepGroups() {}

    static void put(ResultFields result, Groups groups, SweepSizes.Swept swept) {
        List<Value> points = new ArrayList<>();
        groups.put(result, (group, fields) -> {
            SweepSizes.Swept theirs = swept.over(group.examples());
            for (int i = 0; i < theirs.points().size(); i++) points.add(point(group, theirs, i));
            return theirs.putAreas(fields.put("baseline", theirs.reference().modelMean())
                    .put("corrupted", theirs.reference().emptyMean()));
        });
        result.put(POINTS, new Value.ListOf(points));
    }

    private static Value point(Groups.Group group, SweepSizes.Swept swept, int at) {
        SizeSweep.Point point = swept.points().get(at);
        boolean differs = swept.reference().differs();
        return ResultFields.entry()
                .put(Groups.GROUP, group.value())
                .put("examples", group.examples().length)
                .put("size", point.size())
                .put("fraction", swept.size(at).fraction())
                .put("abs", point.absolute())
                .put("metric", Means.of(point.values()))
                .put(
                        "faithfulness",
                        differs ? new Value.Number(swept.reference().faithfulness(point.values())) : new Value.None())
                .put(
                        "faithfulness_interval",
                        FaithfulnessReference.shown(
                                differs ? swept.draws().faithfulness(at) : java.util.Optional.empty()))
                .done();
    }

    static List<String> lines(Value.Fields result, ResultText text) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(text.table(
                ResultText.isNumber(result, "cpr")
                        ? Groups.table(
                                result,
                                Groups.MOST_ROWS,
                                it -> List.of("CPR", "CMD"),
                                (part, it) -> List.of(Groups.cell(part, "cpr"), Groups.cell(part, "cmd")))
                        : bySize(result)));
        return lines;
    }

    /** Where there are no areas: how faithful the circuits by signed scores are. */
    private static ResultTable bySize(Value.Fields result) {
        List<Value.Fields> whole = ResultTable.entries(result, "points");
        List<Value.Fields> points = ResultTable.entries(result, POINTS);
        int half = whole.size() / 2;
        int shown = Math.min(half, MOST_SIZES);
        List<String> headings = new ArrayList<>(List.of(ResultText.text(result, Groups.PER), "examples"));
        for (int i = 0; i < shown; i++) headings.add("at " + ResultTable.cell(whole.get(i), "size"));
        List<List<String>> rows = new ArrayList<>();
        List<String> names = Groups.names(result);
        for (int from = 0; from < points.size() && rows.size() < Groups.MOST_ROWS; from += whole.size()) {
            Value.Fields first = points.get(from);
            rows.add(row(
                    names.get(rows.size()), ResultTable.cell(first, "examples"), points.subList(from, from + shown)));
        }
        if (names.size() > rows.size()) rows.add(Groups.more(names.size() - rows.size(), headings.size()));
        rows.add(row("all", ResultTable.cell(result, "examples"), whole.subList(0, shown)));
        return new ResultTable(headings, rows, rows.size());
    }

    private static List<String> row(String name, String examples, List<Value.Fields> points) {
        List<String> row = new ArrayList<>(List.of(name, examples));
        points.forEach(
                it -> row.add(ResultText.isNumber(it, "faithfulness") ? ResultTable.cell(it, "faithfulness") : "–"));
        return row;
    }
}
