package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and scripts that nobody writes who means well: each ends in one clear message, soon, and in little memory. */
class HostileInputTest {
    private static final String PAIR =
            "The war lasted from the year 1741 to the year 17,The war lasted from the year 1701 to the year 17,41\n";

    @TempDir
    Path folder;

    private CommandRun run(String script) {
        return CommandRun.of(folder, "-c", script);
    }

    private static void assertOneMessage(CommandRun run, int exitCode, String number) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains("error[" + number + "]: "), run.err());
        assertFalse(run.err().contains("\tat ") || run.err().length() > 20_000, run.err());
    }

    private void hole(String name) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            file.setLength(3L << 30); // takes no room
        }
    }

    @ParameterizedTest
    @CsvSource({"data, big.csv, E0418", "open, big.json, E0606", "import, big.circuit, E0141"})
    void aFileOfGigabytesIsNotRead(String statement, String name, String number) throws IOException {
        hole(name);
        assertOneMessage(
                run((statement.equals("import") ? "" : "load demo; ") + statement + " \"" + name + "\""), 65, number);
    }

    @Test
    void anEndlessFileIsNoScript() {
        for (String command : List.of("run", "check", "fmt", "lock"))
            assertSays(CommandRun.of(folder, command, "/dev/zero"), 65, "E0602", "/dev/zero is a device, not a file");
    }

    private static void assertSays(CommandRun run, int exitCode, String number, String words) {
        assertOneMessage(run, exitCode, number);
        assertTrue(run.err().contains(words), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "data, load demo; data \"NAME\"",
        "open, load demo; open \"NAME\"",
        "over, load demo; task ioi limit=2; evaluate with=mean over=\"NAME\"",
        "import, import \"NAME\""
    })
    void whatIsNoFileIsCalledWhatItIs(String what, String script) throws Exception {
        Files.createSymbolicLink(folder.resolve("away"), Path.of("gone.csv"));
        Files.createSymbolicLink(folder.resolve("round"), Path.of("round"));
        assertSays(run(script.replace("NAME", "/dev/zero")), 65, "E0602", "/dev/zero is a device, not a file");
        assertSays(
                run(script.replace("NAME", "away")), 66, "E0601", "away is a link to gone.csv, which does not exist");
        assertSays(
                run(script.replace("NAME", "round")), 66, "E0601", "round is a link to round, which leads to no file");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertSays(run(script.replace("NAME", "socket")), 65, "E0602", "socket is a socket, not a file");
        }
    }

    @Test
    void aModelsFilesMayBeLinksToNothing() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.createSymbolicLink(model.resolve("config.json"), Path.of("blobs/none"));
        assertSays(run("load \"./model\""), 66, "E0601", "config.json is a link to blobs/none, which does not exist");
        Files.createSymbolicLink(folder.resolve("other"), Path.of("nowhere"));
        assertSays(run("load \"./other\""), 66, "E0601", "./other is a link to nowhere, which does not exist");
    }

    @Test
    @Timeout(60)
    void aPipeThatNobodyWritesIntoIsNotWaitedFor() throws Exception {
        for (String name : List.of("pipe.circuit", "pipe.csv", "pipe.json")) {
            assumeTrue(
                    new ProcessBuilder("mkfifo", folder.resolve(name).toString())
                                    .start()
                                    .waitFor()
                            == 0,
                    "this system has no named pipes");
        }
        for (String command : List.of("run", "check", "fmt", "lock"))
            assertOneMessage(CommandRun.of(folder, command, "pipe.circuit"), 65, "E0602");
        assertOneMessage(run("import \"pipe\""), 65, "E0602");
        assertOneMessage(run("load demo; data \"pipe.csv\""), 65, "E0602");
        assertOneMessage(run("load demo; open \"pipe.json\""), 65, "E0602");
        assertOneMessage(CommandRun.of(folder, "bench", "demo", "--data", "pipe.csv"), 65, "E0602");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "let s = \"ab\"; for i in 1..60 { let s = s + s }",
                        "let s = \"ab\"; for i in 1..60 { let s = \"{s}{s}\" }",
                        "let s = [1]; for i in 1..60 { let s = s + s }",
                "let s = [1]; for i in 1..60 { let s = [s, s] }", "let s = [1]; for i in 1..100000 { let s = [s] }",
                        "let s = [1]; for i in 1..60 { let s = [\"{s}\", \"{s}\"] }"
            })
    void aValueThatGrowsWithoutEndIsStopped(String script) {
        assertOneMessage(run(script), 65, "E0317");
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "0, 4", "2147483647, 2147483647", "65536, 65535", "1099511627776, 4", "4.5, 4"})
    void aCircuitOfAnAbsurdModelIsRefused(String layers, String heads) throws IOException {
        String text = "{\"cfg\": {\"n_layers\": " + layers + ", \"n_heads\": " + heads
                + ", \"parallel_attn_mlp\": false, \"d_model\": 8}, \"nodes\": {}, \"edges\": {}}";
        Files.writeString(folder.resolve("g.json"), text);
        assertOneMessage(run("load demo; open \"g.json\""), 65, "E0606");
    }

    /** What the reader of JSON itself refuses has no place in the file. */
    @Test
    void aCircuitBeyondTheLimitsOfJsonIsRefused() throws IOException {
        String begin =
                "{\"cfg\": {\"n_layers\": 4, \"n_heads\": 4, \"parallel_attn_mlp\": false, \"d_model\": 128}, \"nodes\": {}, \"edges\": {\"m0->logits\": {\"score\": ";
        Files.writeString(folder.resolve("number.json"), begin + "7".repeat(2000) + ", \"in_graph\": true}}}");
        assertOneMessage(run("load demo; open \"number.json\""), 65, "E0606");
        Files.writeString(folder.resolve("deep.json"), "{\"x\": " + "[".repeat(5000) + "]".repeat(5000) + "}");
        assertOneMessage(run("load demo; open \"deep.json\""), 65, "E0606");
        Files.writeString(folder.resolve("name.json"), "{\"" + "x".repeat(100_000) + "\": 1}");
        assertOneMessage(run("load demo; open \"name.json\""), 65, "E0606");
    }

    @Test
    void aTextOfMegabytesIsNotTokenized() throws IOException {
        Files.writeString(
                folder.resolve("long.csv"), "clean,corrupted,start_year\n" + "a ".repeat(2_000_000) + ",b,41\n");
        assertOneMessage(run("load demo; data \"long.csv\""), 65, "E0316");
    }

    @Test
    void aMillionColumnsAreRead() throws IOException {
        Files.writeString(
                folder.resolve("wide.csv"),
                "clean,corrupted,start_year" + ",".repeat(1_000_000) + "\n" + PAIR.strip() + ",".repeat(1_000_000)
                        + "\n");
        assertEquals(0, run("load demo; data \"wide.csv\"").exitCode());
    }

    @ParameterizedTest
    @CsvSource({"UTF-16, 65", "UTF-16LE, 65", "UTF-8, 0"})
    void encodings(String charset, int exitCode) throws IOException {
        Files.write(
                folder.resolve("text.csv"),
                ("\uFEFFclean,corrupted,start_year\r" + PAIR.replace('\n', '\r')).getBytes(charset));
        assertEquals(exitCode, run("load demo; data \"text.csv\"").exitCode());
    }

    @Test
    void noControlCharacterOfAFileReachesTheTerminal() throws IOException {
        Files.write(folder.resolve("odd.csv"), "cl\u001B[31mean,corrupted\na,b\n".getBytes(StandardCharsets.UTF_8));
        CommandRun run = run("load demo; data \"odd.csv\"");
        assertOneMessage(run, 65, "E0405");
        assertFalse(run.err().contains("\u001B"), run.err());
        CommandRun missing = CommandRun.of(folder, "run", "no\u001B[31m\nfile");
        assertOneMessage(missing, 66, "E0612");
        assertFalse(missing.err().contains("\u001B"), missing.err());
    }

    /** However long what is wrong is, its message is short. */
    @Test
    void aMessageHasAnEnd() {
        assertOneMessage(run("x".repeat(1_000_000)), 65, "E0201");
        assertOneMessage(run("load demo; predict \"a\" top=" + "x".repeat(100_000)), 65, "E0201");
    }
}
