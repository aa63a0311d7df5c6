package io.circuitscript.editor.feature;

import io.circuitscript.assist.NodeText;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.editor.document.Markdown;
import io.circuitscript.editor.names.Occurrence;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.metric.MetricSource;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.metric.TaskSource;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.FieldAccess;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What there is to say of variables, nodes, edges, circuits and files, as Markdown. */
record Described(SessionKnowledge known) {
    private static final int SHOWN_CHARACTERS = 300;
    private static final int SHOWN_LINES = 12;

    Optional<String> name(Occurrence name, Optional<Occurrence> definition) {
        String word = name.symbol().name();
        Optional<String> text = definition.flatMap(Occurrence::definition).flatMap(Described::text);
        return switch (name.symbol().space()) {
            case VARIABLE -> variable(word, definition);
            case COLUMN -> Optional.of("`" + word + "`: a column of the data");
            case CIRCUIT ->
                Optional.of(
                        "circuit `" + word + "`" + text.map(it -> "\n\n" + it).orElse(""));
            case METRIC ->
                text.or(() -> Optional.ofNullable(
                                StandardLibrary.get().metrics().get(word))
                        .map(MetricSource::definition)
                        .map(it -> "A metric of the standard library.\n\n"
                                + Markdown.script(it.span().text())));
            case TASK ->
                text.or(() -> Optional.ofNullable(StandardLibrary.get().tasks().get(word))
                        .map(TaskSource::definition)
                        .map(it -> "A task of the standard library.\n\n"
                                + Markdown.script(beginning(it.span().text()))));
        };
    }

    private Optional<String> variable(String word, Optional<Occurrence> definition) {
        Optional<Occurrence.Definition> of = definition.flatMap(Occurrence::definition);
        boolean function =
                of.filter(it -> it.form() == Occurrence.Form.FUNCTION).isPresent();
        if (function) return of.flatMap(Described::text);
        String what = of.map(it -> switch (it.form()) {
                    case PARAM -> "\n\nA value that the command line can replace: `-D " + word + "=…`.";
                    case PARAMETER -> "\n\nA parameter of the function.";
                    case LOOP -> "\n\nThe variable of a loop.";
                    default -> "";
                })
                .orElse("");
        AbstractValue value = known.variables().get(word);
        if (value == null) return of.flatMap(Described::text).map(it -> it + what);
        return Optional.of(value(word, value) + what);
    }

    /** What gives a name its meaning, as the script has it, with the comment above. */
    private static Optional<String> text(Occurrence.Definition definition) {
        Span span = definition.whole();
        String comment = comment(span);
        String text = Markdown.script(beginning(span.text()));
        return Optional.of(comment.isEmpty() ? text : text + "\n" + comment);
    }

    private static String beginning(String text) {
        List<String> lines = text.lines().toList();
        String shown = lines.stream().limit(SHOWN_LINES).collect(Collectors.joining("\n"));
        return lines.size() > SHOWN_LINES ? shown + "\n# …" : shown;
    }

    /** The lines of comment right above a definition. */
    private static String comment(Span definition) {
        Source source = definition.source();
        List<String> lines = new ArrayList<>();
        for (int line = definition.line() - 1; line > 0; line--) {
            String text = source.lineText(line).strip();
            if (!text.startsWith("#")) break;
            lines.addFirst(text.replaceFirst("^#+ ?", ""));
        }
        return Markdown.plain(String.join("\n", lines));
    }

    /** A value as far as the check knows it. */
    static String value(String name, AbstractValue value) {
        return switch (value) {
            case Value.Function(var def) -> Markdown.script(beginning(def.span().text()));
            case Value known ->
                Markdown.script(name + " = " + cut(ValuePreview.of(known, SHOWN_CHARACTERS)))
                        + Markdown.plain(known.phrase());
            case Unknown unknown -> "`" + name + "`: " + Markdown.plain(unknown.phrase()) + fields(unknown);
        };
    }

    private static String cut(String text) {
        return text.length() <= 2 * SHOWN_CHARACTERS ? text : text.substring(0, 2 * SHOWN_CHARACTERS) + "…";
    }

    private static String fields(Unknown unknown) {
        Map<String, AbstractValue> fields = unknown.item()
                .filter(Unknown.class::isInstance)
                .map(it -> (Map<String, AbstractValue>) ((Unknown) it).fields())
                .filter(it -> !it.isEmpty())
                .orElse(unknown.fields());
        if (fields.isEmpty()) return "";
        String what = unknown.fields().isEmpty() ? "Fields of its items" : "Fields";
        return "\n\n" + what + ": "
                + fields.entrySet().stream()
                        .map(it -> "`" + it.getKey() + "` (" + known(it.getValue()) + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String known(AbstractValue value) {
        return value instanceof Value.Number number ? NumberText.of(number.value()) : Markdown.plain(value.phrase());
    }

    /** @param path of the field from the variable on, as {@code .points.size} */
    static Optional<String> field(String variable, AbstractValue value, String path) {
        AbstractValue at = value;
        Source nowhere = new Source("<field>", path);
        try {
            for (String field : path.substring(1).split("\\.")) at = FieldAccess.of(at, field, new Span(nowhere, 0, 0));
        } catch (Mistake noSuchField) {
            return Optional.empty(); // the check has said so
        }
        return Optional.of(value(variable + path, at));
    }

    /** A node, or a pattern of nodes, in a model. */
    static Optional<String> node(ModelGraph graph, String word) {
        return NodeText.node(graph, word).map(it -> said(word, it));
    }

    /** Edges by their name; empty where it is more than a name. */
    static Optional<String> edges(ModelGraph graph, String text) {
        return NodeText.edges(graph, text).map(it -> said(text.strip(), it));
    }

    private static String said(String name, NodeText of) {
        return of.found() ? "`" + name + "`: " + of.text() : Markdown.plain(of.text());
    }

    static String file(Examiner.Imported file) {
        return "`" + file.key() + "`, with "
                + NumberText.count(file.file().statements().size()) + " definitions";
    }

    static Optional<String> columns(List<String> columns) {
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of("Columns: "
                        + columns.stream()
                                .map(it -> "`" + it.replace("`", "'") + "`")
                                .collect(Collectors.joining(", ")));
    }
}
