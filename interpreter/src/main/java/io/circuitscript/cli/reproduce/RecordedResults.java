package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Compares two runs' results, number by number, within a tolerance. */
public final class RecordedResults {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.([0-9]+))?(?:e-?[0-9]+)?");

    /**
     * Something that is not as recorded.
     *
     * @param field within the result, as {@code faithfulness} or {@code sizes[2].edges}
     * @param by how much two numbers differ
     */
    public record Difference(
            String statement, int line, String field, String recorded, String now, OptionalDouble by) {}

    private final double relative;
    private final double absolute;
    private final double ranks;
    private final List<Difference> differences = new ArrayList<>();
    private String statement = "";
    private int line;

    public RecordedResults(JsonNode tolerance) {
        relative = tolerance.path("relative").asDouble();
        absolute = tolerance.path("absolute").asDouble();
        ranks = tolerance.path("ranks").asDouble();
    }

    public List<Difference> compare(JsonNode recorded, JsonNode now) {
        for (int i = 0; i < Math.max(recorded.size(), now.size()); i++) {
            JsonNode before = recorded.path(i);
            JsonNode after = now.path(i);
            JsonNode there = before.isMissingNode() ? after : before;
            statement = there.path("statement").asText();
            line = there.path("line").asInt();
            boolean same = before.path("statement").equals(after.path("statement"))
                    && before.path("line").equals(after.path("line"));
            if (same) value("", before.path("fields"), after.path("fields"));
            else add("", place(before), place(after), OptionalDouble.empty());
        }
        return differences;
    }

    private static String place(JsonNode result) {
        return result.isMissingNode()
                ? "no result"
                : result.path("statement").asText() + " in line "
                        + result.path("line").asInt();
    }

    private void value(String field, JsonNode before, JsonNode after) {
        // Which device it was does not count: the numbers do.
        if (statement.equals("load") && field.equals("device")) return;
        if (before.isMissingNode() && saysNothing(after)) return;
        if (before.isObject() && after.isObject()) objects(field, before, after);
        else if (before.isArray() && after.isArray()) lists(field, before, after);
        else if (before.isNumber() && after.isNumber()) numbers(field, before, after);
        else if (before.isTextual() && after.isTextual()) texts(field, before.textValue(), after.textValue());
        else if (!before.equals(after)) add(field, shown(before), shown(after), OptionalDouble.empty());
    }

    /** A field that records of older versions do not have, and that is of no use here. */
    private static boolean saysNothing(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty();
    }

    private void objects(String field, JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names)
            value(field.isEmpty() ? name : field + "." + name, before.path(name), after.path(name));
    }

    private void lists(String field, JsonNode before, JsonNode after) {
        if (before.size() != after.size()) {
            add(
                    field,
                    before.size() + " items",
                    after.size() + " items",
                    OptionalDouble.of((double) after.size() - before.size()));
            return;
        }
        for (int i = 0; i < before.size(); i++) value(field + "[" + i + "]", before.get(i), after.get(i));
    }

    private void numbers(String field, JsonNode before, JsonNode after) {
        double by = after.asDouble() - before.asDouble();
        boolean counts = before.isIntegralNumber() && after.isIntegralNumber();
        if (counts
                ? before.equals(after)
                : isNear(before.asDouble(), after.asDouble(), field.startsWith("spearman") ? ranks : 0)) return;
        add(field, shown(before), shown(after), OptionalDouble.of(by));
    }

    private boolean isNear(double before, double after, double rounding) {
        return Math.abs(after - before) <= absolute + relative * Math.max(Math.abs(before), Math.abs(after)) + rounding;
    }

    /** A text that a script printed has rounded numbers in it, of which the last digit may go either way. */
    private void texts(String field, String before, String after) {
        if (before.equals(after)) return;
        List<MatchResult> old = NUMBER.matcher(before).results().toList();
        List<MatchResult> fresh = NUMBER.matcher(after).results().toList();
        boolean near = statement.equals("print")
                && old.size() == fresh.size()
                && frame(before).equals(frame(after));
        for (int i = 0; near && i < old.size(); i++) near = isNear(old.get(i), fresh.get(i));
        if (!near) add(field, before, after, OptionalDouble.empty());
    }

    private boolean isNear(MatchResult before, MatchResult after) {
        if (before.group().equals(after.group())) return true;
        if (before.group(1) == null || after.group(1) == null) return false;
        double lastDigit = before.group().contains("e")
                ? 0
                : 1.01 * Math.pow(10, -before.group(1).length());
        return isNear(Double.parseDouble(before.group()), Double.parseDouble(after.group()), lastDigit);
    }

    private static String frame(String text) {
        return NUMBER.matcher(text).replaceAll("#").replaceAll(" +", " ");
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.isTextual() ? value.textValue() : value.toString();
    }

    private void add(String field, String before, String after, OptionalDouble by) {
        differences.add(new Difference(statement, line, field, before, after, by));
    }
}
