package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.circuits.CircuitTests;
import io.circuitscript.analysis.circuits.CircuitTests.Kind;
import io.circuitscript.analysis.statistics.EquivalenceTest;
import io.circuitscript.analysis.statistics.IndependenceTest;
import io.circuitscript.analysis.statistics.QuantileTest;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What the tests of a circuit come to: a verdict each, and a note that says what was counted, and what the test can say with so few rows or random
 * circuits.
 */
record TestVerdicts(
        CircuitTests tests, CircuitTests.Settings settings, CircuitTests.Subject subject, Metric metric, double alpha) {
    private static final String PASSES = "passes";
    private static final String FAILS = "fails";
    private static final String NOT_TESTED = "not tested";

    /** With so few rows, not being rejected says little. */
    private static final int FEW_ROWS = 50;

    /** A note names no more edges. */
    private static final int MOST_NAMED = 5;

    /** What is right about a test that finds a real difference this often. */
    private static final double USUAL_POWER = 0.8;

    private static final int MOST_ROWS_FOR_POWER = 2_000;

    Value result() {
        List<Value> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (settings.kinds().contains(kind)) rows.add(row(kind));
        }
        long passed = rows.stream()
                .filter(it -> ResultText.text((Value.Fields) it, "verdict").equals(PASSES))
                .count();
        ResultFields result = ResultFields.of("test-circuit")
                .put("tests", new Value.ListOf(rows))
                .put("passed", passed)
                .put("edges", subject.circuit().edgeCount())
                .put("examples", subject.model().length)
                .put("alpha", alpha)
                .put("edge_tests", edgeTests())
                .put(
                        "random_effects",
                        tests.minimality().map(CircuitTests.Minimality::random).orElse(new double[0]));
        put(result, "distance", "random_distances", tests.sufficiency());
        put(result, "knockout_distance", "random_knockout_distances", tests.partialNecessity());
        double[] sizes = tests.sufficiency()
                .or(tests::partialNecessity)
                .map(it -> Arrays.stream(it.sizes()).asDoubleStream().toArray())
                .orElse(new double[0]);
        return result.put("random_sizes", sizes).done();
    }

    private static void put(
            ResultFields result, String own, String others, Optional<CircuitTests.Comparison> comparison) {
        result.put(
                        own,
                        comparison
                                .<Value>map(it -> new Value.Number(it.distance()))
                                .orElse(new Value.None()))
                .put(others, comparison.map(CircuitTests.Comparison::random).orElse(new double[0]));
    }

    private Value edgeTests() {
        List<Value> entries = new ArrayList<>();
        tests.minimality().ifPresent(it -> {
            for (int i = 0; i < it.edges().length; i++)
                entries.add(ResultFields.entry()
                        .put("edge", subject.circuit().graph().edgeName(it.edges()[i]))
                        .put("effect", it.effects()[i])
                        .put("share", it.share(i))
                        .put("p_value", it.pValue(i))
                        .done());
        });
        return new Value.ListOf(entries);
    }

    private Value row(Kind kind) {
        return switch (kind) {
            case EQUIVALENCE ->
                tests.equivalence().map(this::equivalence).orElseGet(() -> untested(kind, whyNoEquivalence()));
            case INDEPENDENCE ->
                tests.independence().map(this::independence).orElseGet(() -> untested(kind, whyNoIndependence()));
            case MINIMALITY ->
                tests.minimality().map(this::minimality).orElseGet(() -> untested(kind, whyNoMinimality()));
            case SUFFICIENCY, PARTIAL_NECESSITY ->
                (kind == Kind.SUFFICIENCY ? tests.sufficiency() : tests.partialNecessity())
                        .map(it -> comparison(kind, it))
                        .orElseGet(() -> untested(
                                kind, "the circuit is the whole model, and so is any random circuit of its size"));
        };
    }

    private String nullOf(Kind kind) {
        String quantile = RoundedText.of(settings.quantile());
        return switch (kind) {
            case EQUIVALENCE -> "|P(circuit better than model) − 1/2| < " + RoundedText.of(settings.epsilon());
            case INDEPENDENCE -> "model without circuit independent of model";
            case MINIMALITY -> "each edge: P(does more than a random edge) ≥ " + quantile;
            case SUFFICIENCY -> "P(nearer to model than a random circuit) ≤ " + quantile;
            case PARTIAL_NECESSITY -> "P(knockout does more than a random one) ≤ " + quantile;
        };
    }

    private Value entry(Kind kind, Value statistic, Value pValue, String verdict, String note) {
        return ResultFields.entry()
                .put("test", TestCircuit.word(kind))
                .put("null", nullOf(kind))
                .put("statistic", statistic)
                .put("p_value", pValue)
                .put("verdict", verdict)
                .put("note", note)
                .done();
    }

    private Value untested(Kind kind, String why) {
        return entry(kind, new Value.None(), new Value.None(), NOT_TESTED, why);
    }

    private Value entry(Kind kind, double statistic, double pValue, boolean passesIfRejected, String note) {
        boolean passes = passesIfRejected == pValue <= alpha;
        return entry(kind, new Value.Number(statistic), new Value.Number(pValue), passes ? PASSES : FAILS, note);
    }

    private Value equivalence(EquivalenceTest test) {
        int n = test.compared();
        if (n == 0)
            return entry(
                    Kind.EQUIVALENCE,
                    new Value.None(),
                    new Value.Number(1),
                    PASSES,
                    "the circuit's metric is the model's on every row");
        int ties = subject.model().length - n;
        String counted = "the circuit is better on " + of(test.better(), n, "row")
                + (ties > 0 ? " (" + ties + " more with equal metrics not counted)" : "");
        OptionalInt enough = EquivalenceTest.enough(n, settings.epsilon(), alpha);
        if (enough.isEmpty())
            return entry(
                    Kind.EQUIVALENCE,
                    test.share(),
                    test.pValue(),
                    false,
                    counted + "; cannot fail with fewer than "
                            + EquivalenceTest.examplesNeeded(settings.epsilon(), alpha) + " rows");
        String rejected = "; fails at " + (n - enough.getAsInt()) + " or fewer, or " + enough.getAsInt() + " or more";
        String weak = test.pValue() > alpha ? power(n, enough.getAsInt()) : "";
        return entry(Kind.EQUIVALENCE, test.share(), test.pValue(), false, counted + rejected + weak);
    }

    /** Where a circuit that is clearly better, or worse, would often pass: how often, and how many rows would be enough. */
    private String power(int rows, int enough) {
        double clear = (1.5 + settings.epsilon()) / 2;
        double power = EquivalenceTest.power(rows, enough, clear);
        if (power >= USUAL_POWER) return "";
        String now = "; a circuit that is better on " + percent(clear)
                + " of all rows would fail only with probability " + RoundedText.of(Math.round(power * 100) / 100.0);
        for (int more = rows + 1; more <= MOST_ROWS_FOR_POWER; more++) {
            OptionalInt needed = EquivalenceTest.enough(more, settings.epsilon(), alpha);
            if (needed.isPresent() && EquivalenceTest.power(more, needed.getAsInt(), clear) >= USUAL_POWER)
                return now + ", and with " + more + " rows " + USUAL_POWER;
        }
        return now;
    }

    private String whyNoEquivalence() {
        return metric.name() + " compares with the model itself, which no circuit can be better than";
    }

    private Value independence(IndependenceTest test) {
        int rows = Math.min(subject.model().length, CircuitTests.MOST_EXAMPLES_OF_INDEPENDENCE);
        double smallest = IndependenceTest.smallestPValue(rows, test.permutations());
        String counted = of(test.asLarge(), test.permutations(), "permutation") + " as dependent"
                + (rows < subject.model().length ? ", of " + rows + " rows by chance" : "");
        String few = smallest > alpha
                ? "; cannot fail with so few " + (rows < 8 ? "rows" : "permutations") + ": the smallest p-value is "
                        + RoundedText.of(smallest)
                : rows < FEW_ROWS && test.pValue() > alpha ? "; passes easily with " + rows + " rows" : "";
        return entry(Kind.INDEPENDENCE, test.hsic(), test.pValue(), false, counted + few);
    }

    private String whyNoIndependence() {
        if (subject.model().length < 2) return "one row shows no dependence: at least 2 are needed";
        return "the metric is the same on every row, with the circuit knocked out or in the model itself";
    }

    private Value minimality(CircuitTests.Minimality test) {
        int edges = test.edges().length;
        List<String> useless = IntStream.range(0, edges)
                .filter(i -> test.pValue(i) <= alpha)
                .mapToObj(i -> subject.circuit().graph().edgeName(test.edges()[i]))
                .toList();
        String named = String.join(", ", useless.subList(0, Math.min(MOST_NAMED, useless.size())))
                + (useless.size() > MOST_NAMED ? ", …" : "");
        double share = IntStream.range(0, edges).mapToDouble(test::share).min().orElseThrow();
        int count = settings.count();
        OptionalInt tooFew = QuantileTest.tooFew(count, settings.quantile(), alpha / edges);
        String rule = tooFew.isPresent()
                ? "; an edge fails if it does more than at most " + tooFew.getAsInt() + " of "
                        + ResultText.grouped(count) + " random edges"
                : "; cannot fail with so few random edges: count="
                        + QuantileTest.drawsNeeded(settings.quantile(), alpha / edges, false) + " is needed";
        String counted = of(useless.size(), edges, "edge") + (useless.size() == 1 ? " does" : " do") + " too little"
                + (useless.isEmpty() ? "" : ": " + named);
        return entry(Kind.MINIMALITY, share, test.pValue(), false, counted + rule);
    }

    private String whyNoMinimality() {
        return subject.isWholeModel()
                ? "the circuit is the whole model: there is no edge to add"
                : "random paths add no edge to the circuit";
    }

    private Value comparison(Kind kind, CircuitTests.Comparison comparison) {
        QuantileTest test = comparison.test();
        String better = kind == Kind.SUFFICIENCY ? "nearer to the model than " : "its knockout does more than that of ";
        String counted = better + of(test.beaten(), test.count(), "random circuit");
        OptionalInt enough = QuantileTest.enough(test.count(), settings.quantile(), alpha);
        String rule = enough.isPresent()
                ? "; passes at " + enough.getAsInt() + " or more"
                : "; cannot pass with so few: count=" + QuantileTest.drawsNeeded(settings.quantile(), alpha, true)
                        + " is needed";
        int smallest = Arrays.stream(comparison.sizes()).min().orElseThrow();
        String sizes = smallest == subject.circuit().edgeCount()
                ? ""
                : "; the smallest random circuit has " + smallest + " edges";
        return entry(kind, test.share(), test.pOfBeatingMore(), true, counted + rule + sizes);
    }

    private static String of(int some, int all, String what) {
        return ResultText.grouped(some) + " of " + ResultText.counted(new Value.Number(all), what);
    }

    private static String percent(double share) {
        return RoundedText.of(Math.round(share * 1000) / 10.0) + "%";
    }

    static ResultTable table(Value.Fields result, int most) {
        return ResultTable.of(
                List.of("test", "null", "statistic", "p-value", "verdict"),
                ResultTable.entries(result, "tests"),
                most,
                it -> List.of(
                        ResultTable.cell(it, "test"),
                        ResultTable.cell(it, "null"),
                        cell(it, "statistic"),
                        cell(it, "p_value"),
                        ResultTable.cell(it, "verdict")));
    }

    private static String cell(Value.Fields entry, String field) {
        return ResultText.isNumber(entry, field) ? ResultTable.cell(entry, field) : "–";
    }

    static List<String> lines(Value.Fields result, ResultText text) {
        List<Value.Fields> tests = ResultTable.entries(result, "tests");
        List<String> lines = new ArrayList<>(text.table(table(result, Integer.MAX_VALUE)));
        for (Value.Fields test : tests) lines.add(ResultText.text(test, "test") + ": " + ResultText.text(test, "note"));
        long untested = tests.stream()
                .filter(it -> ResultText.text(it, "verdict").equals(NOT_TESTED))
                .count();
        lines.add(text.prominent(ResultText.grouped(ResultText.number(result, "passed")) + " of "
                        + ResultText.counted(new Value.Number(tests.size()), "test") + " passed")
                + (untested > 0 ? ", " + untested + " not tested" : "") + ": "
                + ResultText.counted(result, "edges", "edge") + ", "
                + ResultText.counted(result, "examples", "row") + ", alpha " + ResultText.text(result, "alpha"));
        return lines;
    }
}
