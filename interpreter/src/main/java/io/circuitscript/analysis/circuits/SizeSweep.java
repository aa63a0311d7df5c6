package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Circuits of several sizes by one table of scores, each chosen by signed and by absolute scores, pruned and evaluated. */
public final class SizeSweep {
    private SizeSweep() {}

    /** How edges are chosen. */
    public enum By {
        GREEDY,
        TOP
    }

    /** What chooses a circuit: of edges, of nodes or of neurons. */
    public interface Choice {
        Circuit of(int size, boolean absolute);
    }

    /** Edges by their scores. */
    public static Choice edges(Scores scores, By by) {
        return (size, absolute) -> switch (by) {
            case GREEDY -> Selection.greedy(scores, size, absolute);
            case TOP -> Selection.top(scores, size, absolute);
        };
    }

    /**
     * A circuit and what it does.
     *
     * @param size as how many edges, nodes or neurons it was chosen
     * @param circuit what is left of them without dead ends
     * @param values the metric of each example
     */
    public record Point(int size, boolean absolute, Circuit circuit, double[] values) {}

    /**
     * The points of all sizes by signed scores, then those by absolute ones. Circuits that are the same are run once, and one without edges,
     * which every other is measured against, not again.
     *
     * @param ablations what an ablated edge of a circuit carries
     * @param empty the metric of each example with every edge ablated
     */
    public static List<Point> run(
            Analyses analyses,
            Choice choice,
            List<Integer> sizes,
            Function<Circuit, Ablation> ablations,
            double[] empty,
            RunOptions options) {
        List<Circuit> circuits = new ArrayList<>();
        for (boolean absolute : new boolean[] {false, true}) {
            for (int size : sizes) {
                options.cancel().check();
                circuits.add(choice.of(size, absolute));
            }
        }
        EvaluatedCircuits evaluated = EvaluatedCircuits.of("sweep", analyses, circuits, ablations, empty, options);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < circuits.size(); i++) {
            Circuit circuit = evaluated.circuits().get(i);
            double[] metric = evaluated.values().get(i);
            points.add(new Point(sizes.get(i % sizes.size()), i >= sizes.size(), circuit, metric));
        }
        return points;
    }
}
