package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TorchTest {
    @Test
    void operationsRunAndMemoryComesBack() {
        try (Torch torch = Torch.on("cpu", Precision.FLOAT32, note -> {})) {
            try (Scope scope = torch.scope()) {
                Tensor x = torch.numbers(scope, new double[] {1, 2, 3, 4}, 2, 2);
                Tensor y = torch.add(scope, x, x);
                assertArrayEquals(new double[] {2, 4, 6, 8}, torch.toHost(y));
                assertEquals(2, torch.liveTensors());
            }
            assertEquals(0, torch.liveTensors());
        }
    }

    @Test
    void gradientsOfInnerActivations() {
        try (Torch torch = Torch.on("cpu", Precision.FLOAT64, note -> {});
                Scope scope = torch.scope()) {
            Tensor x = torch.leaf(scope, torch.numbers(scope, new double[] {1, 2}, 2));
            Tensor y = torch.scale(scope, x, 3.0);
            Tensor unused = torch.leaf(scope, x);
            Tensor z = torch.total(scope, torch.weightedSum(scope, y, y));
            List<Tensor> gradients = torch.gradients(scope, z, List.of(y, unused));
            assertArrayEquals(new double[] {6, 12}, torch.toHost(gradients.getFirst()));
            assertArrayEquals(new double[] {0, 0}, torch.toHost(gradients.getLast()));
        }
    }

    /** A few rows are multiplied the other way round. */
    @Test
    void fewRowsAreUnembeddedAsManyAre() {
        double[] table = new double[11 * 4];
        for (int i = 0; i < table.length; i++) table[i] = Math.sin(i * 0.7);
        double[] values = new double[8 * 4];
        for (int i = 0; i < values.length; i++) values[i] = Math.cos(i * 1.3);
        try (Torch torch = Torch.on("cpu", Precision.FLOAT64, note -> {});
                Scope scope = torch.scope()) {
            Tensor words = torch.numbers(scope, table, 11, 4); // [dVocab, dModel]
            Tensor all = torch.numbers(scope, values, 8, 4); // [row, dModel]
            Tensor logits = torch.unembed(scope, all, words); // [row, dVocab]
            for (int rows = 1; rows < 8; rows++) {
                Tensor some = torch.unembed(scope, torch.rows(scope, all, 0, rows), words);
                assertEquals(rows, some.size(0));
                double[] expected = torch.toHost(torch.rows(scope, logits, 0, rows));
                assertArrayEquals(expected, torch.toHost(some), 1e-14);
            }
        }
    }

    /** Of more queries than are taken at once, the last see what they see alone. */
    @Test
    void cappedAttentionOfALongTextIsThatOfItsParts() {
        int length = 1100;
        double[] values = new double[length * 4];
        for (int i = 0; i < values.length; i++) values[i] = Math.sin(i * 0.7) * 3;
        long[] places = LongStream.range(0, length).toArray();
        try (Torch torch = Torch.on("cpu", Precision.FLOAT64, note -> {});
                Scope scope = torch.scope()) {
            Tensor x = torch.numbers(scope, values, 1, length, 2, 2); // [batch, pos, head, dHead]
            Tensor at = torch.longs(scope, places, length);
            Tensor mask = torch.visible(scope, at, at, 0); // [queryPos, keyPos]
            Tensor all = torch.attendCapped(scope, x, x, x, mask, 0.5, 2); // [batch, pos, head, dHead]
            for (int from : new int[] {0, 500, 1000}) {
                Tensor some = torch.attendCapped(
                        scope,
                        torch.positions(scope, x, from, from + 100),
                        x,
                        x,
                        torch.rows(scope, mask, from, from + 100),
                        0.5,
                        2);
                Tensor expected = torch.copyPositions(scope, all, from, from + 100);
                assertArrayEquals(torch.toHost(expected), torch.toHost(some), 1e-14);
            }
        }
    }

    /** However many positions are multiplied at once. */
    @Test
    void productsOfPositionsAreSummedWithinSpans() {
        double[] delta = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; // [source 2, n 3, dModel 2]
        double[] slots = {1, 0, 0, 1, 1, 1}; // [slot 1, n 3, dModel 2]
        double[] member = {1, 0, 1, 0, 1, 0}; // [span 2, n 3]
        try (Torch torch = Torch.on("cpu", Precision.FLOAT64, note -> {});
                Scope scope = torch.scope()) {
            for (int atOnce : new int[] {1, 2, 3, 100}) {
                Tensor found = torch.addScoresBySpan(
                        scope,
                        torch.doubles(scope, new double[4], 2, 2, 1),
                        torch.numbers(scope, delta, 2, 3, 2),
                        torch.numbers(scope, slots, 1, 3, 2),
                        torch.doubles(scope, member, 2, 3),
                        0,
                        3,
                        atOnce); // [span, source, slot]
                assertArrayEquals(new double[] {1 + 11, 7 + 23, 4, 10}, torch.toHost(found), "by " + atOnce);
            }
        }
    }
}
