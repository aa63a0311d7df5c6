package io.circuitscript.runtime.state;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.value.Value;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A circuit with the scores it was chosen by.
 *
 * @param scores of edges
 * @param nodeScores of nodes or neurons; where nodes were scored, their neurons may have scores too
 * @param level what the circuit was chosen by; before it was, what was scored
 * @param method how the scores were made, for a picture's title; empty where nobody knows
 * @param origin the same in the language's words
 */
public record ScoredCircuit(
        Circuit circuit,
        Optional<Scores> scores,
        Optional<NodeScores> nodeScores,
        Level level,
        String method,
        Origin origin) {
    public ScoredCircuit(Circuit circuit, Optional<Scores> scores, String method) {
        this(circuit, scores, Optional.empty(), levelOf(scores), method, Origin.UNKNOWN);
    }

    private static Level levelOf(Optional<Scores> scores) {
        return scores.filter(it -> it.graph().hasSpans()).isPresent() ? Level.POSITION : Level.EDGE;
    }

    /** Scores of the circuit's own edges: sums over spans where it has none; none where only the circuit has spans. */
    public Optional<Scores> ofCircuit() {
        if (scores.isEmpty() || scores.get().graph().equals(circuit.graph())) return scores;
        if (!circuit.graph().hasSpans()) return scores.map(Scores::overSpans);
        return scores.filter(it -> it.graph().hasSpans()).map(it -> it.on(circuit.graph()));
    }

    /** The circuit at the spans of its scores, where those have some and it has none. */
    public Circuit atScoredSpans() {
        boolean scored = scores.isPresent() && scores.get().graph().hasSpans();
        return scored && !circuit.graph().hasSpans() ? circuit.on(scores.get().graph()) : circuit;
    }

    /** The same at the spans of some rows, by their names, as far as they have those: which of them sees which is another with each data. */
    ScoredCircuit on(Spans spans) {
        boolean circuits = circuit.graph().hasSpans() && spans.names().containsAll(used(circuit));
        boolean ofScores = scores.filter(it -> it.graph().hasSpans()
                        && spans.names().containsAll(it.graph().spans().names()))
                .isPresent();
        ModelGraph graph = circuit.graph().at(spans);
        return new ScoredCircuit(
                circuits ? circuit.on(graph) : circuit,
                ofScores ? scores.map(it -> it.on(graph)) : scores,
                nodeScores,
                level,
                method,
                origin);
    }

    private static Set<String> used(Circuit circuit) {
        Spans spans = circuit.graph().spans();
        return circuit.edges().stream()
                .mapToObj(edge -> spans.name(circuit.graph().spanOf(edge)))
                .collect(Collectors.toSet());
    }

    public ScoredCircuit with(Circuit other) {
        return new ScoredCircuit(other, scores, nodeScores, level, method, origin);
    }

    /** The same scores with a circuit that was not chosen by them. */
    public ScoredCircuit withOwn(Circuit other) {
        return chosen(other, level, Optional.empty());
    }

    /** The same with what {@code attribute} was asked for. */
    public ScoredCircuit from(String word, Optional<String> ablation, boolean signed) {
        return new ScoredCircuit(
                circuit,
                scores,
                nodeScores,
                level,
                method,
                new Origin(Optional.of(word), ablation, Optional.empty(), signed));
    }

    ScoredCircuit chosen(Circuit other, Level by, Optional<Value.Number> size) {
        return new ScoredCircuit(other, scores, nodeScores, by, method, origin.of(size));
    }

    /**
     * What a circuit and its scores were asked for with.
     *
     * @param method the word of {@code method=} @param with of {@code with=}
     * @param size the edges, nodes or neurons that {@code greedy} or {@code top} was asked for
     * @param signed whether a score tells by its sign if ablating hurts or helps
     */
    public record Origin(Optional<String> method, Optional<String> with, Optional<Value.Number> size, boolean signed) {
        public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty(), Optional.empty(), true);

        private Origin of(Optional<Value.Number> asked) {
            return new Origin(method, with, asked, signed);
        }
    }
}
