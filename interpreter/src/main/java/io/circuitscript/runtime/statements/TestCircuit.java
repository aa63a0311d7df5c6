package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.number;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.words;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.circuits.CircuitTests;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoublePredicate;

/** {@code test-circuit}: the hypothesis tests of Shi et al. 2024. */
final class TestCircuit implements StatementHandler {
    private static final int MOST = 100_000;

    private static final Declaration DECLARATION = Declaration.of(
                    "test-circuit",
                    "tests whether the circuit does the model's work, alone and without useless edges, and better than random ones",
                    "test-circuit tests=[sufficiency, minimality]")
            .options(
                    words(
                            "tests",
                            Arrays.stream(CircuitTests.Kind.values())
                                    .map(TestCircuit::word)
                                    .toList(),
                            "which tests; by default, all five"),
                    number("alpha", 0.05, "a null is rejected where its p-value is no larger"),
                    number(
                            "epsilon",
                            0.1,
                            "equivalence: how far from 1/2 the share of rows may be in which the circuit is better"),
                    number(
                            "quantile",
                            0.9,
                            "minimality, sufficiency, partial necessity: the share of random edges or circuits to beat"),
                    count("count", 100, "how many random circuits, and random edges")
                            .upTo(MOST),
                    count("permutations", 1000, "independence: how many permutations")
                            .upTo(MOST),
                    Ablations.with(),
                    Ablations.over(),
                    DataSplits.on())
            .gives("tests", Type.LIST)
            .gives("passed", Type.NUMBER)
            .gives("edges", Type.NUMBER)
            .gives("examples", Type.NUMBER)
            .gives("alpha", Type.NUMBER)
            .gives("edge_tests", Type.LIST)
            .gives("random_effects", Type.LIST)
            .gives("distance", Type.ANY)
            .gives("random_distances", Type.LIST)
            .gives("knockout_distance", Type.ANY)
            .gives("random_knockout_distances", Type.LIST)
            .gives("random_sizes", Type.LIST)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.TESTING)
            .shown(ResultView.ofTable(TestVerdicts::table, TestVerdicts::lines))
            .table("tests")
            .items("`tests` of test-circuit", "test", "null", "statistic", "p_value", "verdict", "note")
            .items("`edge_tests` of test-circuit", "edge", "effect", "share", "p_value")
            .build();

    static String word(CircuitTests.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        require(arguments, "alpha", it -> it > 0 && it < 1, "lies between 0 and 1", "alpha=0.05 is usual");
        require(
                arguments,
                "epsilon",
                it -> it >= 0 && it < 0.5,
                "is at least 0 and less than 0.5",
                "epsilon=0.1 lets the circuit be better in 40% to 60% of all rows");
        require(
                arguments,
                "quantile",
                it -> it > 0 && it < 1,
                "lies between 0 and 1",
                "quantile=0.9 asks for more than 90% of the random circuits");
        return DECLARATION.resultShape();
    }

    private static void require(Arguments arguments, String option, DoublePredicate holds, String rule, String help) {
        arguments
                .known(option)
                .map(it -> ((Value.Number) it).value())
                .filter(it -> !holds.test(it))
                .ifPresent(it -> {
                    throw Mistake.value(
                            ErrorCode.WRONG_VALUE,
                            "`" + option + "` " + rule + ", and this is " + new Value.Number(it).display(),
                            arguments.spanOf(option),
                            help);
                });
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Circuit circuit = testable(arguments, state);
        Ablation ablation = Ablations.of(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        CircuitTests.Settings settings = new CircuitTests.Settings(
                kinds(arguments),
                arguments.number("epsilon"),
                arguments.number("quantile"),
                arguments.count("count"),
                arguments.count("permutations"),
                state.settings().seed());
        Analyses analyses = state.experiment().analyses(split);
        CircuitTests.Subject subject = CircuitTests.Subject.of(
                circuit,
                ablation,
                analyses,
                state.experiment().baseline(split).clean(),
                state.experiment().corrupted(ablation, split));
        if (subject.circuit().edgeCount() == 0)
            throw nothing(
                    arguments,
                    "no edge of the circuit is at a span where anything changes: there is nothing to test",
                    "choose edges that matter: `attribute level=position` and `greedy`");
        CircuitTests tests = CircuitTests.of(subject, settings, analyses, state.runOptions());
        return new TestVerdicts(tests, settings, subject, state.experiment().metric(), arguments.number("alpha"))
                .result();
    }

    /** The current circuit without its dead ends, as `evaluate` runs it. */
    private static Circuit testable(Arguments arguments, State state) {
        Circuit pruned = state.current().circuit().pruned();
        if (pruned.edgeCount() == 0) {
            boolean empty = state.current().circuit().edgeCount() == 0;
            throw nothing(
                    arguments,
                    empty
                            ? "the circuit has no edges: there is nothing to test"
                            : "nothing reaches logits from input: the circuit is empty once pruned, and there is nothing to test",
                    "find one with `attribute` and `greedy`, or choose one with `use`");
        }
        if (pruned.takesNodesApart())
            throw nothing(
                    arguments,
                    "the circuit takes nodes apart into neurons, and random circuits of neurons are not defined",
                    "choose edges, or whole nodes: `attribute level=node`");
        return new Circuit(pruned.graph(), pruned.edges());
    }

    private static Mistake nothing(Arguments arguments, String message, String help) {
        return Mistake.value(ErrorCode.EMPTY_CIRCUIT, message, arguments.span(), help);
    }

    private static Set<CircuitTests.Kind> kinds(Arguments arguments) {
        if (!arguments.given("tests")) return EnumSet.allOf(CircuitTests.Kind.class);
        List<String> asked = ((Value.ListOf) arguments.value("tests"))
                .items().stream().map(Value::display).toList();
        Set<CircuitTests.Kind> kinds = EnumSet.noneOf(CircuitTests.Kind.class);
        for (CircuitTests.Kind kind : CircuitTests.Kind.values()) {
            if (asked.contains(word(kind))) kinds.add(kind);
        }
        return kinds;
    }
}
