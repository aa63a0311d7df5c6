package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class WorkStateTest {
    @Test
    void showsRateAndTimeLeft() {
        assertEquals(
                "attribute  120/200 examples  60%  15/s  0:06 left",
                WorkState.line("attribute", 120, 200, "examples", 8));
        assertEquals(
                "attribute  1/5000 examples  0%  0.5/s  2:46:38 left",
                WorkState.line("attribute", 1, 5000, "examples", 2));
        assertEquals("fetch a  120/548 MB  21%  12 MB/s  0:36 left", WorkState.line("fetch a", 120, 548, "MB", 10));
        assertEquals("attribute  200/200 examples  100%  20/s", WorkState.line("attribute", 200, 200, "examples", 10));
    }

    @Test
    void saysWhatItWaitsForBeforeTheFirstBatch() {
        assertEquals("attribute  0/200 examples  0%", WorkState.line("attribute", 0, 200, "examples", 8));
        assertEquals("load  3 files  1.5/s", WorkState.line("load", 3, 0, "files", 2));
    }
}
