package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.RankAgreement;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.State;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalDouble;

/** The scores of a circuit as rows of numbers, for ranks: of edges where there are such, else of nodes and neurons. */
record RankedScores(Optional<Scores> edges, Optional<NodeScores> nodes) {

    static Optional<RankedScores> of(State.Scored scored) {
        boolean any = scored.scores().isPresent() || scored.nodeScores().isPresent();
        return any ? Optional.of(new RankedScores(scored.scores(), scored.nodeScores())) : Optional.empty();
    }

    /** The finest level of which both have scores. */
    Optional<Level> shared(RankedScores other) {
        if (edges.isPresent() && other.edges.isPresent()) return Optional.of(Level.EDGE);
        if (nodes.isEmpty() || other.nodes.isEmpty()) return Optional.empty();
        boolean neurons = nodes.get().hasNeurons() && other.nodes.get().hasNeurons() && nodes.get().width() == other.nodes.get().width();
        return Optional.of(neurons ? Level.NEURON : Level.NODE);
    }

    /** What of a circuit these scores can be asked for. */
    Level levelAgainst(Circuit known) {
        if (edges.isPresent()) return Level.EDGE;
        NodeScores scores = nodes.orElseThrow();
        return scores.hasNeurons() && known.choosesNeurons() && scores.width() == known.width() ? Level.NEURON : Level.NODE;
    }

    /** @return empty where one side's are all equal */
    OptionalDouble spearman(RankedScores other, Level level, boolean absolute) {
        return RankAgreement.spearman(row(level), other.row(level), absolute);
    }

    double[] row(Level level) {
        return switch (level) {
            case EDGE -> Circuit.full(edges.orElseThrow().graph()).edges().stream().mapToDouble(edges.orElseThrow()::of).toArray();
            case NODE -> nodes.orElseThrow().nodes();
            case NEURON -> nodes.orElseThrow().neurons();
        };
    }

    /** Which places of such a row a circuit has. */
    static BitSet places(Circuit circuit, Level level) {
        return switch (level) {
            case EDGE -> places(circuit);
            case NODE -> circuit.touchedSources();
            case NEURON -> circuit.chosenNeurons();
        };
    }

    private static BitSet places(Circuit circuit) {
        BitSet places = new BitSet();
        int place = 0;
        for (int edge : Circuit.full(circuit.graph()).edges().stream().toArray()) places.set(place++, circuit.contains(edge));
        return places;
    }
}
