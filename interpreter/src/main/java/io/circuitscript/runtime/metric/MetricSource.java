package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Visible;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A metric as a script or the standard library defines it, with the variables that its text can see.
 *
 * @param columns for a column that it names, the data's own name for it where that is another
 * @param standard whether it comes from the standard library, whose text no mistake should point at
 */
public record MetricSource(
        Statement.MetricDefinition definition, Scope scope, Map<String, String> columns, boolean standard) {
    public MetricSource {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    public static MetricSource own(Statement.MetricDefinition definition, Scope scope) {
        return new MetricSource(definition, scope.copy(), Map.of(), false);
    }

    public String name() {
        return definition.name().text();
    }

    public boolean lessIsBetter() {
        return definition.loss();
    }

    /** The data's columns that it reads. */
    public List<String> reads() {
        return definition.columns().stream()
                .map(name -> columns.getOrDefault(name.text(), name.text()))
                .toList();
    }

    /** As it is written, by the data's names for the columns. */
    public String expression() {
        var body = definition.body().span();
        int end = definition.where().isEmpty()
                ? body.end()
                : definition.where().getLast().span().end();
        String text = body.source().text(body.start(), end).replaceAll("\\s*\\R\\s*", " ");
        for (Map.Entry<String, String> renamed : columns.entrySet()) {
            text = text.replaceAll("\\b" + Pattern.quote(renamed.getKey()) + "\\b", renamed.getValue());
        }
        return text;
    }

    /** The same for data that calls columns otherwise. */
    MetricSource with(Map<String, String> otherNames) {
        return new MetricSource(definition, scope, otherNames, standard);
    }

    /** What a result shows of it. */
    public Value.Fields fields() {
        return ResultFields.of("metric")
                .put("metric", name())
                .put("expression", expression())
                .put("better", lessIsBetter() ? "less" : "more")
                .done();
    }

    /** The columns that it reads and that are not among these, in its order. */
    public List<String> missing(List<String> there) {
        List<String> missing = new ArrayList<>(reads());
        missing.removeAll(there);
        return missing;
    }

    /** @throws Mistake where data of these columns lacks one that it reads */
    public void checkColumns(List<String> there, String data, io.circuitscript.source.Span otherwise) {
        List<String> missing = missing(there);
        if (missing.isEmpty()) return;
        int at = reads().indexOf(missing.getFirst());
        var span = standard ? otherwise : definition.columns().get(at).span();
        List<String> near = io.circuitscript.source.Spelling.nearest(missing.getFirst(), there, 2);
        String help = near.isEmpty()
                ? "name a column that exists, or the file's column for it in the data statement"
                : "did you mean " + String.join(" or ", near) + "?";
        String message =
                "the metric " + name() + " reads a column " + missing.getFirst() + ", which " + data + " does not have";
        throw Mistake.value(ErrorCode.METRIC_MISSING_COLUMN, message, span, help)
                .withNotes(List.of("its columns: " + Visible.line(String.join(", ", there))));
    }
}
