package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.analysis.Interval;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Overlap;
import io.circuitscript.graph.RankAgreement;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.PlotSources;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** {@code compare}: two circuits side by side. */
final class Compare implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "compare",
                    "compares two circuits: what they share, how faithful each is, and how their scores agree",
                    "greedy 40\nkeep found\ntop 40\ncompare found")
            .takes(
                    required("a", Kind.NAME, "a named circuit").offering(Offers.CIRCUITS),
                    optional("b", Kind.NAME, "the other circuit; by default, the current one")
                            .offering(Offers.CIRCUITS))
            .options(Ablations.withOptimal(), Ablations.over(), DataSplits.on())
            .gives("a_name", Type.TEXT)
            .gives("b_name", Type.TEXT)
            .gives("a", Type.NUMBER)
            .gives("b", Type.NUMBER)
            .gives("common", Type.NUMBER)
            .gives("only_a", Type.NUMBER)
            .gives("only_b", Type.NUMBER)
            .gives("jaccard", Type.NUMBER)
            .gives("a_faithfulness", Type.ANY)
            .gives("b_faithfulness", Type.ANY)
            .gives("a_faithfulness_interval", Type.ANY)
            .gives("b_faithfulness_interval", Type.ANY)
            .gives("spearman", Type.ANY)
            .gives("spearman_abs", Type.ANY)
            .gives("level", Type.ANY)
            .gives("a_auc", Type.ANY)
            .gives("b_auc", Type.ANY)
            .gives("common_edges", Type.EDGES)
            .gives("only_a_edges", Type.EDGES)
            .gives("only_b_edges", Type.EDGES)
            .gives("common_nodes", Type.NODES)
            .gives("only_a_nodes", Type.NODES)
            .gives("only_b_nodes", Type.NODES)
            .gives("neurons_jaccard", Type.ANY)
            .needs(Need.GRAPH)
            .in(HelpGroup.BY_HAND)
            .shown(ComparedCircuits::lines)
            .build();

    /** What is compared, by the name that the user knows it by. */
    private record Side(String name, ScoredCircuit scored) {
        Circuit circuit() {
            return scored.circuit();
        }

        Side on(ModelGraph graph) {
            return new Side(name, scored.with(circuit().on(graph)));
        }

        Side withoutSpans() {
            return new Side(name, scored.with(circuit().withoutSpans()));
        }
    }

    /** How faithful both are; nothing where there is no data to measure it on. */
    private record Measured(Value a, Value b, Optional<Interval> ofA, Optional<Interval> ofB) {
        static final Measured NOTHING =
                new Measured(new Value.None(), new Value.None(), Optional.empty(), Optional.empty());
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        NamedCircuits.check("a", arguments, facts);
        NamedCircuits.check("b", arguments, facts);
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        if (facts.met(Need.DRAWING) == Facts.Known.NO)
            facts.set(Need.DRAWING, Facts.Known.MAYBE); // a ROC curve, where there are scores
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Side first = side("a", arguments, state);
        Side second = side("b", arguments, state);
        ModelGraph graph = first.circuit().graph();
        ModelGraph other = second.circuit().graph();
        if (!graph.withoutSpans().equals(other.withoutSpans())) {
            String message =
                    "the circuits `" + first.name() + "` and `" + second.name() + "` are of models of different shape";
            throw Mistake.value(ErrorCode.OTHER_MODEL, message, arguments.spanOf("b"), "compare circuits of one model");
        }
        // Where only one of them has spans, whole edges are what they can share.
        boolean whole = graph.hasSpans() != other.hasSpans();
        ModelGraph both = whole ? graph.withoutSpans() : graph.withSpansOf(other);
        Side a = whole ? first.withoutSpans() : first.on(both);
        Side b = whole ? second.withoutSpans() : second.on(both);
        Overlap overlap = Overlap.of(a.circuit(), b.circuit());
        boolean measurable =
                state.loadedModel().isPresent() && state.experiment().dataName().isPresent();
        if (!measurable) state.say("no model and data: compared without their faithfulness");
        Measured measured = measurable ? measured(first, second, arguments, state) : Measured.NOTHING;
        ResultFields fields = ResultFields.of("compare")
                .put("a_name", a.name())
                .put("b_name", b.name())
                .put("a", a.circuit().edgeCount())
                .put("b", b.circuit().edgeCount())
                .put("common", overlap.common().cardinality())
                .put("only_a", overlap.onlyFirst().cardinality())
                .put("only_b", overlap.onlySecond().cardinality())
                .put("jaccard", overlap.jaccard())
                .put("a_faithfulness", measured.a())
                .put("b_faithfulness", measured.b())
                .put("a_faithfulness_interval", FaithfulnessReference.shown(measured.ofA()))
                .put("b_faithfulness_interval", FaithfulnessReference.shown(measured.ofB()));
        scores(fields, a, b, state);
        fields.put("common_edges", edges(overlap.common(), a))
                .put("only_a_edges", edges(overlap.onlyFirst(), a))
                .put("only_b_edges", edges(overlap.onlySecond(), a));
        nodes(fields, a.circuit(), b.circuit());
        return fields.done();
    }

    private static Side side(String argument, Arguments arguments, State state) {
        if (!arguments.given(argument)) return new Side("current", state.current());
        String name = arguments.text(argument);
        return new Side(name, state.named().get(name));
    }

    private static Value edges(BitSet edges, Side side) {
        return new Value.EdgeSet(side.circuit().graph(), edges);
    }

    private static void nodes(ResultFields fields, Circuit a, Circuit b) {
        List<Node> ofA = a.nodes();
        List<Node> ofB = b.nodes();
        fields.put(
                        "common_nodes",
                        Sets.nodes(
                                a.graph().withoutSpans(),
                                ofA.stream().filter(ofB::contains).toList()))
                .put(
                        "only_a_nodes",
                        Sets.nodes(
                                a.graph().withoutSpans(),
                                ofA.stream().filter(node -> !ofB.contains(node)).toList()))
                .put(
                        "only_b_nodes",
                        Sets.nodes(
                                a.graph().withoutSpans(),
                                ofB.stream().filter(node -> !ofA.contains(node)).toList()))
                .put("neurons_jaccard", value(Overlap.ofNeurons(a, b)));
    }

    private static Measured measured(Side a, Side b, Arguments arguments, State state) {
        Function<Circuit, Ablation> ablations = Ablations.ofCircuits(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        FaithfulnessReference reference = FaithfulnessReference.of(ablations, split, state);
        List<Circuit> circuits = List.of(a.circuit().pruned(), b.circuit().pruned());
        List<double[]> values =
                state.experiment().analyses(split).evaluate("compare", circuits, ablations, state.runOptions());
        FaithfulnessReference.Draws draws = reference.draws(values);
        return new Measured(
                new Value.Number(reference.faithfulness(values.getFirst())),
                new Value.Number(reference.faithfulness(values.getLast())),
                draws.faithfulness(0),
                draws.faithfulness(1));
    }

    private static void scores(ResultFields fields, Side a, Side b, State state) {
        Optional<RankedScores> ofA = RankedScores.of(a.scored());
        Optional<RankedScores> ofB = RankedScores.of(b.scored());
        Optional<Level> level = ofA.isPresent() && ofB.isPresent() ? ofA.get().shared(ofB.get()) : Optional.empty();
        List<PlotSources.Roc> rocs = new ArrayList<>();
        fields.put(
                        "spearman",
                        value(
                                level.isPresent()
                                        ? ofA.get().spearman(ofB.get(), level.get(), false)
                                        : OptionalDouble.empty()))
                .put(
                        "spearman_abs",
                        value(
                                level.isPresent()
                                        ? ofA.get().spearman(ofB.get(), level.get(), true)
                                        : OptionalDouble.empty()))
                .put("level", level.<Value>map(it -> new Value.Text(it.word())).orElse(new Value.None()))
                .put("a_auc", auc(ofA, ofB, a, b, rocs))
                .put("b_auc", auc(ofB, ofA, b, a, rocs));
        state.plotSources().setRocs(rocs);
    }

    /** How well the scores of the one find what the other has. */
    private static Value auc(
            Optional<RankedScores> scores,
            Optional<RankedScores> ofKnown,
            Side scored,
            Side known,
            List<PlotSources.Roc> rocs) {
        if (scores.isEmpty()) return new Value.None();
        Level level = scores.get().levelAgainst(known.circuit(), ofKnown);
        OptionalDouble auc = RankAgreement.auc(scores.get().row(level), RankedScores.places(known.circuit(), level));
        auc.ifPresent(it -> rocs.add(new PlotSources.Roc(
                scored.name(),
                known.name(),
                level.plural(),
                RankAgreement.roc(scores.get().row(level), RankedScores.places(known.circuit(), level)),
                it)));
        return value(auc);
    }

    private static Value value(OptionalDouble number) {
        return number.isPresent() ? new Value.Number(number.getAsDouble()) : new Value.None();
    }
}
