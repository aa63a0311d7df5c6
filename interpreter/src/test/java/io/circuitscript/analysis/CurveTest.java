package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void areasAreThoseOfTrapezoids() {
        Curve curve = new Curve(new double[] {.1, .2, 1}, new double[] {0, .5, 1.5});
        assertEquals(.1 * .25 + .8 * 1, curve.area(), 1e-12);
        assertEquals(.1 * .75 + .8 * .5, curve.distance(), 1e-12); // |1 - f| is 1, .5, .5
    }

    @Test
    void aModelInFullAtEverySizeHasTheWholeFieldFromTheSmallestSize() {
        Curve curve = new Curve(new double[] {.001, .5, 1}, new double[] {1, 1, 1});
        assertEquals(.999, curve.area(), 1e-12);
        assertEquals(0, curve.distance(), 1e-12);
    }
}
