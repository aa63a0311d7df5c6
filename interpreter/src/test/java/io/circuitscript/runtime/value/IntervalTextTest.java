package io.circuitscript.runtime.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalTextTest {
    private static String text(double number, double low, double high) {
        return IntervalText.of(number, new Value.ListOf(List.of(new Value.Number(low), new Value.Number(high))));
    }

    @Test
    void decimalsFollowFromTheWidth() {
        assertEquals("0.90 [0.82, 0.97]", text(0.8991, 0.8204, 0.9699));
        assertEquals("0.899 [0.872, 0.931]", text(0.8991, 0.8721, 0.9309));
        assertEquals("-0.01 [-0.09, 0.08]", text(-0.0121, -0.0894, 0.0812));
        assertEquals("12 [0, 25]", text(12.3, 0.1, 24.9));
        assertEquals("0.00 [-0.10, 0.10]", text(-0.0001, -0.1, 0.1));
    }

    /** What differs from 0 by rounding alone fills no column. */
    @Test
    void tinyNumbersHaveExponents() {
        assertEquals("-3e-12 [-1.4e-11, 7e-12]", text(-0.000000000003, -0.000000000014, 0.000000000007));
        assertEquals("0 [-2e-17, 2e-17]", text(0, -2e-17, 2e-17));
        assertEquals("0.000002 [-0.000007, 0.000012]", text(0.0000021, -0.000007, 0.000012));
    }

    @Test
    void withoutAnIntervalTheNumberStandsAlone() {
        assertEquals("0.89912", IntervalText.of(0.899123, new Value.None()));
        assertEquals("1", text(1, 1, 1));
        assertEquals("0.5", text(0.5, 0.5, 0.5 + 1e-9));
    }
}
