package io.circuitscript.runtime.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.Randomly;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberTextTest {
    private static final double[] EDGES = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        9007199254740992.0,
        1e21,
        1e-7
    };

    /** Any finite number: of any size, of a usual size, or where text changes its form. */
    private static double number(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextGaussian() * 1000;
            default -> {
                double any = Double.longBitsToDouble(random.nextLong());
                yield Double.isFinite(any) ? any : 0.5;
            }
        };
    }

    @Test
    void readsBackAsTheSameNumber() {
        Randomly.check(1000, random -> {
            double value = number(random);
            assertEquals(value == 0 ? 0.0 : value, Double.parseDouble(NumberText.of(value)));
        });
    }

    @Test
    void wholeNumbersHaveNoPoint() {
        Randomly.check(1000, random -> {
            int value = random.nextInt();
            assertEquals(Integer.toString(value), NumberText.of(value));
        });
    }

    @Test
    void percentagesReadBack() {
        Randomly.check(1000, random -> {
            int percent = random.nextInt(101);
            assertEquals(percent + "%", new Value.Number(percent / 100.0, true).display());
        });
    }
}
