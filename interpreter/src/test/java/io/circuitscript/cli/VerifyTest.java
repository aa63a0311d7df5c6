package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.io.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code run --record} and {@code verify}, as somebody at a shell sees them. */
final class VerifyTest extends ScriptFolder {
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

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        pairs(41, 52, 63, 34);
        model();
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
        assertTrue(
                run.err().startsWith("error[E0642]: the record was made with other inputs: " + name + "\n"), run.err());
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
        assertEquals(
                "{\"results\":7,\"differences\":0}\n",
                circuit("verify out/x.record.json --json").out());
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
        assertTrue(circuit("verify out/x.record.json --json")
                .out()
                .startsWith("{\"statement\":\"evaluate\",\"line\":7,\"field\":\"faithfulness\",\"recorded\":\"7.5\","));
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
        flipWeight();
        assertInputDiffers("./model: model.safetensors");
    }

    /** Where the record itself says that the input is another one, only the results can tell. */
    private List<String> rows() throws IOException {
        CommandRun run = circuit("verify out/x.record.json");
        assertEquals(1, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        return lines.subList(1, lines.size() - 1).stream()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    private void changeRecord(String before, String after) throws IOException {
        String record = text("out/x.record.json");
        assertTrue(record.contains(before), before);
        file("out/x.record.json", record.replace(before, after));
    }

    private void assertRow(List<String> rows, String start) {
        assertTrue(rows.stream().anyMatch(row -> row.startsWith(start)), rows.toString());
    }

    @Test
    void oneChangedWeightIsARow() throws IOException {
        record();
        Path weights = folder.resolve("model/model.safetensors");
        String before = new FileHashes().of(weights);
        changeWeight();
        changeRecord(before, new FileHashes().of(weights));
        assertRow(rows(), "evaluate 7 faithfulness ");
    }

    @Test
    void oneChangedCellIsARow() throws IOException {
        record();
        String before = new FileHashes().of(folder.resolve("pairs.csv"));
        file("pairs.csv", text("pairs.csv").replace(",41", ",71").replace(",52", ",72"));
        changeRecord(before, new FileHashes().of(folder.resolve("pairs.csv")));
        assertRow(rows(), "evaluate 7 ");
    }

    @Test
    void anywayShowsWhatAnotherInputChanges() throws IOException {
        String rows = text("pairs.csv");
        file("pairs.csv", rows + rows.substring(rows.indexOf('\n') + 1).replace("The war", "The siege"));
        record();
        file("pairs.csv", text("pairs.csv").replace(",41", ",71").replace(",52", ",72"));
        CommandRun run = circuit("verify out/x.record.json --anyway");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(
                run.err().startsWith("error[E0642]: the record was made with other inputs: ../pairs.csv\n"), run.err());
        List<String> table =
                run.out().lines().map(row -> row.replaceAll(" +", " ")).toList();
        assertEquals("statement line field recorded now difference", table.getFirst());
        assertTrue(table.stream().anyMatch(row -> row.startsWith("evaluate 7 faithfulness ")), run.out());
        assertTrue(
                table.stream()
                        .anyMatch(row ->
                                row.matches("evaluate 7 values\\[…] [0-9]+ items differ, the most by -?[0-9.]+")),
                run.out());
        assertTrue(table.getLast().matches("[0-9]+ not as recorded, within .*"), run.out());
    }

    @Test
    void anywayIsAlsoWithALock() throws IOException {
        assertEquals(0, circuit("lock x.circuit").exitCode());
        record();
        file("pairs.csv", text("pairs.csv").replace(",41", ",71").replace(",52", ",72"));
        CommandRun run = circuit("verify out/x.record.json --anyway");
        assertEquals(65, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("statement "), run.out() + run.err());
    }

    @Test
    void anotherSeedIsARow() throws IOException {
        file("x.circuit", SCRIPT.replace("seed 3", "param start = 1\nseed start"));
        record();
        changeRecord("\"size\" : \"30\"", "\"size\" : \"30\", \"start\" : \"5\"");
        assertRow(rows(), "evaluate 8 ");
    }

    @Test
    void whatIsWrittenIsComparedByWhatItSays() throws IOException {
        record();
        String hash = new FileHashes().of(folder.resolve("out/found.json"));
        String record = text("out/x.record.json");
        changeRecord(hash, "0".repeat(64));
        CommandRun same = circuit("verify out/x.record.json");
        assertEquals(0, same.exitCode(), same.out());
        assertEquals("note: the bytes differ from those recorded: found.json\n", same.err());
        file("out/x.record.json", text("out/x.record.json").replaceFirst("\"sum\" : [-0-9.E]+", "\"sum\" : 99.5"));
        assertRow(rows(), "found.json: sum 99.5 ");
        file(
                "out/x.record.json",
                record.replace(hash, "0".repeat(64)).replaceFirst("(without_fractions\" : \")........", "$100000000"));
        assertRow(rows(), "found.json sha256 00000000");
        file("out/x.record.json", record.replace("\"found.json\",\n      \"sha", "\"other.json\",\n      \"sha"));
        assertEquals(List.of("other.json written not written", "found.json not written written"), rows());
    }

    @Test
    void nothingIsWrittenButInATemporaryFolder() throws IOException {
        record();
        assertEquals(0, circuit("verify out/x.record.json --read-only").exitCode());
        file(
                "x.circuit",
                "load \"./model\"\nsave \"" + folder.resolve("other/found.json") + "\"\nopen \""
                        + folder.resolve("other/found.json") + "\"\n");
        assertEquals(0, circuit("run x.circuit --record --allow-write=other").exitCode());
        file("other/found.json", "left alone");
        CommandRun run = circuit("verify x.circuit");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertEquals("left alone", text("other/found.json"));
    }

    @Test
    void whatIsWrittenBesideTheFolderIsComparedAndLeftAlone() throws IOException {
        Files.createDirectories(folder.resolve("work/out"));
        file(
                "work/x.circuit",
                "load demo\nempty\nadd m3 -> logits\nsave \"../up.json\"\nopen \"../up.json\"\nsave \"deep/in.json\"\n");
        Path work = folder.resolve("work");
        assertEquals(
                0,
                CommandRun.of(work, "run", "x.circuit", "--record", "--allow-write=..")
                        .exitCode());
        Path up = folder.resolve("up.json");
        Files.writeString(up, "left alone");
        CommandRun run = CommandRun.of(work, "verify", "x.circuit");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertEquals("left alone", Files.readString(up));
        String record = Files.readString(work.resolve("x.record.json"));
        file(
                "work/x.record.json",
                record.replaceAll("(up.json\",\\s+\"sha256\" : \").{8}", "$100000000")
                        .replaceAll("(without_fractions\" : \").{8}", "$100000000"));
        assertEquals(1, CommandRun.of(work, "verify", "x.circuit").exitCode());
    }

    @Test
    void theEngineIsNamedByItsVersions() throws IOException {
        record();
        assertTrue(
                text("out/x.record.json")
                        .matches(
                                "(?s).*\"engine\" : \\{\\s+\"djl\" : \"[0-9.]+\",\\s+\"pytorch\" : \"[0-9.]+[^\"]*\",\\s+\"library\" : "
                                        + "\"[^\"]+\",\\s+\"threads\" : [0-9]+\\s.*"),
                text("out/x.record.json"));
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
    void aRecordThatCannotBeWrittenIsSaidBeforeTheRun() throws IOException {
        Files.createDirectories(folder.resolve("x.record.json"));
        CommandRun run = circuit("run x.circuit --record");
        assertEquals(70, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("x.record.json cannot be written: it is a folder"), run.err());
    }

    @Test
    void anotherBatchSizeIsWithinTheTolerance() throws IOException {
        file("x.circuit", "param batch = 64\nset batch=batch\n" + SCRIPT);
        record();
        changeRecord("\"size\" : \"30\"", "\"size\" : \"30\", \"batch\" : \"1\"");
        CommandRun run = circuit("verify out/x.record.json");
        assertEquals(0, run.exitCode(), run.out() + run.err());
    }

    @Test
    void anotherProgramOrMachineIsTold() throws IOException {
        record();
        changeRecord("\"device\" : \"cpu\"", "\"device\" : \"gpu(0)\"");
        file(
                "out/x.record.json",
                text("out/x.record.json").replaceFirst("\"pytorch\" : \"[^\"]*\"", "\"pytorch\" : \"1.2.3\""));
        CommandRun run = circuit("verify out/x.record.json");
        assertEquals(0, run.exitCode(), run.out());
        assertTrue(
                run.err()
                        .matches(
                                "note: recorded with another engine pytorch 1.2.3, now [0-9.]+\nnote: recorded with another device gpu\\(0\\), now cpu\n"),
                run.err());
    }

    @Test
    void whatCannotBeVerifiedIsSaid() throws IOException {
        CommandRun none = circuit("verify x.circuit");
        assertEquals(66, none.exitCode());
        assertTrue(none.err().startsWith("error[E0641]: there is no record of x.circuit"), none.err());
        assertEquals(66, circuit("verify nothing.circuit").exitCode());
        String format = "{\"format\": \"circuitscript-record\", \"version\": 1, ";
        for (String text : List.of(
                "",
                "[",
                "[]",
                "{}",
                format + "\"version\": 1}",
                format + "\"results\": []}",
                format + "\"script\": {\"file\": \"x.circuit\"}}")) {
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
