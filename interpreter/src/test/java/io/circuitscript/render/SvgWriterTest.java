package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture that takes seconds, and somebody who does not want it any more: as it is read, as it is drawn, as it is packed. */
class SvgWriterTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 250, 500, 750, 1000, 1500})
    void aLargePngIsGivenUpAtOnce(long millis) {
        String svg = strokes(6_000);
        long end = System.nanoTime() + millis * 1_000_000;
        PrintStream screen = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThrows(
                    CancellationException.class,
                    () -> SvgWriter.write(svg, folder.resolve("a.png"), () -> {
                        if (System.nanoTime() > end) throw new CancellationException("cancelled");
                    }));
        } finally {
            System.setErr(screen);
        }
        double late = (System.nanoTime() - end) / 1e9;
        assertTrue(late < 1, late + " s after it was asked to");
        assertFalse(Files.exists(folder.resolve("a.png")));
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWantedIsDrawn() throws Exception {
        int[] asked = {0};
        SvgWriter.write(strokes(500), folder.resolve("a.png"), () -> asked[0]++);
        assertTrue(Files.size(folder.resolve("a.png")) > 100_000);
        assertTrue(asked[0] > 20, asked[0] + " times");
    }

    private static String strokes(int count) {
        SvgText out = new SvgText();
        Random random = new Random(0);
        for (int i = 0; i < count; i++) {
            double x = 900 * random.nextDouble();
            double y = 1900 * random.nextDouble();
            String way = "M" + SvgText.point(x, y) + "C" + SvgText.point(x + 90, y) + " " + SvgText.point(x, y + 90)
                    + " " + SvgText.point(x + 90, y + 90);
            out.path(way, "#0072B2", 1, 0.3, "");
        }
        return out.document(1000, 2000, "large");
    }
}
