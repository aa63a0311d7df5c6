package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.cli.console.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: its exit code, its pipes, its signals. */
@Timeout(60)
final class ProcessTest {
    /** Prints for longer than any test waits. */
    private static final String ENDLESS = "for i in 1..100000 { for j in 1..100000 { print i, j } }";

    /** The number of the signal. */
    private static final int INTERRUPT = 2;

    @TempDir
    private Path folder;

    private ProcessBuilder circuit(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.circuitscript.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(folder.resolve("err").toFile());
    }

    /** A shell that starts the build in the background has it ignore interrupts, and so do all that the build starts. */
    private static ProcessBuilder takingInterrupts(ProcessBuilder builder) throws IOException {
        if (!interruptsAreIgnored()) return builder;
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(builder.command());
        return builder.command(command);
    }

    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return false;
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << (INTERRUPT - 1)) != 0);
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private static String out(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The superuser may read everything, without these rights as little as others. */
    private static ProcessBuilder withoutPrivileges(ProcessBuilder builder) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--bounding-set=-dac_override,-dac_read_search",
                "--inh-caps=-dac_override,-dac_read_search"));
        List<String> probe = new ArrayList<>(command);
        probe.add("true");
        try {
            assumeTrue(new ProcessBuilder(probe).start().waitFor() == 0, "the superuser's rights cannot be taken away");
        } catch (IOException none) {
            assumeTrue(false, "setpriv is not installed");
        }
        command.addAll(builder.command());
        return builder.command(command);
    }

    @Test
    void permissionDeniedIsSaidBeforeAnythingIsLoaded() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.writeString(closed.resolve("in.csv"), "clean,corrupted\na,b\n");
        Files.copy(closed.resolve("in.csv"), folder.resolve("secret.csv"));
        Files.setPosixFilePermissions(folder.resolve("secret.csv"), Set.of());
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            for (String name : List.of("secret.csv", "closed/in.csv")) {
                String script = "load demo; data \"NAME\"; open \"NAME\"; evaluate over=\"NAME\" with=mean"
                        .replace("NAME", name);
                ProcessBuilder checked = circuit("-c", script);
                Process process =
                        (Files.isReadable(folder.resolve(name)) ? withoutPrivileges(checked) : checked).start();
                assertEquals("", out(process));
                assertEquals(66, process.waitFor());
                assertEquals(4, err().split("cannot read " + name + ": permission denied", -1).length, err());
            }
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void runsWhatIsGivenAsText() throws Exception {
        Process process = circuit("-c", "print \"größer\"").start();
        assertEquals("größer\n", out(process));
        assertEquals(0, process.waitFor());
        assertEquals("", err());
    }

    @Test
    void readsAScriptFromAPipe() throws Exception {
        Process process =
                circuit("-D", "n=3").redirectInput(ProcessBuilder.Redirect.PIPE).start();
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write("param n = 1\nprint n + 1\n");
        }
        assertEquals("4\n", out(process));
        assertEquals(0, process.waitFor());
    }

    @Test
    void readsDataFromAPipeAsOftenAsItIsAskedFor() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/stdin")), "this system has no names for what a process was started with");
        String script = "load demo; data \"/dev/stdin\"; data \"/dev/stdin\" limit=1";
        Process process = circuit("--json", "-c", script)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write("clean,corrupted,label\nThe war lasted,The siege lasted,41\nThe siege lasted,The war lasted,41\n");
        }
        List<String> out = out(process).lines().toList();
        assertEquals(0, process.waitFor(), err());
        assertTrue(out.get(1).contains("\"examples\":2"), out.toString());
        assertTrue(out.get(2).contains("\"examples\":1"), out.toString());
    }

    @Test
    void exitsWithTheCodeOfTheMistake() throws Exception {
        assertEquals(64, circuit("rnu").start().waitFor());
        assertEquals(66, circuit("run", "none.circuit").start().waitFor());
        assertEquals(65, circuit("-c", "prnt 1").start().waitFor());
        assertEquals(1, circuit("-c", "expect 1 > 2").start().waitFor());
    }

    @Test
    void endsQuietlyWhenTheReaderLeaves() throws Exception {
        Process process = circuit("-c", ENDLESS).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("1 1", out.readLine());
        }
        assertEquals(ExitCode.READER_GONE, process.waitFor());
        assertEquals("", err());
    }

    @Test
    void saysThatHelpIsLost() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no full disk to write to");
        assertEquals(
                ExitCode.FAILURE,
                circuit("help").redirectOutput(full.toFile()).start().waitFor());
        assertTrue(err().contains("the results cannot be written to standard output"), err());
    }

    @Test
    void stopsAtAnInterrupt() throws Exception {
        Process process = takingInterrupts(circuit("-c", ENDLESS)).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertEquals("1 1", out.readLine());
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        while (out.readLine() != null) {
            // what was printed before the signal came
        }
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still running");
        assertEquals(130, process.exitValue());
        assertTrue(err().contains("interrupted"), err());
    }

    @Test
    void aBenchmarkStopsAtAnInterruptAndShowsWhatItHas() throws Exception {
        Process process = takingInterrupts(circuit("bench", "--examples", "1000", "--json"))
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertTrue(out.readLine().startsWith("{\"bench\":\"baseline\""));
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still running");
        assertEquals(130, process.exitValue());
        assertTrue(err().contains("interrupted"), err());
    }

    @Test
    void saysWhenResultsCannotBeWritten() throws Exception {
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) return; // Linux has it; elsewhere a full disk is harder to come by
        Process process = circuit("-c", "print 1").redirectOutput(full.toFile()).start();
        assertEquals(70, process.waitFor());
        assertTrue(err().startsWith("error[E0610]"), err());
    }
}
