package io.circuitscript.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.ScoreProducts.Chunk;
import java.util.List;
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
}
