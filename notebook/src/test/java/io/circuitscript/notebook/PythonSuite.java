package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tests in Python, run by the interpreter that {@code CIRCUIT_TEST_PYTHON} names; the program that they run is the one under test. */
final class PythonSuite {
    private static final int MINUTES = 5;

    private final String python;
    private final Path program;
    private final Path folder;

    private PythonSuite(String python, Path program, Path folder) {
        this.python = python;
        this.program = program;
        this.folder = folder;
    }

    /**
     * Skips the test where the variable is not set, or the interpreter lacks one of the modules.
     *
     * @param folder for the program and what the tests write
     */
    static PythonSuite with(Path folder, String... modules) throws Exception {
        String python = System.getenv("CIRCUIT_TEST_PYTHON");
        assumeTrue(python != null, "skipped: CIRCUIT_TEST_PYTHON names no Python with Jupyter");
        PythonSuite suite = new PythonSuite(python, launcher(folder), folder);
        String imports = "import " + String.join(", ", modules);
        assumeTrue(suite.imports(imports), () -> "skipped: " + python + " fails at " + imports);
        return suite;
    }

    private boolean imports(String line) throws Exception {
        try {
            return run(List.of("-c", line)).isEmpty();
        } catch (IOException noPython) {
            return false;
        }
    }

    /** Runs pytest, with its arguments. */
    void pytest(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-W", "ignore", "-m", "pytest", "-q", "-p", "no:cacheprovider"));
        command.addAll(List.of(arguments));
        assertEquals("", run(command));
    }

    /** @return what it said where it failed; empty where it did not */
    private String run(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(python));
        command.addAll(arguments);
        Path said = folder.resolve("said.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("CIRCUIT", program.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            String output = Files.readString(said);
            if (!ended) return "not done after " + MINUTES + " minutes\n" + output;
            return process.exitValue() == 0 ? "" : output + "\nexit code " + process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The program under test as a user has it: one file to run. */
    private static Path launcher(Path folder) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path file = folder.resolve("circuit");
        Files.writeString(
                file,
                "#!/bin/sh\nexec " + quoted(java.toString())
                        + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true "
                        + quoted("-Dcircuit.launcher=" + file) + " -cp "
                        + quoted(System.getProperty("java.class.path")) + " io.circuitscript.cli.Main \"$@\"\n");
        file.toFile().setExecutable(true);
        return file;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
