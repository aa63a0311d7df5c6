package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel as a process: signals, its parent, its end. */
final class KernelProcessTest {
    @TempDir
    private Path folder;

    @Test
    void aSignalInterruptsTheCellAndAShutdownEndsTheProcess() throws IOException, InterruptedException {
        JsonNode connection = KernelClient.connection(folder.resolve("c.json"));
        Process process = KernelProcess.start(folder, Map.of(), KernelProcess.circuit("jupyter", "kernel", "c.json"));
        try (KernelClient client = KernelProcess.client(connection)) {
            String cell = client.begin("while true { }");
            while (!client.nextOutput().type().equals("execute_input")) continue;
            new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
            assertEquals("Interrupted", client.end(cell).reply().path("ename").asText());
            assertEquals("3", client.run("1 + 2").text());
            client.answerControl(client.requestControl("shutdown_request", KernelClient.object()));
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            assertEquals(ExitCode.OK, process.exitValue());
            assertEquals("", Files.readString(folder.resolve("out.txt")));
            assertEquals("", Files.readString(folder.resolve("err.txt")));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theKernelEndsWithTheProcessThatStartedIt() throws IOException, InterruptedException {
        JsonNode connection = KernelClient.connection(folder.resolve("c.json"));
        Path launcher = KernelProcess.launcher(folder);
        Process parent = KernelProcess.start(
                folder,
                Map.of(),
                List.of("sh", "-c", "JPY_PARENT_PID=$$ '" + launcher + "' jupyter kernel c.json & wait"));
        try (KernelClient client = KernelProcess.client(connection)) {
            client.begin("while true { }");
            ProcessHandle kernel = parent.descendants()
                    .filter(it -> it.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .orElseThrow();
            parent.destroyForcibly().waitFor();
            for (int i = 0; kernel.isAlive() && i < 100; i++) Thread.sleep(100);
            boolean left = kernel.isAlive();
            kernel.destroyForcibly();
            assertTrue(!left);
        }
    }

    /** The launcher takes a while, most of all where it builds the program first. */
    @Test
    void theKernelEndsWhereItsParentIsGoneBeforeItStarts() throws IOException, InterruptedException {
        KernelClient.connection(folder.resolve("c.json"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        String pid = Long.toString(gone.pid());
        Process kernel = KernelProcess.start(
                folder,
                Map.of("JPY_PARENT_PID", pid, "CIRCUIT_PARENT", pid),
                KernelProcess.circuit("jupyter", "kernel", "c.json"));
        assertTrue(kernel.waitFor(30, TimeUnit.SECONDS));
    }

    @Test
    void aConnectionFileThatIsNoneIsToldInOneMessage() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("c.json"), "{}");
        Process process = KernelProcess.start(folder, Map.of(), KernelProcess.circuit("jupyter", "kernel", "c.json"));
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(ExitCode.INPUT, process.exitValue());
        String said = Files.readString(folder.resolve("err.txt"));
        assertTrue(said.startsWith("error: the connection file c.json cannot be used: it has no key"), said);
    }
}
