package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.WrittenMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A tiny model beside its reference numbers; what was computed once is kept for every test that asks. */
final class ReferenceRun implements AutoCloseable {
    static final RunOptions OPTIONS = RunOptions.quiet();

    private final String family;
    private final Precision precision;
    private final JsonNode expected;
    private final Map<String, Task> tasks = new HashMap<>();
    private Optional<Fixture> fixture = Optional.empty();

    ReferenceRun(String family, Precision precision) {
        this.family = family;
        this.precision = precision;
        this.expected = read(family, "expected.json");
    }

    static JsonNode read(String family, String file) {
        try {
            return new ObjectMapper()
                    .readTree(Files.readString(
                            Path.of(Fixture.resource("/fixtures/" + family).toString(), file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return family + " " + precision.name().toLowerCase(Locale.ROOT);
    }

    JsonNode expected() {
        return expected;
    }

    Fixture fixture() {
        if (fixture.isEmpty()) {
            fixture = Optional.of(new Fixture(family, precision));
            Transformer.threads(1); // a tiny model on a busy machine: two would wait for each other most of the time
        }
        return fixture.get();
    }

    Task task(String name) {
        return tasks.computeIfAbsent(name, Task::new);
    }

    /** The reference adds one to the weights of gemma2's norms in single precision. */
    private double rounding() {
        return family.equals("gemma2") ? 1e-6 : 0;
    }

    double metricBound() {
        return Math.max(rounding(), precision == Precision.FLOAT32 ? 1e-4 : 1e-9);
    }

    @Override
    public void close() {
        fixture.ifPresent(Fixture::close);
    }

    /** One task of the model's. */
    final class Task {
        private final String task;
        private final Map<String, Scores> scores = new HashMap<>();
        private Optional<Analyses> analyses = Optional.empty();
        private Optional<Analyses.Baseline> baseline = Optional.empty();
        private Optional<Ablation> mean = Optional.empty();

        private Task(String task) {
            this.task = task;
        }

        String name() {
            return ReferenceRun.this.name() + " " + task;
        }

        String family() {
            return family;
        }

        Precision precision() {
            return precision;
        }

        JsonNode expected() {
            return expected.get(task);
        }

        /** What the same programs give that the reference file does not hold. */
        JsonNode again() {
            return read(family, "levels.json").get(task);
        }

        ModelGraph graph() {
            return fixture().model.graph();
        }

        int edge(String name) {
            return fixture().edge(name);
        }

        Circuit circuit(JsonNode names) {
            return fixture().circuit(names);
        }

        Analyses analyses() {
            if (analyses.isEmpty()) analyses = Optional.of(fixture().analyses(task));
            fixture().batches.close(); // what is kept is of one task
            return analyses.get();
        }

        Analyses.Baseline baseline() {
            if (baseline.isEmpty()) baseline = Optional.of(analyses().baseline(OPTIONS));
            return baseline.get();
        }

        Ablation ablation(String name) {
            return switch (name) {
                case "patching" -> Ablation.PATCHING;
                case "zero" -> Ablation.ZERO;
                case "mean-positional" -> {
                    if (mean.isEmpty())
                        mean = Optional.of(
                                Analyses.mean(fixture().model, analyses().pairs(), true, OPTIONS));
                    yield mean.get();
                }
                default -> throw new IllegalArgumentException("the reference has something new: " + name);
            };
        }

        double[] evaluate(Circuit circuit, String ablation) {
            return analyses().evaluate(circuit, ablation(ablation), OPTIONS);
        }

        /** {@code METHOD[/STEPS][/ABLATION]}. */
        Scores scores(String method) {
            return scores.computeIfAbsent(method, it -> {
                String[] words = it.split("/");
                int steps = words.length > 1 && Character.isDigit(words[1].charAt(0)) ? Integer.parseInt(words[1]) : 0;
                Ablation with = ablation(words.length > 1 && steps == 0 ? words[1] : "patching");
                return switch (words[0]) {
                    case "information-flow-routes" -> analyses().informationFlow(OPTIONS);
                    case "exact" -> analyses().exact(with, OPTIONS);
                    default -> analyses().attribute(new Analyses.Method(path(words[0], steps)), with, OPTIONS);
                };
            });
        }

        static GradientPath path(String method, int steps) {
            return new GradientPath(
                    GradientPath.Kind.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_')), steps);
        }

        /** A part of the largest of a table. An exact score is the difference of two metrics, each of them rounded. */
        double scoreBound(String method) {
            double bound = precision == Precision.FLOAT32 ? 1e-5 : 1e-12;
            return Math.max(rounding(), method.startsWith("exact") ? 10 * bound : bound);
        }

        /** By the table's own scores: those that are computed anew differ by rounding, and cuts are narrow. */
        Circuit choose(String selection) {
            double[] values = new double[graph().edgeIndexBound()];
            expected()
                    .get("scores")
                    .get("eap-ig/5")
                    .properties()
                    .forEach(it -> values[edge(it.getKey())] = it.getValue().asDouble());
            Scores table = new Scores(graph(), values);
            String[] words = selection.split(" ");
            return switch (words[0]) {
                case "top" -> Selection.top(table, Integer.parseInt(words[1]), words[2].equals("abs=true"));
                case "greedy" -> Selection.greedy(table, Integer.parseInt(words[1]), words[2].equals("abs=true"));
                case "threshold" ->
                    Selection.threshold(table, Double.parseDouble(words[1]), words[2].equals("abs=true"));
                case "full" -> Circuit.full(graph());
                case "empty" -> Circuit.empty(graph());
                case "all" -> {
                    BitSet one = new BitSet();
                    one.set(edge(words[2]));
                    yield Circuit.full(graph()).without(one);
                }
                default -> throw new IllegalArgumentException("the reference has something new: " + selection);
            };
        }

        /** From the clean run, over the vocabulary. */
        double[] divergence(Circuit circuit) {
            Analyses plain = analyses();
            Analyses far = new Analyses(
                    plain.model(),
                    plain.pairs(),
                    WrittenMetrics.of("loss far() = kl(clean)", plain.pairs(), fixture().tokenizer),
                    plain.store());
            return far.evaluate(circuit, Ablation.PATCHING, OPTIONS);
        }

        void assertMetrics(JsonNode numbers, double[] found) {
            assertArrayEquals(
                    numbers.valueStream().mapToDouble(JsonNode::asDouble).toArray(),
                    found,
                    metricBound(),
                    () -> Arrays.toString(found));
        }
    }
}
