package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.number;

import io.circuitscript.analysis.circuits.Minimization;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.EdgeOrder;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** {@code minimize}: removes the edges that the circuit can do without. */
final class Minimize implements StatementHandler {
    private static final String TOLERANCE = "tolerance";

    /** A terminal names no more of the edges that went. */
    private static final int MOST_NAMED = 10;

    private static final Declaration DECLARATION = CircuitSize.declare(
                    "minimize",
                    "tries the circuit's edges once, the weakest first, and removes each that it can do without",
                    "minimize tolerance=0.02")
            .options(
                    number(TOLERANCE, 0.01, "how much faithfulness may fall in all"),
                    Ablations.with(),
                    Ablations.over(),
                    DataSplits.on())
            .gives("removed", Type.EDGES)
            .gives("faithfulness", Type.NUMBER)
            .gives("faithfulness_before", Type.NUMBER)
            .gives(TOLERANCE, Type.NUMBER)
            .gives("order", Type.TEXT)
            .gives("tried", Type.LIST)
            .gives("examples", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA, Need.METRIC)
            .in(HelpGroup.TESTING)
            .shown(Minimize::lines)
            .table("tried")
            .items("`tried` of minimize", "edge", "score", "faithfulness", "removed")
            .build();

    /** How weak edges are. @param word by what */
    private record Order(String word, Optional<Scores> scores, int[] edges) {
        static Order of(Circuit circuit, ScoredCircuit of) {
            Optional<Scores> ofEdges = of.ofCircuit();
            Optional<Scores> scores = ofEdges.or(() -> of.nodeScores().map(it -> leaving(it, circuit.graph())));
            String word = ofEdges.isPresent() ? "score" : scores.isPresent() ? "node score" : "position";
            int[] edges = scores.map(it -> EdgeOrder.weakestFirst(circuit, it)).orElse(EdgeOrder.lastFirst(circuit));
            return new Order(word, scores, edges);
        }

        /** An edge is as weak as the node that it leaves. */
        private static Scores leaving(NodeScores nodes, ModelGraph graph) {
            double[] values = new double[graph.edgeIndexBound()];
            for (int edge = 0; edge < values.length; edge++) values[edge] = nodes.of(graph.sourceOf(edge));
            return new Scores(graph, values);
        }

        Value score(int edge) {
            return scores.<Value>map(it -> new Value.Number(it.of(edge))).orElse(new Value.None());
        }
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        boolean below = arguments
                .known(TOLERANCE)
                .filter(it -> it instanceof Value.Number number && number.value() < 0)
                .isPresent();
        if (below)
            throw Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "`tolerance` takes a number from 0, not "
                            + arguments.known(TOLERANCE).get().display(),
                    arguments.spanOf(TOLERANCE),
                    "0 removes only edges without which the circuit is at least as faithful");
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Circuit circuit = state.current().circuit();
        Ablation ablation = Ablations.of(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        ResultWarnings.ofCircuit(circuit, circuit.pruned(), arguments.span(), state);
        FaithfulnessReference reference = FaithfulnessReference.of(ablation, split, state);
        reference.faithfulness(reference.model()); // says that there is none before the runs, not after
        Order order = Order.of(circuit, state.current());
        if (order.scores().isEmpty())
            state.sayOnce(
                    arguments.span(),
                    "there are no scores: edges are tried from the last to the first, in the order of `edges`");
        Minimization.Result found = Minimization.run(
                state.experiment().analyses(split),
                circuit,
                order.edges(),
                arguments.number(TOLERANCE),
                ablation,
                reference::faithfulness,
                reference.empty(),
                state.runOptions());
        state.setCircuit(found.circuit());
        state.experiment().noteFaithfulness(found.after(), arguments.text("with"));
        return result(circuit, found, order, arguments, state)
                .put("examples", reference.model().length)
                .done();
    }

    private static ResultFields result(
            Circuit before, Minimization.Result found, Order order, Arguments arguments, State state) {
        Circuit after = found.circuit();
        BitSet removed = before.edges();
        removed.andNot(after.edges());
        List<Value> tried = new ArrayList<>();
        for (Minimization.Trial trial : found.trials())
            tried.add(ResultFields.entry()
                    .put("edge", before.graph().edgeName(trial.edge()))
                    .put("score", order.score(trial.edge()))
                    .put("faithfulness", trial.faithfulness())
                    .put("removed", trial.removed())
                    .done());
        ResultFields fields =
                ResultFields.of("minimize").put("edges", after.edgeCount()).put("nodes", after.nodeCount());
        return CircuitSize.putNeuronsAndSpans(fields, after)
                .put("removed", new Value.EdgeSet(before.graph(), removed))
                .put("faithfulness", found.after())
                .put("faithfulness_before", found.before())
                .put(TOLERANCE, arguments.number(TOLERANCE))
                .put("order", order.word())
                .put("tried", new Value.ListOf(tried));
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        List<String> lines = new ArrayList<>();
        String more = CircuitSize.more(value);
        lines.add(text.prominent(ResultText.counted(value, "edges", "edge") + ", "
                        + ResultText.counted(value, "nodes", "node") + more)
                + " after removing " + ResultText.counted(value, "removed", "edge") + ": faithfulness "
                + ResultText.text(value, "faithfulness") + ", before " + ResultText.text(value, "faithfulness_before")
                + ", tolerance " + ResultText.text(value, TOLERANCE));
        List<String> gone = ResultTable.entries(value, "tried").stream()
                .filter(it -> ResultText.holds(it, "removed"))
                .map(it -> ResultTable.cell(it, "edge"))
                .toList();
        if (!gone.isEmpty())
            lines.add("removed " + String.join(", ", gone.subList(0, Math.min(MOST_NAMED, gone.size())))
                    + (gone.size() > MOST_NAMED ? " …" : ""));
        return lines;
    }
}
