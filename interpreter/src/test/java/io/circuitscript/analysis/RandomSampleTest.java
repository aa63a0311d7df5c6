package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.circuitscript.analysis.circuits.EvaluatedCircuits;
import io.circuitscript.analysis.circuits.RandomSample;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.RandomCircuits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomSampleTest {
    private static final RandomCircuits CIRCUITS = RandomCircuits.of(new ModelGraph(4, 4, false));

    private static List<Circuit> drawn(int count, boolean connected, long seed) {
        return RandomSample.draw(CIRCUITS, 40, count, connected, seed, new CancelToken());
    }

    @Test
    void moreCircuitsBeginWithTheSameOnes() {
        for (boolean connected : new boolean[] {false, true}) {
            assertEquals(drawn(50, connected, 7), drawn(100, connected, 7).subList(0, 50));
            assertNotEquals(drawn(50, connected, 7), drawn(50, connected, 8));
            assertEquals(100, new HashSet<>(drawn(100, connected, 7)).size());
        }
    }

    @Test
    void aPValueCountsTheFoundCircuitAsOneMore() {
        double[] random = {0.1, 0.5, 0.5, 0.9};
        assertEquals(1.0 / 5, RandomSample.pValue(1, random));
        assertEquals(4.0 / 5, RandomSample.pValue(0.5, random));
        assertEquals(1, RandomSample.pValue(0, random));
    }

    @Test
    void manyCircuitsGiveWhatEachGivesAlone() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            ModelGraph graph = fixture.model.graph();
            List<Circuit> circuits =
                    new ArrayList<>(RandomSample.draw(RandomCircuits.of(graph), 20, 6, true, 3, new CancelToken()));
            circuits.add(Circuit.empty(graph));
            circuits.add(circuits.getFirst());
            double[] empty = {1};
            EvaluatedCircuits all = EvaluatedCircuits.of(
                    "random", analyses, circuits, circuit -> Ablation.PATCHING, empty, RunOptions.quiet());
            for (int i = 0; i < 6; i++)
                assertArrayEquals(
                        analyses.evaluate(circuits.get(i), Ablation.PATCHING, RunOptions.quiet()),
                        all.values().get(i));
            assertSame(empty, all.values().get(6));
            assertSame(all.values().getFirst(), all.values().get(7));
        }
    }
}
