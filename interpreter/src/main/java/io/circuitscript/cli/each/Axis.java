package io.circuitscript.cli.each;

import io.circuitscript.runtime.evaluate.ParameterText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@code --each}: a {@code param} of the script and the values that it takes.
 *
 * @param texts the values as {@code -D} gives them to the script
 */
record Axis(String name, List<Value> values, List<String> texts) {
    Axis {
        values = List.copyOf(values);
        texts = List.copyOf(texts);
    }

    /**
     * @param word as it was typed, {@code n=[10, 20]}
     * @param script the statements of the script
     */
    static Axis of(String word, List<Statement> script) {
        int equals = word.indexOf('=');
        if (equals <= 0)
            throw new WrongGrid("--each needs NAME=LIST, not '" + word + "'", "as in: --each 'n=[10, 20, 40]'");
        String name = word.substring(0, equals).strip();
        String text = word.substring(equals + 1).strip();
        if (!(ParameterText.value(text) instanceof Value.ListOf(List<Value> values)))
            throw new WrongGrid(
                    "--each " + name + " needs a list or a range, and gets " + (text.isEmpty() ? "nothing" : text),
                    "as in: --each '" + name + "=[10, 20, 40]', --each " + name + "=1..5 or --each '" + name
                            + "=[\"a\", \"b\"]'");
        if (values.isEmpty())
            throw new WrongGrid("--each " + name + " has an empty list, so there is nothing to run", "");
        boolean takesText = takesText(name, script);
        List<String> texts =
                values.stream().map(value -> text(value, takesText)).toList();
        Map<String, Value> seen = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            if (seen.put(texts.get(i), values.get(i)) != null)
                throw new WrongGrid(
                        "--each " + name + " has " + values.get(i).repr() + " twice", "each value is run once");
        }
        // The script gets texts, and so the table has them.
        List<Value> given =
                takesText ? texts.stream().<Value>map(Value.Text::new).toList() : values;
        return new Axis(name, given, texts);
    }

    /** Whether the script's own value is a text: then what the command line gives is taken as it is. */
    private static boolean takesText(String name, List<Statement> script) {
        return script.stream()
                .anyMatch(it -> it instanceof Statement.Param param
                        && param.name().text().equals(name)
                        && param.value() instanceof Expression.StringLiteral);
    }

    private static String text(Value value, boolean takesText) {
        if (!(value instanceof Value.Text(String text))) return value.repr();
        if (takesText) return text;
        // Of another kind of param, or one of an imported script: quotes only where the bare word would be something
        // else.
        return ParameterText.value(text).equals(value) ? text : value.repr();
    }

    /** The names in front of the equals signs. */
    static List<String> names(List<String> words) {
        List<String> names = new ArrayList<>();
        for (String word : words)
            names.add(word.contains("=") ? word.substring(0, word.indexOf('=')).strip() : word);
        return names;
    }
}
