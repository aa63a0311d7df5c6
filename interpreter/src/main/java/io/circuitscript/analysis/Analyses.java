package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.List;

/** Every analysis of one model on one task. Each is a fold over batches. */
public record Analyses(Transformer model, Pairs pairs, Metric metric) {

    /** A token and its probability. */
    public record Likely(int id, double probability) {}

    /** The metric of each example on clean and on corrupted inputs. */
    public record Baseline(double[] clean, double[] corrupted) {}

    /** How EAP and EAP-IG score: {@code steps} 0 for EAP, the number of integration steps otherwise. */
    public record Method(int steps) {}

    /** The {@code top} most likely next tokens after the last of {@code tokens}, most likely first. */
    public static List<Likely> predict(Transformer model, int[] tokens, int top, RunOptions options) {
        throw new UnsupportedOperationException();
    }

    public Baseline baseline(RunOptions options) {
        throw new UnsupportedOperationException();
    }

    /** The metric of each example with every edge outside the circuit ablated. The circuit runs as it stands: prune it first. */
    public double[] evaluate(Circuit circuit, Ablation ablation, RunOptions options) {
        throw new UnsupportedOperationException();
    }

    /** The score of every edge, a mean over the examples. */
    public Scores attribute(Method method, Ablation ablation, RunOptions options) {
        throw new UnsupportedOperationException();
    }
}
