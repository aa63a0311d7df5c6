package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notebook that is used all day. */
final class MemoryTest {
    private static final int CELLS = 200;

    /** Of the heap, after a collection: the report of a session keeps a little of each result. */
    private static final long MOST_GROWTH = 4L << 20;

    @Test
    void twoHundredCellsLeaveMemoryFlat(@TempDir Path folder) throws IOException, InterruptedException {
        try (RunningKernel kernel = new RunningKernel(folder)) {
            KernelClient client = kernel.client;
            client.run("load demo\ntask greater-than");
            for (int i = 0; i < 110; i++) cell(client, i); // until old results are forgotten
            long before = used();
            for (int i = 0; i < CELLS; i++) cell(client, i);
            long growth = used() - before;
            assertTrue(growth < MOST_GROWTH, growth + " bytes more");
        }
    }

    private static void cell(KernelClient client, int number) {
        KernelClient.Ran ran = client.run("let rows = for i in 1..200 { (row=i, of=\"cell " + number + "\") }\nprint "
                + number + "\nnodes" + (number % 10 == 0 ? "\n!true" : ""));
        assertEquals("ok", ran.status(), ran::traceback);
        if (number % 50 == 0) client.run("let wrong = missing");
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
