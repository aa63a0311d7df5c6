package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.Visible;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bar and lines of text on one terminal. */
final class ProgressLineTest {
    private static final long REDRAWN_SEVERAL_TIMES_MILLIS = 700;

    @Test
    void noBarIsDrawnWhileTextIsWritten() throws InterruptedException {
        var screen = new ByteArrayOutputStream();
        var line = new ProgressLine(new PrintStream(screen, true, StandardCharsets.UTF_8));
        line.begin("work", 2, "parts");
        for (int i = 0; i < 100 && screen.size() == 0; i++) Thread.sleep(100);
        assertTrue(screen.toString(StandardCharsets.UTF_8).contains("work  0/2 parts"), "no bar");
        int[] sizes = new int[2];
        line.inPlaceOfBar(() -> {
            sizes[0] = screen.size();
            String shown = screen.toString(StandardCharsets.UTF_8);
            assertTrue(shown.endsWith(Visible.RETURN + Visible.ESCAPE + "[K"), shown);
            pause();
            sizes[1] = screen.size();
        });
        line.end();
        assertEquals(sizes[0], sizes[1]);
    }

    private static void pause() {
        try {
            Thread.sleep(REDRAWN_SEVERAL_TIMES_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
