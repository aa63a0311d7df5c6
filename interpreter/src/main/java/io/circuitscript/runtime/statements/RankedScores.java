package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.RankAgreement;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.ScoredCircuit;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The scores of a circuit as rows of numbers, for ranks. Scores of nodes may have their neurons' beside them, and a file may hold scores of edges and of
 * nodes.
 *
 * @param level what the circuit was chosen by, or what was scored
 */
record RankedScores(Optional<Scores> edges, Optional<NodeScores> nodes, Level level) {

    static Optional<RankedScores> of(ScoredCircuit scored) {
        boolean any = scored.scores().isPresent() || scored.nodeScores().isPresent();
        return any
                ? Optional.of(new RankedScores(scored.scores(), scored.nodeScores(), scored.level()))
                : Optional.empty();
    }

    /** The level that two circuits are compared on: the one both were chosen by. Of two, nodes before neurons; else what both have scores of. */
    Optional<Level> shared(RankedScores other) {
        return wanted(other.level)
                .filter(it -> has(it) && other.has(it))
                .filter(it -> it != Level.NEURON || width() == other.width())
                .filter(it -> it != Level.POSITION || spans().equals(other.spans()))
                .findFirst();
    }

    /** What of a circuit these scores can be asked for. @param scores those of the circuit, where it has any: they tell what it was chosen by */
    Level levelAgainst(Circuit known, Optional<RankedScores> scores) {
        return wanted(scores.map(RankedScores::level).orElse(level))
                .filter(this::has)
                .filter(it -> it != Level.NEURON || known.choosesNeurons() && width() == known.width())
                .filter(it ->
                        it != Level.POSITION || spans().equals(known.graph().spans()))
                .findFirst()
                .orElseThrow();
    }

    /** Levels in the order in which they are tried: of this circuit's level and another's the coarser first. */
    private Stream<Level> wanted(Level other) {
        boolean nodes = level == Level.NODE || other == Level.NODE;
        if (!nodes && level != other && level.ofEdges() && other.ofEdges()) return Stream.of(Level.EDGE);
        return Stream.concat(
                nodes ? Stream.of(Level.NODE) : Stream.empty(), Stream.of(level, other, Level.NODE, Level.EDGE));
    }

    private boolean has(Level wanted) {
        return switch (wanted) {
            case EDGE -> edges.isPresent();
            case POSITION -> edges.filter(it -> it.graph().hasSpans()).isPresent();
            case NODE -> nodes.isPresent();
            case NEURON -> nodes.isPresent() && nodes.get().hasNeurons();
        };
    }

    private Spans spans() {
        return edges.orElseThrow().graph().spans();
    }

    private int width() {
        return nodes.orElseThrow().width();
    }

    /** @return empty where one side's are all equal */
    OptionalDouble spearman(RankedScores other, Level level, boolean absolute) {
        return RankAgreement.spearman(row(level), other.row(level), absolute);
    }

    double[] row(Level level) {
        return switch (level) {
            case EDGE -> row(edges.orElseThrow().overSpans());
            case POSITION -> row(edges.orElseThrow());
            case NODE -> nodes.orElseThrow().nodes();
            case NEURON -> nodes.orElseThrow().neurons();
        };
    }

    private static double[] row(Scores scores) {
        return Circuit.full(scores.graph()).edges().stream()
                .mapToDouble(scores::of)
                .toArray();
    }

    /** Which places of such a row a circuit has. */
    static BitSet places(Circuit circuit, Level level) {
        return switch (level) {
            case EDGE -> places(circuit.withoutSpans());
            case POSITION -> places(circuit);
            case NODE -> circuit.touchedSources();
            case NEURON -> circuit.chosenNeurons();
        };
    }

    private static BitSet places(Circuit circuit) {
        BitSet places = new BitSet();
        int place = 0;
        for (int edge : Circuit.full(circuit.graph()).edges().stream().toArray())
            places.set(place++, circuit.contains(edge));
        return places;
    }
}
