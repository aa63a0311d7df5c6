package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.cli.CircuitCommand;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.Signals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code circuit jupyter install}. */
final class InstallTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int circuit(Map<String, String> variables, String... words) {
        return CircuitCommand.run(
                words,
                new ProcessEnvironment(
                        new ByteArrayInputStream(new byte[0]),
                        new ResultStream(out),
                        ProcessEnvironment.utf8(err),
                        ProcessEnvironment.Terminals.NONE,
                        folder,
                        variables,
                        Signals.NONE));
    }

    @Test
    void theKernelIsWrittenWhereJupyterLooks() throws IOException {
        Map<Path, List<String>> places = Map.of(
                folder.resolve("env/share/jupyter"), List.of("--prefix", "env"),
                folder.resolve("data"), List.of(),
                folder.resolve("venv/share/jupyter"), List.of("--sys-prefix"));
        var variables = Map.of(
                "JUPYTER_DATA_DIR",
                folder.resolve("data").toString(),
                "VIRTUAL_ENV",
                folder.resolve("venv").toString());
        for (var place : places.entrySet()) {
            List<String> words = new ArrayList<>(List.of("jupyter", "install"));
            words.addAll(place.getValue());
            for (int twice = 0; twice < 2; twice++)
                assertEquals(ExitCode.OK, circuit(variables, words.toArray(String[]::new)), err::toString);
            Path spec = place.getKey().resolve("kernels/circuitscript");
            assertTrue(out.toString(StandardCharsets.UTF_8).contains(spec.toString()), out::toString);
            JsonNode json =
                    new ObjectMapper().readTree(spec.resolve("kernel.json").toFile());
            assertEquals("CircuitScript", json.path("display_name").asText());
            assertEquals("message", json.path("interrupt_mode").asText());
            assertEquals(
                    "{connection_file}",
                    json.path("argv").path(json.path("argv").size() - 1).asText());
            for (int size : List.of(32, 64))
                assertEquals(
                        size,
                        ImageIO.read(spec.resolve("logo-" + size + "x" + size + ".png")
                                        .toFile())
                                .getWidth());
            assertTrue(Files.readString(spec.resolve("logo-svg.svg")).startsWith("<svg"));
        }
    }

    @Test
    void flagsOfTheInstallationAreThoseOfTheKernel() throws IOException {
        assertEquals(
                ExitCode.OK, circuit(Map.of(), "jupyter", "install", "--prefix", "env", "--read-only", "--offline"));
        String json = Files.readString(folder.resolve("env/share/jupyter/kernels/circuitscript/kernel.json"));
        assertTrue(json.contains("\"--offline\", \"--read-only\", \"jupyter\", \"kernel\""), json);
    }

    @Test
    void thePageOfItsHelpIsItsOwn() {
        assertEquals(ExitCode.OK, circuit(Map.of(), "jupyter", "install", "--help"));
        String page = out.toString(StandardCharsets.UTF_8);
        assertTrue(page.startsWith("Usage: circuit jupyter install [--user"), page);
        assertTrue(page.contains("--sys-prefix ") && page.contains("--read-only "), page);
        assertFalse(page.contains("-D") || page.contains("--record") || page.contains("Exit codes"), page);
    }

    @Test
    void withoutAnEnvironmentThereIsAWayOut() {
        assertEquals(ExitCode.USAGE, circuit(Map.of(), "jupyter", "install", "--sys-prefix"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("--prefix DIR"), err::toString);
        assertEquals(ExitCode.USAGE, circuit(Map.of(), "jupyter"));
        assertEquals(ExitCode.USAGE, circuit(Map.of(), "jupyter", "install", "--prefix", ""));
        assertEquals(ExitCode.USAGE, circuit(Map.of(), "jupyter", "install", "--user", "--prefix", "x"));
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        assertEquals(ExitCode.FAILURE, circuit(Map.of(), "jupyter", "install", "--prefix", "file"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("cannot be made"), err::toString);
    }
}
