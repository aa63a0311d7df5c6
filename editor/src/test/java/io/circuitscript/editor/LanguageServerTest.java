package io.circuitscript.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of {@code src/test/python}, in which pytest-lsp drives the server as an editor does. {@code CIRCUIT_TEST_PYTHON} names an interpreter that has
 * pytest and pytest-lsp. {@code -Dlsp.whole=true} tries every prefix of every example and a thousand mutations, not only some.
 */
final class LanguageServerTest {
    private static final String PYTHON = "CIRCUIT_TEST_PYTHON";

    @Test
    void anEditorIsServed() throws Exception {
        String python = System.getenv(PYTHON);
        assumeTrue(python != null, PYTHON + " does not name a Python with pytest and pytest-lsp");
        boolean whole = Boolean.getBoolean("lsp.whole");
        ProcessBuilder builder = new ProcessBuilder(python, "-m", "pytest", "-q", "--no-header")
                .directory(Path.of("src/test/python").toFile())
                .redirectErrorStream(true);
        builder.environment().put("CIRCUIT_LSP", new Gson().toJson(server()));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        if (whole) builder.environment().put("CIRCUIT_LSP_WHOLE", "1");
        Process tests = builder.start();
        String shown = new String(tests.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(tests.waitFor(1, TimeUnit.MINUTES), shown);
        assertEquals(0, tests.exitValue(), shown);
        assertTrue(shown.contains(" passed"), shown);
    }

    /** The command that starts the server with the classes under test. */
    private static List<String> server() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp"));
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator))
            path.add(
                    entry.endsWith("*")
                            ? entry
                            : Path.of(entry).toAbsolutePath().toString());
        command.add(String.join(File.pathSeparator, path));
        command.addAll(List.of("io.circuitscript.cli.Main", "lsp"));
        return command;
    }
}
