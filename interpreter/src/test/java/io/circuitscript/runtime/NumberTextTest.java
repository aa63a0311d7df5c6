package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NumberTextTest {
    @Property
    void readsBackAsTheSameNumber(@ForAll double value) {
        assertEquals(value == 0 ? 0.0 : value, Double.parseDouble(NumberText.of(value)));
    }

    @Property
    void wholeNumbersHaveNoPoint(@ForAll int value) {
        assertEquals(Integer.toString(value), NumberText.of(value));
    }

    @Property
    void percentagesReadBack(@ForAll @IntRange(max = 100) int percent) {
        assertEquals(percent + "%", new Value.Number(percent / 100.0, true).display());
    }
}
