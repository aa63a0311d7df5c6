package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import io.circuitscript.task.Pair;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a score is, whatever the family: the derivative of the metric's drop when the edge alone carries {@code clean + ε (ablated − clean)}, in the
 * clean run (EAP) or in the runs of EAP-IG. It holds where a norm follows the attention block too, which the reference leaves out.
 */
class FiniteDifferenceTest {
    private static final double SHARE = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "gemma2, greater-than, PATCHING, 0",
        "gemma2, ioi, PATCHING, 2",
        "gemma2, ioi, ZERO, 0",
        "llama, ioi, ZERO, 0",
        "gpt_neox, greater-than, PATCHING, 2",
    })
    void aScoreIsADerivative(String family, String task, String with, int steps) {
        Ablation ablation = with.equals("ZERO") ? Ablation.ZERO : Ablation.PATCHING;
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses(task);
            Analyses.Method method = steps == 0 ? Analyses.Method.eap() : Analyses.Method.eapIg(steps);
            Scores scores = analyses.attribute(method, ablation, RunOptions.quiet());
            double[] slopes = new double[scores.toArray().length];
            for (int step = 0; step < Math.max(1, steps); step++) {
                double part = steps == 0 ? 1 : (double) step / steps;
                double[] further = drops(analyses, ablation, new EdgeAblations.Setting(part, SHARE));
                double[] back = drops(analyses, ablation, new EdgeAblations.Setting(part, -SHARE));
                for (int i = 0; i < slopes.length; i++)
                    slopes[i] += (further[i] - back[i]) / (2 * SHARE * Math.max(1, steps));
            }
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < slopes.length; i++) {
                largest = Math.max(largest, Math.abs(slopes[i]));
                worst = Math.max(worst, Math.abs(slopes[i] - scores.of(i)));
            }
            assertTrue(worst < 1e-5 * largest, "a score is " + worst / largest + " of the largest off");
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    /** The mean over the examples, by edge number. */
    private static double[] drops(Analyses analyses, Ablation ablation, EdgeAblations.Setting setting) {
        List<Pair> pairs = analyses.pairs().pairs();
        int[] slots = IntStream.range(0, analyses.model().graph().slots()).toArray();
        int[] examples = IntStream.range(0, pairs.size()).toArray();
        try (Batch batch = Batch.of(
                analyses.model(),
                pairs.stream().map(Pair::clean).toList(),
                pairs.stream().map(Pair::corrupted).toList(),
                0)) {
            RunOptions options = RunOptions.quiet();
            EdgeAblations.Measure measure = new MetricReader(analyses.model(), analyses.pairs(), analyses.metric())
                    .withOneEdgeAblated(batch, examples, options);
            double[] sums = EdgeAblations.drops(
                    batch, analyses.graph(), ablation, setting, slots, measure, ResumableSteps.all(), options);
            for (int i = 0; i < sums.length; i++) sums[i] /= pairs.size();
            return sums;
        }
    }
}
