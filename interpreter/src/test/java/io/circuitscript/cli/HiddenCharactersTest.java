package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProcessEnvironment.Terminals;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.model.Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a script, a file, a name or an answer: a terminal shows it, and neither obeys nor hides it. */
@Timeout(120)
final class HiddenCharactersTest {
    /** Escape, the one-byte form of it, backspace, delete, right-to-left override, zero-width space, a tag. */
    private static final String EVIL = "\u001B[31m\u009B2J\b\u007F\u202E\u200B\uDB40\uDC41";

    private static final String SHOWN = "\\u{1B}[31m\\u{9B}2J\\u{8}\\u{7F}\\u{202E}\\u{200B}\\u{E0041}";

    /** The styles that we write ourselves. */
    private static final String OURS = "\u001B\\[(0|1|2|1;31|1;33|1;34|1;36)m";

    @TempDir
    private Path folder;

    /** Of a run: nothing hidden on either stream, and where it is expected to be told, the evil text as it is shown. */
    private CommandRun clean(CommandRun run, boolean told) {
        for (String text : List.of(run.out(), run.err())) {
            List<String> hidden = text.codePoints()
                    .filter(it -> it != '\n' && it != '\t')
                    .filter(it -> switch (Character.getType(it)) {
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR -> true;
                        default -> false;
                    })
                    .mapToObj(it -> "U+" + Integer.toHexString(it))
                    .toList();
            assertEquals(List.of(), hidden, text);
        }
        assertTrue(!told || (run.out() + run.err()).contains(SHOWN), () -> run.out() + run.err());
        return run;
    }

    private CommandRun clean(String... arguments) {
        return clean(
                CommandRun.of(
                        folder,
                        "",
                        Map.of(
                                "HF_HUB_OFFLINE",
                                "1",
                                "HF_HOME",
                                folder.resolve("hf").toString()),
                        arguments),
                true);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void whatAScriptPrintsAndHowItIsEchoed() throws IOException {
        file(
                "a.circuit",
                "print \"" + EVIL + "a\\tb\\nc\"\nprint [\"" + EVIL + "\"]\nlet x = \"" + EVIL + "\"\nexpect x == \""
                        + EVIL + "\" # " + EVIL + "\n");
        CommandRun run = clean("run", "a.circuit", "--timings");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out().startsWith(SHOWN + "a\tb\nc\n"),
                "line ends and tabs of the user's own text stay: " + run.out());
        assertTrue(run.out().contains("expect x == \"" + SHOWN), "the statement beside its result: " + run.out());
    }

    @Test
    void tokensTextsAndGrids() throws IOException {
        file(
                "a.circuit",
                "load demo\ntokens \"" + EVIL + "\"\npredict \"a" + EVIL + "\"\ngenerate \"a" + EVIL + "\"\n"
                        + "patch \"" + EVIL + " The war lasted\" \"" + EVIL
                        + " The siege lasted\" correct=\"a\" incorrect=\"b\"\nfor n in [\"" + EVIL
                        + "\"] { print n }\n");
        CommandRun run = clean("run", "a.circuit");
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void columnsAndNotesOfData() throws IOException {
        String pairs =
                "The war lasted from the year 1741 to the year 17,The war lasted from the year 1701 to the year 17,41,"
                        + EVIL;
        file("pairs.csv", "clean,corrupted,start_year,\"odd" + EVIL + "\nnote: forged\"\n" + pairs + "\n");
        CommandRun run = clean("-c", "load demo; data \"pairs.csv\"; baseline");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(
                run.out().contains("odd" + SHOWN + "\\nnote: forged"), "a column is no line of its own: " + run.out());
        file("bad.csv", "cle" + EVIL + "an,corrupted\na,b\n");
        clean("-c", "load demo; data \"bad.csv\"");
        file("label.csv", "clean,corrupted,correct,incorrect\na,b,\"" + EVIL + "\",\"b" + EVIL + "\"\n");
        clean("-c", "load demo; data \"label.csv\"; baseline");
    }

    @Test
    void namesOfFilesThatAreReadAndWritten() throws IOException {
        String name = EVIL + "\n\r";
        file(
                name + ".circuit",
                "load demo\nsave \"" + EVIL + ".json\"\nopen \"" + EVIL + ".json\"\nrender \"" + EVIL
                        + ".dot\"\nreport \"" + EVIL + ".html\"\n");
        assertEquals(0, clean("run", name + ".circuit", "--record").exitCode());
        assertTrue(Files.exists(folder.resolve(EVIL + ".json")), "the file has the name that was given");
        assertTrue(Files.readString(folder.resolve(name + ".record.json")).contains("\u202E"), "a file is exact");
        clean("lock", name + ".circuit");
        clean("check", name + ".circuit");
        file(name + ".circuit", "print   1\n");
        clean("fmt", name + ".circuit", "--check");
        clean("fmt", name + ".circuit");
        clean("verify", name + ".circuit");
        clean("run", name + "none.circuit");
        clean("-c", "load demo; data \"" + EVIL + "\"");
        clean("-c", "load demo; save \"../" + EVIL + ".json\"");
    }

    @Test
    void wordsOfTheCommandLine() {
        for (String[] words : List.of(
                new String[] {EVIL},
                new String[] {"--" + EVIL},
                new String[] {"run", EVIL},
                new String[] {"help", EVIL},
                new String[] {"models", EVIL},
                new String[] {"bench", EVIL},
                new String[] {"bench", "--examples", EVIL},
                new String[] {"completion", EVIL},
                new String[] {"--color", EVIL},
                new String[] {"-D", EVIL},
                new String[] {"-D", EVIL + "=1", "-c", "print 1"},
                new String[] {"-D", "a=" + EVIL, "-c", "param a = 1; print a"})) {
            clean(words);
        }
    }

    @Test
    void modelsAndTheirFiles() throws IOException {
        Path model = Files.createDirectories(folder.resolve("m" + EVIL));
        try (Stream<Path> files = Files.list(Fixture.of("gpt2"))) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
        clean("-c", "load \"./m" + EVIL + "\"; print 1; predict \"a\"");
        clean("-c", "load \"" + EVIL + "\"");
        clean("-c", "load demo revision=\"" + EVIL + "\"");
        clean("-c", "load demo bos=\"" + EVIL + "\"");
        Files.writeString(
                model.resolve("config.json"),
                "{\"model_type\": \"" + EVIL.replace("\u001B", "\\u001b").replace("\b", "\\b") + "\"}");
        clean("-c", "load \"./m" + EVIL + "\"");
        clean(
                CommandRun.of(
                        folder,
                        "",
                        Map.of("HF_HOME", folder.resolve("m" + EVIL).toString(), "HF_HUB_OFFLINE", "1"),
                        "doctor"),
                false);
    }

    @Test
    void anAnswerOfTheHub() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("X-Error-Message", "no\u009B2Jsuch\u00ADthing");
            exchange.sendResponseHeaders(418, -1);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://localhost:" + server.getAddress().getPort();
            Map<String, String> variables = Map.of(
                    "HF_ENDPOINT", address, "HF_HOME", folder.resolve("hf").toString());
            CommandRun run = clean(CommandRun.of(folder, "", variables, "-c", "load acme/tiny"), false);
            assertTrue(run.err().contains("no\\u{9B}2Jsuch\\u{AD}thing"), run.err());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void thePrompt() {
        String typed = "let a = \"" + EVIL + "\"\na\nprint a\n:list\n:load " + EVIL + "\n:nothing" + EVIL + "\nprint "
                + EVIL + "\n";
        CommandRun run = CommandRun.of(
                folder,
                typed.getBytes(StandardCharsets.UTF_8),
                new Terminals(true, true, true),
                Map.of(),
                "--color=never");
        clean(run, false);
        assertTrue(run.out().contains(SHOWN), run.out());
    }

    /** Our own colours come through, and nobody else's. */
    @Test
    void coloursAreOurs() throws IOException {
        file(
                "a.circuit",
                "expect \"" + EVIL + "\" == \"" + EVIL + "\"\nprint \"\u001B[1mbold\u001B[0m\"\nprint " + EVIL + "\n");
        CommandRun run = CommandRun.of(folder, "run", "a.circuit", "--color=always");
        assertTrue(run.err().contains("\u001B[1;31m"), run.err());
        clean(new CommandRun(0, run.out().replaceAll(OURS, ""), run.err().replaceAll(OURS, "")), true);
        file("a.circuit", "expect 1 == 1\nprint \"\u001B[1mbold\u001B[0m\"\n");
        CommandRun printed = CommandRun.of(folder, "run", "a.circuit", "--color=always");
        assertTrue(printed.out().startsWith("\u001B[2mexpect 1 == 1\u001B[0m"), printed.out());
        assertTrue(printed.out().contains("\\u{1B}[1mbold\\u{1B}[0m\n"), printed.out());
    }

    @Test
    void howFarLongWorkIs() throws Exception {
        var bytes = new ByteArrayOutputStream();
        PrintStream err = ScreenStream.over(bytes);
        var progress = new ProgressLine(err);
        progress.begin("fetch " + EVIL, 3, "MB");
        Thread.sleep(1_500);
        progress.end();
        String drawn = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(drawn.contains("\r\u001B[Kfetch " + SHOWN), drawn);
        clean(new CommandRun(0, "", drawn.replace("\r\u001B[K", "")), true);
    }

    @Test
    void aDefectAndItsTrace() {
        var bytes = new ByteArrayOutputStream();
        var environment = new ProcessEnvironment(
                InputStream.nullInputStream(),
                new ResultStream(new ByteArrayOutputStream()),
                ScreenStream.over(bytes),
                Terminals.NONE,
                folder,
                Map.of(),
                Signals.NONE);
        new Messages(environment, ColorMode.NEVER, ProgressLine.NONE).defect(new IllegalStateException("at " + EVIL));
        clean(new CommandRun(0, "", bytes.toString(StandardCharsets.UTF_8)), true);
    }

    /** What programs read has each character as it is. */
    @Test
    void jsonAndLaidOutScriptsAreExact() {
        CommandRun json = CommandRun.of(folder, "--json", "-c", "print \"\u202Ea\u200Bb\"");
        assertEquals("{\"statement\":\"print\",\"line\":1,\"value\":\"\u202Ea\u200Bb\"}\n", json.out());
        CommandRun script = CommandRun.of(folder, "print   \"\u202Ea\u200Bb\"\n", Map.of(), "fmt", "-");
        assertEquals("print \"\u202Ea\u200Bb\"\n", script.out());
    }

    /**
     * Nothing writes to a stream of the process but through the two that are looked at. Main speaks itself where no class of those can be loaded any more, and the
     * tokenizer's own process answers whoever started it.
     */
    @Test
    void noOtherWayLeadsToTheTerminal() throws IOException {
        List<String> places = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(it -> it.toString().endsWith(".java")).toList()) {
                String text = Files.readString(source);
                if (Stream.of(
                                "System.out",
                                "System.err",
                                "FileDescriptor.out",
                                "FileDescriptor.err",
                                ".printStackTrace()")
                        .anyMatch(text::contains)) {
                    places.add(source.getFileName().toString());
                }
            }
        }
        assertEquals(
                "Main.java, ProcessEnvironment.java, TokenizerServer.java",
                places.stream().sorted().collect(Collectors.joining(", ")));
        assertFalse(Files.readString(Path.of("src/main/java/io/circuitscript/cli/console/ProcessEnvironment.java"))
                .contains("utf8(new FileOutputStream"));
    }
}
