package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.task.SeededRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Completeness as Wang et al. 2023 define it ("Interpretability in the Wild", section 4): a circuit C is complete if for every subset K of its
 * nodes, the metric of C without K is that of the whole model without K. What a node gives is ablated along every edge that leaves it.
 */
public final class Completeness {
    private Completeness() {}

    /**
     * A set of nodes, and what is left without them.
     *
     * @param circuit, model the metric of each example of the circuit, and of the whole model
     */
    public record Case(List<Node> without, double[] circuit, double[] model) {
        public Case {
            without = List.copyOf(without);
        }
    }

    /**
     * Random subsets by a seed: each node is in a subset with a chance of one half, so that all subsets are equally likely. Each subset has draws of
     * its own, so that more of them begin with the same ones.
     */
    public static List<List<Node>> subsets(List<Node> nodes, int count, long seed) {
        List<List<Node>> subsets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            SeededRandom draws = SeededRandom.stream(seed, i);
            subsets.add(nodes.stream().filter(node -> draws.below(2) == 1).toList());
        }
        return subsets;
    }

    /** @param empty the metric of each example with every edge ablated */
    public static List<Case> of(
            Analyses analyses,
            Circuit circuit,
            List<List<Node>> subsets,
            Ablation ablation,
            double[] empty,
            RunOptions options) {
        Circuit full = Circuit.full(circuit.graph());
        Map<List<Node>, Integer> places = new LinkedHashMap<>();
        List<Circuit> circuits = new ArrayList<>();
        for (List<Node> subset : subsets) {
            if (places.putIfAbsent(subset, circuits.size()) != null) continue;
            BitSet leaving = leaving(circuit.graph(), subset);
            circuits.add(circuit.without(leaving));
            circuits.add(full.without(leaving));
        }
        List<double[]> values = EvaluatedCircuits.of("complete", analyses, circuits, it -> ablation, empty, options)
                .values();
        return subsets.stream()
                .map(subset -> {
                    int place = places.get(subset);
                    return new Case(subset, values.get(place), values.get(place + 1));
                })
                .toList();
    }

    private static BitSet leaving(ModelGraph graph, List<Node> nodes) {
        BitSet edges = new BitSet();
        for (Node node : nodes) {
            int source = graph.source(node);
            for (int edge = graph.firstEdge(source); edge < graph.firstEdge(source + 1); edge++)
                if (graph.exists(edge)) edges.set(edge);
        }
        return edges;
    }
}
