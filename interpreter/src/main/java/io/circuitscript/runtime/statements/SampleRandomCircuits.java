package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.count;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.circuits.EvaluatedCircuits;
import io.circuitscript.analysis.circuits.RandomSample;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.RandomCircuits;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.PlotSources;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code random-circuits}: how faithful random circuits are that are as large as the one that was found. */
final class SampleRandomCircuits implements StatementHandler {
    private static final String FAITHFULNESS = "faithfulness";
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};

    /** More circuits than anybody needs, and few enough to hold those of a large model. */
    private static final int MOST = 10_000;

    private static final Declaration DECLARATION = Declaration.of(
                    "random-circuits",
                    "evaluates random circuits with as many edges as the current one, and compares it with them",
                    "random-circuits count=20 connected=true")
            .options(
                    count("count", 100, "how many circuits").upTo(MOST),
                    optional("like", Kind.NAME, "the circuit to compare with; by default, the current one")
                            .offering(Offers.CIRCUITS),
                    truth(
                            "connected",
                            true,
                            "true joins random paths from input to logits; false draws from all sets of so many edges"),
                    Ablations.with(),
                    Ablations.over(),
                    DataSplits.on())
            .gives("p_value", Type.NUMBER)
            .gives("circuit_faithfulness", Type.NUMBER)
            .gives("mean", Type.NUMBER)
            .gives("quantiles", Type.LIST)
            .gives("edges", Type.NUMBER)
            .gives("count", Type.NUMBER)
            .gives("connected", Type.TRUTH)
            .gives(FAITHFULNESS, Type.LIST)
            .gives("sizes", Type.LIST)
            .gives("circuits", Type.LIST)
            .gives("examples", Type.NUMBER)
            .gives("circuit_faithfulness_interval", Type.ANY)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .provides(Need.DRAWING)
            .in(HelpGroup.TESTING)
            .shown(SampleRandomCircuits::lines)
            .table("circuits")
            .items("`circuits` of random-circuits", "circuit", "edges", "edges_pruned", FAITHFULNESS, "metric")
            .items("`quantiles` of random-circuits", "quantile", FAITHFULNESS)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        NamedCircuits.check("like", arguments, facts);
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        facts.set(Need.DRAWING, Facts.Known.YES);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Ablation ablation = Ablations.of(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        Analyses analyses = state.experiment().analyses(split);
        Circuit found =
                analyses.live(NamedCircuits.chosen("like", arguments, state).pruned(), ablation);
        Circuit whole = analyses.live(Circuit.full(found.graph()), ablation);
        int size = found.edgeCount();
        boolean connected = arguments.truth("connected");
        checkSize(found, whole, arguments, state);
        List<Circuit> drawn = RandomSample.draw(
                RandomCircuits.from(whole),
                size,
                arguments.count("count"),
                connected,
                state.settings().seed(),
                state.runOptions().cancel());
        FaithfulnessReference reference = FaithfulnessReference.of(ablation, split, state);
        reference.faithfulness(reference.model()); // says that there is none before the runs, not after
        EvaluatedCircuits all = EvaluatedCircuits.of(
                "random-circuits",
                analyses,
                Stream.concat(Stream.of(found), drawn.stream()).toList(),
                circuit -> ablation,
                reference.empty(),
                state.runOptions());
        double own = reference.faithfulness(all.values().getFirst());
        double[] random = all.values().stream()
                .skip(1)
                .mapToDouble(reference::faithfulness)
                .toArray();
        state.plotSources().set(drawing(arguments, size, own, random, state));
        FaithfulnessReference.Draws draws = reference.draws(List.of(all.values().getFirst()));
        return ResultFields.of("random-circuits")
                .put("p_value", RandomSample.pValue(own, random))
                .put("circuit_faithfulness", own)
                .put("mean", Means.of(random))
                .put("quantiles", quantiles(random))
                .put("edges", size)
                .put("count", random.length)
                .put("connected", connected)
                .put(FAITHFULNESS, random)
                .put("sizes", drawn.stream().mapToDouble(Circuit::edgeCount).toArray())
                .put("circuits", circuits(drawn, all, random))
                .put("examples", reference.model().length)
                .put("circuit_faithfulness_interval", FaithfulnessReference.shown(draws.faithfulness(0)))
                .done();
    }

    private static void checkSize(Circuit found, Circuit whole, Arguments arguments, State state) {
        int size = found.edgeCount();
        if (size == 0)
            throw Mistake.value(
                    ErrorCode.EMPTY_CIRCUIT,
                    "the circuit has no edges without its dead ends, so that there is no size to draw circuits of",
                    arguments.spanOf("like"),
                    "choose a circuit first: greedy 40, or name one: like=NAME");
        if (size == whole.edgeCount())
            state.sayOnce(
                    arguments.span(),
                    "the circuit is the whole model: every random circuit of its size is the same, and the p-value is 1");
        if (found.takesNodesApart())
            state.sayOnce(
                    arguments.span(),
                    "the circuit has only some of its nodes' neurons; random circuits have whole nodes");
    }

    private static Value quantiles(double[] random) {
        List<Value> rows = new ArrayList<>();
        for (double share : QUANTILES)
            rows.add(ResultFields.entry()
                    .put("quantile", share)
                    .put(FAITHFULNESS, RandomSample.quantile(random, share))
                    .done());
        return new Value.ListOf(rows);
    }

    private static Value circuits(List<Circuit> drawn, EvaluatedCircuits all, double[] random) {
        List<Value> rows = new ArrayList<>();
        for (int i = 0; i < random.length; i++)
            rows.add(ResultFields.entry()
                    .put("circuit", i + 1)
                    .put("edges", drawn.get(i).edgeCount())
                    .put("edges_pruned", all.circuits().get(i + 1).edgeCount())
                    .put(FAITHFULNESS, random[i])
                    .put("metric", Means.of(all.values().get(i + 1)))
                    .done());
        return new Value.ListOf(rows);
    }

    private static PlotSources.RandomCircuits drawing(
            Arguments arguments, int size, double own, double[] random, State state) {
        return new PlotSources.RandomCircuits(
                state.model().name(),
                state.experiment().dataName().orElse(""),
                state.experiment().metric().name(),
                arguments.text("with"),
                arguments.given("like") ? arguments.text("like") : "the circuit",
                size,
                arguments.truth("connected"),
                own,
                random);
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        List<Value.Fields> quantiles = ResultTable.entries(value, "quantiles");
        String low = ResultText.text(quantiles.getFirst(), FAITHFULNESS);
        String high = ResultText.text(quantiles.getLast(), FAITHFULNESS);
        List<String> lines = new ArrayList<>();
        lines.add(text.prominent("p-value " + ResultText.text(value, "p_value")) + ": the circuit's faithfulness "
                + ResultText.sure(value, "circuit_faithfulness") + ", random circuits' mean "
                + ResultText.text(value, "mean") + ", 5% to 95% " + low + " to " + high);
        lines.add(ResultText.counted(value, "count", "random circuit") + " of "
                + ResultText.counted(value, "edges", "edge")
                + (ResultText.holds(value, "connected") ? ", joined from random paths" : "") + sizes(value));
        return lines;
    }

    /** What sizes there are where some circuits have not reached theirs. */
    private static String sizes(Value.Fields value) {
        double asked = ResultText.number(value, "edges");
        double[] reached = ResultText.list(value, "sizes").stream()
                .mapToDouble(it -> ((Value.Number) it).value())
                .toArray();
        long less = Arrays.stream(reached).filter(it -> it < asked).count();
        if (less == 0) return "";
        double fewest = Arrays.stream(reached).min().orElseThrow();
        return String.format(
                Locale.ROOT, "; %s reached fewer, at least %s", NumberText.count(less), RoundedText.of(fewest));
    }
}
