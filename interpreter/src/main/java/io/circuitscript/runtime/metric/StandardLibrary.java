package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.files.StandardData;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The metrics and tasks that come with the program and need no definition. */
public final class StandardLibrary {
    /** Its scripts, by the names that an import takes. */
    public static final List<String> SCRIPTS = List.of("metrics", "tasks", "gpt2-greater-than", "gpt2-ioi", "planted");

    /** Those whose definitions are there without an import; the others are of one model alone. */
    private static final List<String> KNOWN = List.of("metrics", "tasks");

    private static final String FOLDER = "/io/circuitscript/stdlib/";

    private final Map<String, MetricSource> metrics = new LinkedHashMap<>();
    private final Map<String, TaskSource> tasks = new LinkedHashMap<>();

    private StandardLibrary() {
        for (String script : KNOWN) {
            for (Statement statement : parsed(script).orElseThrow().statements()) {
                switch (statement) {
                    case Statement.MetricDefinition metric ->
                        metrics.put(metric.name().text(), new MetricSource(metric, Scope.global(), Map.of(), true));
                    case Statement.TaskDefinition task ->
                        tasks.put(task.name().text(), new TaskSource(task, Optional.empty(), true));
                    default ->
                        throw new IllegalStateException(
                                "in the standard library: " + statement.span().text());
                }
            }
        }
    }

    /** Read where it is first asked for. */
    private static final class Holder {
        private static final StandardLibrary LIBRARY = new StandardLibrary();
    }

    public static StandardLibrary get() {
        return Holder.LIBRARY;
    }

    public Map<String, MetricSource> metrics() {
        return metrics;
    }

    public Map<String, TaskSource> tasks() {
        return tasks;
    }

    /** One of its scripts, as {@code metrics}; empty where it has none of that name. */
    public static Optional<Parsed> parsed(String script) {
        try (InputStream in = StandardLibrary.class.getResourceAsStream(FOLDER + script + ".circuit")) {
            if (in == null) return Optional.empty();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Parsed parsed = Parser.parse(new Source(StandardData.PREFIX + script + ".circuit", text));
            if (parsed.hasErrors())
                throw new IllegalStateException(parsed.diagnostics().toString());
            return Optional.of(parsed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
