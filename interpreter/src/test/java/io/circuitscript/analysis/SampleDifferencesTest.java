package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The verdict of {@code check-scores} can be no: differences of one method are not the scores of another. */
class SampleDifferencesTest {
    @Test
    void agreeWithTheirOwnMethodAlone() {
        try (Fixture fixture = new Fixture("llama", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Scores eap = analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, RunOptions.quiet());
            Scores integrated = analyses.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, RunOptions.quiet());
            BitSet some = new BitSet();
            for (int edge = 0; edge < analyses.model().graph().edgeIndexBound(); edge += 7) {
                if (analyses.model().graph().exists(edge)) some.set(edge);
            }
            double[] found =
                    analyses.differences(Analyses.Method.eapIg(3), Ablation.PATCHING, some, RunOptions.quiet());
            assertTrue(worst(integrated, found, some) < 1e-5, "off by " + worst(integrated, found, some));
            assertTrue(worst(eap, found, some) > 1e-2, "another method's, and off by " + worst(eap, found, some));
            Scores exact = analyses.exact(Ablation.PATCHING, RunOptions.quiet());
            double[] sample = analyses.exact(Ablation.PATCHING, some, RunOptions.quiet());
            assertTrue(worst(exact, sample, some) < 1e-9, "an edge alone is the edge among all");
            for (int edge = some.nextClearBit(0); edge < sample.length; edge = some.nextClearBit(edge + 1))
                assertEquals(0, sample[edge]);
        }
    }

    /** As a share of the largest score. */
    private static double worst(Scores scores, double[] found, BitSet some) {
        double largest = 0;
        double worst = 0;
        for (int edge : some.stream().toArray()) {
            largest = Math.max(largest, Math.abs(scores.of(edge)));
            worst = Math.max(worst, Math.abs(scores.of(edge) - found[edge]));
        }
        return worst / largest;
    }
}
