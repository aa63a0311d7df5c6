package io.circuitscript.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.analysis.Fixture;
import io.circuitscript.engine.ScoreProducts.Chunk;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How positions are cut for the products that make scores. */
final class ScoreProductsTest {
    @Test
    void everyPositionOnce() {
        for (int rows = 1; rows <= 5; rows++) {
            for (int width = 1; width <= 40; width++) {
                for (int most = 1; most <= 45; most++) {
                    int next = 0;
                    for (Chunk chunk : ScoreProducts.chunks(rows, width, most)) {
                        assertEquals(next, chunk.from());
                        assertTrue(chunk.size() > 0 && chunk.size() <= most, chunk::toString);
                        // Whole rows, or a part of one.
                        if (chunk.rows() > 1) assertEquals(chunk.rows() * width, chunk.size());
                        assertEquals(chunk.from() / width + chunk.rows() - 1, (chunk.to() - 1) / width);
                        next = chunk.to();
                    }
                    assertEquals(rows * width, next);
                }
            }
        }
    }

    @Test
    void aRowIsCutTheSameInAnyCompany() {
        List<Chunk> alone = ScoreProducts.chunks(1, 167, 69);
        assertEquals(List.of(new Chunk(0, 56, 1), new Chunk(56, 112, 1), new Chunk(112, 167, 1)), alone);
        assertEquals(alone, ScoreProducts.chunks(4, 167, 69).subList(0, 3));
    }

    /** Sums of 4 sources and 3 slots over 2 rows of 32 numbers each, however many products a row is cut into. */
    @Test
    void cutSumsAreTheSame() {
        double[] sources = new Random(1).doubles(4 * 2 * 32).toArray();
        double[] slots = new Random(2).doubles(3 * 2 * 32).toArray();
        double[] expected = new double[4 * 3];
        for (int i = 0; i < expected.length; i++)
            for (int k = 0; k < 64; k++) expected[i] += sources[i / 3 * 64 + k] * slots[i % 3 * 64 + k];
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
                Scope scope = fixture.model.torch().scope()) {
            Torch torch = scope.torch();
            Tensor left = torch.numbers(scope, sources, 4, 2, 32);
            Tensor right = torch.numbers(scope, slots, 3, 2, 32);
            for (int parts : new int[] {1, 2, 8}) {
                Tensor sum = torch.doublesLike(scope, left, new int[] {1, 4, 3});
                torch.addScores(scope, sum, left, right, 2, parts);
                assertArrayEquals(expected, torch.toHost(sum), 1e-12, parts + " parts");
            }
        }
    }
}
