package io.circuitscript.runtime.state;

import io.circuitscript.graph.RankAgreement;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.RoundedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Keeps the results that {@code plot} can draw. */
public final class PlotSources {

    /** What there can be to draw. */
    public enum Kind {
        SCORES,
        SWEEP,
        ROC,
        PATCH,
        RANDOM
    }

    /** A circuit of a sweep. @param low, high where its faithfulness would lie with other examples; both or none */
    public record Point(double fraction, double faithfulness, OptionalDouble low, OptionalDouble high) {}

    /**
     * A sweep, and what it was of: on a chart of several, what they differ in tells them apart.
     *
     * @param method how its scores were made @param by how edges were chosen @param of edges, nodes or neurons @param with what an ablated edge carried
     * @param scores by which they were chosen @param cpr, cmd the areas, where there are any
     */
    public record Sweep(
            String model,
            String data,
            String metric,
            String method,
            String by,
            String of,
            String with,
            String on,
            Object scores,
            List<Point> signed,
            List<Point> absolute,
            OptionalDouble cpr,
            OptionalDouble cmd) {
        public Sweep {
            signed = List.copyOf(signed);
            absolute = List.copyOf(absolute);
        }

        /** Whether it is of the same scores in the same way, so that it takes the other's place. */
        private boolean repeats(Sweep other) {
            return model.equals(other.model)
                    && data.equals(other.data)
                    && metric.equals(other.metric)
                    && by.equals(other.by)
                    && of.equals(other.of)
                    && with.equals(other.with)
                    && on.equals(other.on)
                    && method.equals(other.method)
                    && scores.equals(other.scores)
                    && fractions().equals(other.fractions());
        }

        /** The sizes that were asked for, as shares. */
        private List<Double> fractions() {
            return signed.stream().map(Point::fraction).toList();
        }

        /** The same in words. */
        public String sizes() {
            List<Double> shares = fractions().stream().sorted().toList();
            return NumberText.count(shares.size()) + (shares.size() == 1 ? " size" : " sizes") + " up to "
                    + RoundedText.of(100 * shares.getLast()) + "%";
        }
    }

    /** How well one circuit's scores find what another has. @param scored, known their names @param of edges, nodes or neurons */
    public record Roc(String scored, String known, String of, List<RankAgreement.RocPoint> points, double auc) {
        public Roc {
            points = List.copyOf(points);
        }
    }

    /** How much of an answer activations bring back. @param columns names of positions or heads @param recovery {@code [layer][column]} */
    public record Patch(String model, String over, String logits, List<String> columns, double[][] recovery) {
        public Patch {
            columns = List.copyOf(columns);
        }
    }

    /**
     * How faithful random circuits are.
     *
     * @param circuit what they are compared with, by its name @param edges how many each was to have @param connected whether they are unions of paths
     * @param found how faithful the circuit is @param random how faithful they are
     */
    public record RandomCircuits(
            String model,
            String data,
            String metric,
            String with,
            String circuit,
            int edges,
            boolean connected,
            double found,
            double[] random) {}

    /** More curves than a chart can tell apart: each keeps the scores that it is of. */
    static final int MOST_SWEEPS = 50;

    /** More heat maps than anybody looks at. */
    static final int MOST_PATCHES = 50;

    private final List<Sweep> sweeps = new ArrayList<>();
    private final List<Roc> rocs = new ArrayList<>();
    private final List<Patch> patches = new ArrayList<>();
    private Optional<RandomCircuits> random = Optional.empty();
    private Optional<Kind> last = Optional.empty();

    public void add(Sweep sweep) {
        sweeps.removeIf(sweep::repeats);
        if (sweeps.size() == MOST_SWEEPS) sweeps.removeFirst();
        sweeps.add(sweep);
        last = Optional.of(Kind.SWEEP);
    }

    /** In place of those that there were: a comparison's, one or two. */
    public void setRocs(List<Roc> curves) {
        if (curves.isEmpty()) return;
        rocs.clear();
        rocs.addAll(curves);
        last = Optional.of(Kind.ROC);
    }

    public void add(Patch grid) {
        if (patches.size() == MOST_PATCHES) patches.removeFirst();
        patches.add(grid);
        last = Optional.of(Kind.PATCH);
    }

    /** In place of those that there were. */
    public void set(RandomCircuits circuits) {
        random = Optional.of(circuits);
        last = Optional.of(Kind.RANDOM);
    }

    /** Takes note that edges or nodes have new scores. */
    public void noteScores() {
        last = Optional.of(Kind.SCORES);
    }

    /** Every grid of {@code patch}, the oldest first. */
    public List<Patch> patches() {
        return List.copyOf(patches);
    }

    /** Every sweep so far, the oldest first. */
    public List<Sweep> sweeps() {
        return List.copyOf(sweeps);
    }

    public List<Roc> rocs() {
        return List.copyOf(rocs);
    }

    public Optional<RandomCircuits> random() {
        return random;
    }

    /** What came last. */
    public Optional<Kind> last() {
        return last;
    }

    /** Whether there is any but of scores. */
    boolean any() {
        return !sweeps.isEmpty() || !rocs.isEmpty() || !patches.isEmpty() || random.isPresent();
    }
}
