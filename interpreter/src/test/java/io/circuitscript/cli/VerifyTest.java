package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --record} and {@code verify}, as somebody at a shell sees them. */
final class VerifyTest {
    private static final String SCRIPT = """
            param size = 20
            load "./model"
            seed 3
            data "pairs.csv" split=50%
            attribute
            top size
            let found = evaluate
            print "{size}: {found.faithfulness:.3}"
            save "found.json"
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        file("pairs.csv", """
                clean,corrupted,start_year
                The war lasted from the year 1741 to the year 17,The war lasted from the year 1701 to the year 17,41
                The war lasted from the year 1752 to the year 17,The war lasted from the year 1701 to the year 17,52
                The war lasted from the year 1763 to the year 17,The war lasted from the year 1701 to the year 17,63
                The war lasted from the year 1734 to the year 17,The war lasted from the year 1701 to the year 17,34
                """);
        Path model = Files.createDirectory(folder.resolve("model"));
        Path demo = ModelLocator.resolve("demo", List.of(), folder).folder();
        try (Stream<Path> parts = Files.list(demo)) {
            for (Path part : parts.toList()) Files.copy(part, model.resolve(part.getFileName().toString()));
        }
    }

    private CommandRun circuit(String line) {
        return CommandRun.of(folder, line.split(" "));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private void record() {
        CommandRun run = circuit("run x.circuit --record --out out -D size=30");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("recorded in out/x.record.json"), run.err());
    }

    private void assertInputDiffers(String name) {
        CommandRun run = circuit("verify out/x.record.json");
        assertEquals(65, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("error[E0642]: the record was made with other inputs: " + name + "\n"), run.err());
    }

    @Test
    void whatWasRecordedIsVerifiedByScriptAndByRecord() throws IOException {
        record();
        String saved = text("out/found.json");
        for (String name : List.of("out/x.record.json", "x.circuit --out out")) {
            CommandRun run = circuit("verify " + name);
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.out().startsWith("verified: 7 results are as recorded"), run.out());
        }
        assertEquals("{\"results\":7,\"differences\":0}\n", circuit("verify out/x.record.json --json").out());
        assertEquals(saved, text("out/found.json"));
        assertFalse(Files.exists(folder.resolve("found.json")));
    }

    @Test
    void aResultThatDiffersIsARow() throws IOException {
        record();
        String record = text("out/x.record.json");
        file("out/x.record.json", record.replaceFirst("\"faithfulness\" : [-0-9.E]+", "\"faithfulness\" : 7.5"));
        CommandRun run = circuit("verify out/x.record.json");
        assertEquals(1, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(3, lines.size(), run.out());
        assertTrue(lines.get(1).matches("evaluate +7 +faithfulness +7\\.5 +-?[0-9.]+ +-[0-9.]+"), run.out());
        assertTrue(circuit("verify out/x.record.json --json").out().startsWith(
                "{\"statement\":\"evaluate\",\"line\":7,\"field\":\"faithfulness\",\"recorded\":\"7.5\","));
    }

    @Test
    void aChangedInputIsNamedBeforeAnythingRuns() throws IOException {
        record();
        file("x.circuit", SCRIPT.replace("seed 3", "seed 4"));
        assertInputDiffers("../x.circuit");
        file("x.circuit", SCRIPT);
        String pairs = text("pairs.csv");
        file("pairs.csv", pairs.replace("1763", "1764"));
        assertInputDiffers("../pairs.csv");
        Files.delete(folder.resolve("pairs.csv"));
        assertInputDiffers("../pairs.csv");
        file("pairs.csv", pairs);
        Path weights = folder.resolve("model/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 3] ^= 1;
        Files.write(weights, bytes);
        assertInputDiffers("./model: model.safetensors");
    }

    @Test
    void aRecordIsTheSameInEveryLocaleAndTimeZone() throws IOException {
        record();
        String first = text("out/x.record.json");
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            record();
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        String second = text("out/x.record.json");
        assertEquals(first.substring(0, first.indexOf("\"times\"")), second.substring(0, second.indexOf("\"times\"")));
    }

    @Test
    void anExpectThatDoesNotHoldIsRecordedToo() throws IOException {
        file("short.circuit", "print 1\nexpect 1 == 2\n");
        assertEquals(1, circuit("run short.circuit --record").exitCode());
        assertEquals(0, circuit("verify short.circuit").exitCode());
    }

    @Test
    void whatCannotBeVerifiedIsSaid() throws IOException {
        CommandRun none = circuit("verify x.circuit");
        assertEquals(66, none.exitCode());
        assertTrue(none.err().startsWith("error[E0641]: there is no record of x.circuit"), none.err());
        assertEquals(66, circuit("verify nothing.circuit").exitCode());
        String format = "{\"format\": \"circuitscript-record\", \"version\": 1, ";
        for (String text : List.of("", "[", "[]", "{}", format + "\"version\": 1}", format + "\"results\": []}", format + "\"script\": {\"file\": \"x.circuit\"}}")) {
            file("wrong.json", text);
            CommandRun wrong = circuit("verify wrong.json");
            assertEquals(65, wrong.exitCode(), text);
            assertTrue(wrong.err().startsWith("error[E0640]: "), wrong.err());
        }
        CommandRun code = CommandRun.of(folder, "-c", "print 1", "--record");
        assertEquals(64, code.exitCode());
        assertTrue(code.err().startsWith("error: --record is for a script in a file"), code.err());
        assertEquals(64, circuit("verify x.circuit -D size=2").exitCode());
    }
}
