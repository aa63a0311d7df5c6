package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.model.Fixture;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairsReaderTest {
    private static Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void readsEveryPairWithItsColumns() {
        Pairs pairs = PairsReader.read(
                "greater-than.csv", Fixture.of("greater-than.csv"), PairsReader.Options.none(), tokenizer, 64);
        assertEquals(12, pairs.size());
        assertEquals(List.of("clean", "corrupted", "start_year"), pairs.columns());
        assertTrue(pairs.tokensMin() < pairs.tokensMax());
        Pair first = pairs.pairs().getFirst();
        assertEquals(1, first.row());
        assertEquals("The siege and the voyage lasted from the year 1277 to the year 12", first.cleanText());
        assertEquals("77", first.columns().get("start_year"));
        assertArrayEquals(tokenizer.encode(first.cleanText()), first.clean());
        assertEquals(0, first.clean()[0]);
    }

    @Test
    void valuesKeepTheirSpaces() {
        Pairs pairs = PairsReader.read("ioi.csv", Fixture.of("ioi.csv"), PairsReader.Options.none(), tokenizer, 64);
        assertEquals(" Rosa", pairs.pairs().getFirst().columns().get("correct"));
        int[] correct = LabelTokens.ofColumn(pairs, "correct", tokenizer);
        assertEquals(" Rosa", tokenizer.token(correct[0]));
        assertEquals(pairs.size(), correct.length);
    }

    @Test
    void aPandasIndexIsDroppedAndIdsAreTaken() throws IOException {
        Pairs pairs = read(
                ",clean,corrupted,corrupted_hard,correct_idx,incorrect_idx\n470,\"The war, then\",\"The year, then\",x,345,12\n");
        assertEquals(List.of("clean", "corrupted", "corrupted_hard", "correct_idx", "incorrect_idx"), pairs.columns());
        assertArrayEquals(new int[] {345}, LabelTokens.ofColumn(pairs, "correct_idx", tokenizer));
        assertArrayEquals(new int[] {12}, LabelTokens.ofColumn(pairs, "incorrect_idx", tokenizer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFclean,corrupted\r\na,b\r\n",
                "clean,corrupted\na,b",
                "clean , corrupted\r\n\r\na,b\r\n\r\n",
                "\"clean\",corrupted\n\"a\",b\n"
            })
    void byteOrderMarksAndLineEndsDoNotMatter(String text) throws IOException {
        Pairs pairs = read(text);
        assertEquals(List.of("clean", "corrupted"), pairs.columns());
        assertEquals(1, pairs.size());
        assertEquals(
                Map.of("clean", "a", "corrupted", "b"), pairs.pairs().getFirst().columns());
    }

    @Test
    void columnsMayBeNamedOtherwise() throws IOException {
        var options = new PairsReader.Options(Map.of("clean", "prompt", "label", "year"), Integer.MAX_VALUE);
        Pairs pairs = PairsReader.read("x.csv", csv("prompt,corrupted,year\na,b,17\n"), options, tokenizer, 64);
        assertEquals("a", pairs.pairs().getFirst().cleanText());
        assertEquals("17", pairs.pairs().getFirst().columns().get("label"));
        assertTrue(pairs.columns().containsAll(List.of("prompt", "corrupted", "year", "clean", "label")));
    }

    @Test
    void limitTakesTheFirstRowsAndNoOtherIsChecked() throws IOException {
        String text = "clean,corrupted\na,b\nb,a\na b c,a\n";
        assertEquals(
                2,
                PairsReader.read("x.csv", csv(text), new PairsReader.Options(Map.of(), 2), tokenizer, 64)
                        .size());
        assertEquals(
                ErrorCode.LIMIT_WRONG,
                error(() -> PairsReader.read("x.csv", csv(text), new PairsReader.Options(Map.of(), 0), tokenizer, 64))
                        .code());
    }

    @Test
    void unequalLengthsShowBothTokenizationsAndTheOtherRows() {
        UserError error = wrong(
                "clean,corrupted\nThe war,The year\nThe war,The\nThe war,The year\nThe,The war\n",
                ErrorCode.DATA_UNEQUAL_LENGTHS);
        assertEquals("row 2 of x.csv has 3 clean tokens and 2 corrupted ones", error.getMessage());
        assertEquals(
                List.of(
                        "clean:     \"<|endoftext|>\" \"The\" \" war\"",
                        "corrupted: \"<|endoftext|>\" \"The\"",
                        "1 more row has this too: 4"),
                error.notes());
    }

    @Test
    void aMissingColumnShowsThoseThereAndTheNearest() {
        UserError error = wrong("clean,corupted,start_year\na,b,17\n", ErrorCode.DATA_MISSING_COLUMN);
        assertEquals("x.csv has no column corrupted", error.getMessage());
        assertEquals(List.of("its columns: clean, corupted, start_year", "nearest: corupted"), error.notes());
        assertEquals("say which column is meant: corrupted=COLUMN", error.help());
    }

    @Test
    void allMissingColumnsAreNamedAtOnce() throws IOException {
        var options = new PairsReader.Options(Map.of("correct", "anser"), Integer.MAX_VALUE);
        Path file = csv("clean,corupted,answer\na,b,17\n");
        UserError error = error(() -> PairsReader.read("x.csv", file, options, tokenizer, 64));
        assertEquals("x.csv has no columns corrupted, anser", error.getMessage());
        assertEquals(
                List.of(
                        "its columns: clean, corupted, answer",
                        "nearest to corrupted: corupted",
                        "nearest to anser: answer"),
                error.notes());
        assertEquals("say which columns are meant: corrupted=COLUMN correct=COLUMN", error.help());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "x.csv, clean;corrupted, `;`, CSV has commas",
                "x.csv, \"clean\";\"corrupted\", `;`, CSV has commas",
                "x.csv, clean|corrupted, `|`, CSV has commas",
                "x.tsv, ~clean,corrupted~, ~`,`~, TSV has tabs"
            })
    void anotherSeparatorIsTold(String name, String header, String shown, String needed) throws IOException {
        UserError error = error(() -> readAs(name, header + "\n\"a, b\";\"c\"\n"));
        assertEquals(ErrorCode.DATA_SEPARATOR, error.code());
        assertEquals("the columns of " + name + " are separated by " + shown + ", but " + needed, error.getMessage());
    }

    private static final String ROW = "{\"clean\": \"a\", \"corrupted\": \" b\"}";

    /** Each holds one row, whatever the name says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "x.jsonl ! ROW",
                "x.ndjson ! ROW",
                "x.json ! [ROW]",
                "x.json ! ROW",
                "x.jsonl ! [ROW]",
                "x.csv ! ROW",
                "x.csv ! [ROW]",
                "x ! ROW",
                "x ! [ROW]",
                "x.txt ! clean,corrupted|a, b",
                "x ! clean\tcorrupted|a\t b",
                "x.tsv ! clean\tcorrupted|a\t b",
                "x.tab ! \"clean\"\tcorrupted|\"a\"\t b",
                "x.csv ! clean\tcorrupted|a\t b",
                "x.CSV ! clean,corrupted|a, b",
            })
    void everyFormatIsReadByItsContent(String name, String text) throws IOException {
        Pairs pairs = readAs(
                name, "\uFEFF" + text.replace("ROW", ROW).replace('|', '\n').replace("\\t", "\t"));
        assertEquals(List.of("clean", "corrupted"), pairs.columns());
        assertEquals(
                List.of(Map.of("clean", "a", "corrupted", " b")),
                pairs.pairs().stream().map(Pair::columns).toList());
    }

    @Test
    void cellsOfTypesBecomeTexts() throws IOException {
        String row =
                "{\"clean\": \"a\", \"corrupted\": \"b\", \"id\": 300, \"float\": 300.0, \"part\": 0.25, \"none\": null, \"nan\": NaN, "
                        + "\"yes\": true, \"texts\": [\"flower\", \"flowers\"], \"ids\": [300, 301], \"fields\": {\"a\": 1}, "
                        + "\"wide\": 12345678901234567890, \"spaces\": \" 007 \"}";
        Map<String, String> columns = readAs("x.jsonl", row).pairs().getFirst().columns();
        assertEquals(
                List.of(
                        "a",
                        "b",
                        "300",
                        "300",
                        "0.25",
                        "",
                        "",
                        "true",
                        "[\"flower\",\"flowers\"]",
                        "[300,301]",
                        "{\"a\":1}",
                        "12345678901234567890",
                        " 007 "),
                List.copyOf(columns.values()));
    }

    /** What looks like something else stays what it is. */
    @Test
    void cellsOfCsvStayAsTheyStand() throws IOException {
        Pairs pairs = read("clean,corrupted,a,b,c,d\na,b,007,300.0,nan,\"[\"\"x\"\", 1 ]\"\na,b, 7 ,1e3,TRUE,\n");
        assertEquals(
                List.of("007", "300.0", "nan", "[\"x\", 1 ]"),
                List.copyOf(pairs.pairs().getFirst().columns().values()).subList(2, 6));
        assertEquals(
                List.of(" 7 ", "1e3", "TRUE", ""),
                List.copyOf(pairs.pairs().getLast().columns().values()).subList(2, 6));
    }

    @Test
    void parquetIsRead() throws IOException {
        var table = new TableData(
                List.of("__index_level_0__", "clean", "corrupted", "correct_idx", "answers"),
                List.of(
                        List.of(7.0, "a", " b", 300.0, List.of("x", "y")),
                        Arrays.asList(8.0, "c", "d", null, List.of("z"))));
        byte[] bytes = TableWriter.bytes("x", table, TableFormat.PARQUET);
        for (String name : List.of("x.parquet", "x.csv", "x")) {
            Path file = Files.write(folder.resolve(name), bytes);
            Pairs pairs = PairsReader.read(name, file, PairsReader.Options.none(), tokenizer, 8);
            assertEquals(List.of("clean", "corrupted", "correct_idx", "answers"), pairs.columns());
            assertEquals(
                    Map.of("clean", "a", "corrupted", " b", "correct_idx", "300", "answers", "[\"x\",\"y\"]"),
                    pairs.pairs().getFirst().columns());
            assertEquals("", pairs.pairs().getLast().columns().get("correct_idx"));
            assertEquals(
                    1,
                    PairsReader.read(name, file, new PairsReader.Options(Map.of(), 1), tokenizer, 8)
                            .size());
        }
    }

    @Test
    void severalFilesAreOneTable() throws IOException {
        Path one = Files.writeString(folder.resolve("1.csv"), "clean,corrupted\na,b\nc,d\n");
        Path two = Files.writeString(folder.resolve("2.jsonl"), "{\"corrupted\": \"f\", \"clean\": \"e\"}\n");
        DataFiles both = new DataFiles("set", List.of(one, two));
        Pairs pairs = PairsReader.read(both, PairsReader.Options.none(), tokenizer, 8, new CancelToken());
        assertEquals(
                List.of("a", "c", "e"),
                pairs.pairs().stream().map(Pair::cleanText).toList());
        assertEquals(3, pairs.pairs().getLast().row());
        Files.writeString(two, "{\"corrupted\": \"f\", \"other\": \"e\"}\n");
        UserError error =
                error(() -> PairsReader.read(both, PairsReader.Options.none(), tokenizer, 8, new CancelToken()));
        assertEquals("set (2.jsonl) has other columns than set (1.csv)", error.getMessage());
        assertEquals(
                2,
                PairsReader.read(both, new PairsReader.Options(Map.of(), 2), tokenizer, 8, new CancelToken())
                        .size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "it's.feather ! ARROW1\u0000 ! Arrow ! read_feather('it\\x27s.feather')",
                "mcqa.xlsx ! PK\u0003\u0004x ! an Excel workbook or another zip archive ! read_excel('mcqa.xlsx')",
                "mcqa.csv ! PK\u0003\u0004x ! an Excel workbook or another zip archive ! read_excel('mcqa.csv')",
                "mcqa.csv.gz ! <gzip> ! compressed by gzip ! read_csv('mcqa.csv.gz', compression='gzip')",
            })
    void anotherFormatIsToldByHowItBegins(String name, String text, String format, String read) throws IOException {
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0};
        Path file = Files.write(
                folder.resolve("data"), text.equals("<gzip>") ? gzip : text.getBytes(StandardCharsets.UTF_8));
        UserError error = error(() -> PairsReader.read(name, file, PairsReader.Options.none(), tokenizer, 8));
        assertEquals(ErrorCode.DATA_NOT_CSV, error.code());
        assertEquals(
                "\"" + name + "\" is " + format + ", and data reads CSV, TSV, JSON Lines, JSON and Parquet",
                error.getMessage());
        String csv = name.endsWith(".csv")
                ? name.replace(".csv", "-converted.csv")
                : name.replace("'", "\\x27").replaceFirst("(\\.csv)?\\.[a-z]+$", ".csv");
        assertEquals(
                "convert it: python3 -c \"import pandas; pandas." + read + ".to_csv('" + csv + "', index=False)\"",
                error.help());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[clean],corrupted\na,b\n", "{clean},corrupted\na,b\n", "\"{\"\"clean\"\": 1}\",corrupted\na,b\n"
            })
    void aHeaderWithBracketsIsCsv(String text) {
        assertEquals(
                ErrorCode.DATA_MISSING_COLUMN,
                wrong(text, ErrorCode.DATA_MISSING_COLUMN).code());
    }

    @ParameterizedTest
    @CsvSource({
        "'', DATA_EMPTY, x.csv is empty",
        "'\uFEFF\n\n', DATA_EMPTY, x.csv is empty",
        "'clean,corrupted\n', DATA_EMPTY, x.csv has a header and no rows",
        "'clean,corrupted\na,b\n\nc\n', DATA_RAGGED_ROW, row 2 of x.csv (line 4) has 1 value; the header has 2 columns",
        "'clean,corrupted\n\"a\r\nb\",c\r\nd,e,f', DATA_RAGGED_ROW, row 2 of x.csv (line 4) has 3 values; the header has 2 columns",
        "'clean,corrupted,clean\na,b,c\n', DATA_DUPLICATE_COLUMN, x.csv has two columns named clean",
        "'clean,corrupted\n\"a,b\n', DATA_MALFORMED, 'x.csv is not a valid CSV file: a quote opens and does not close in the row that begins on line 2'",
        "'clean,corrupted\n\"a\"b,c\n', DATA_MALFORMED, 'x.csv is not a valid CSV file: text follows a closing quote in the row that begins on line 2'",
        "'{\"clean\": {\"0\": \"a\"}, \"corrupted\": {\"0\": \"b\"}}', DATA_MALFORMED, 'x.csv is not a valid JSON Lines file: it is one object that holds columns'",
        "'{\"clean\": \"a\"}\n{\"clean\": ', DATA_MALFORMED, 'x.csv is not a valid JSON Lines file: row 2 is incomplete'",
        "'clean,corrupted\na b a b a b a b a b,a b a b a b a b a b\n', DATA_TOO_LONG, the texts of row 1 of x.csv have 11 tokens; the model takes 8",
    })
    void wrongFilesAreSaidSo(String text, ErrorCode code, String message) {
        UserError error = wrong(text, code);
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
        assertEquals(UserError.Kind.INPUT, error.kind());
    }

    @Test
    void aFileThatIsMissingAFolderOrNoTextIsSaidSo() throws IOException {
        UserError missing = error(
                () -> PairsReader.read("x.csv", folder.resolve("x.csv"), PairsReader.Options.none(), tokenizer, 8));
        assertEquals(UserError.Kind.MISSING, missing.kind());
        assertEquals(
                ErrorCode.NOT_A_FILE,
                error(() -> PairsReader.read("x", folder, PairsReader.Options.none(), tokenizer, 8))
                        .code());
        Path utf16 =
                Files.write(folder.resolve("utf16.csv"), "clean,corrupted\na,b\n".getBytes(StandardCharsets.UTF_16));
        assertEquals(
                ErrorCode.DATA_NOT_UTF8,
                error(() -> PairsReader.read("u", utf16, PairsReader.Options.none(), tokenizer, 8))
                        .code());
    }

    /** On Linux, reading a process's memory from its beginning fails as a broken disk does. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatFailsIsSaidSo() {
        UserError error = error(
                () -> PairsReader.read("x.csv", Path.of("/proc/self/mem"), PairsReader.Options.none(), tokenizer, 8));
        assertEquals(ErrorCode.FILE_UNREADABLE, error.code(), error.getMessage());
    }

    /** It is a plain file by its kind, and whoever may read it waits for the system's next message. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theSystemsLogIsNotWaitedFor() {
        Path log = Path.of("/proc/kmsg");
        assumeTrue(Files.isReadable(log), "only an administrator may read it");
        UserError error = error(() -> PairsReader.read("x.csv", log, PairsReader.Options.none(), tokenizer, 8));
        assertEquals(ErrorCode.NOT_A_FILE, error.code(), error.getMessage());
    }

    @Test
    void textsWithoutTokensAreRefused() throws IOException {
        try (Tokenizer bare = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Without())) {
            Path file = csv("clean,corrupted\n\"\",\"\"\n");
            assertEquals(
                    ErrorCode.DATA_EMPTY_TEXT,
                    error(() -> PairsReader.read("x.csv", file, PairsReader.Options.none(), bare, 8))
                            .code());
        }
        assertEquals(1, read("clean,corrupted\n\"\",\"\"\n").tokensMax());
    }

    @Test
    void aLabelThatIsNoTokenShowsItsTokens() throws IOException {
        Pairs pairs = read("clean,corrupted,correct\na,b, war\na,b,the war\n");
        UserError error = error(() -> LabelTokens.ofColumn(pairs, "correct", tokenizer));
        assertEquals(ErrorCode.NOT_ONE_TOKEN, error.code());
        assertEquals("\"the war\" is not one token but 3 (row 2 of x.csv, column correct)", error.getMessage());
        assertEquals("its tokens: \"t\" \"he\" \" war\"", error.notes().getFirst());
    }

    @Test
    void aLabelThatLacksItsSpaceIsToldSo() {
        UserError error = error(() -> LabelTokens.single("war", tokenizer, "here"));
        assertTrue(
                error.notes().contains("with a space in front, \" war\" is one token"),
                error.notes().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"527", "47764", "99999999999999999999"})
    void anIdThatTheTokenizerLacksIsRefused(String id) throws IOException {
        Pairs pairs = read("clean,corrupted,correct_idx\na,b," + id + "\n");
        UserError error = error(() -> LabelTokens.ofColumn(pairs, "correct_idx", tokenizer));
        assertEquals(ErrorCode.NO_SUCH_TOKEN, error.code());
        assertTrue(error.getMessage().contains(id), error.getMessage());
    }

    @Test
    void aColumnOfNumbersAndTextsIsText() throws IOException {
        Pairs pairs = read("clean,corrupted,label\na,b,17\na,b, war\n");
        int[] ids = LabelTokens.ofColumn(pairs, "label", tokenizer);
        assertEquals("17", tokenizer.token(ids[0]));
        assertEquals(
                ErrorCode.DATA_MISSING_COLUMN,
                error(() -> LabelTokens.ofColumn(pairs, "lable", tokenizer)).code());
    }

    @Test
    void nobodyWaitsForALongFileThatIsNotWantedAnyMore() throws IOException {
        Path file = csv("clean,corrupted\n" + "a,b\n".repeat(1000));
        CancelToken cancel = new CancelToken();
        cancel.cancel();
        PairsReader.Options all = PairsReader.Options.none();
        DataFiles data = DataFiles.of("x.csv", file);
        assertThrows(CancellationException.class, () -> PairsReader.header(data, all, cancel));
        assertThrows(CancellationException.class, () -> PairsReader.read(data, all, tokenizer, 64, cancel));
    }

    private Pairs readAs(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return PairsReader.read(name, file, PairsReader.Options.none(), tokenizer, 64);
    }

    private Path csv(String text) {
        try {
            return Files.writeString(folder.resolve("x.csv"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Pairs read(String text) throws IOException {
        return PairsReader.read("x.csv", csv(text), PairsReader.Options.none(), tokenizer, 64);
    }

    private UserError wrong(String text, ErrorCode code) {
        UserError error = error(() -> PairsReader.read("x.csv", csv(text), PairsReader.Options.none(), tokenizer, 8));
        assertEquals(code, error.code(), error.getMessage());
        return error;
    }

    private static UserError error(org.junit.jupiter.api.function.Executable read) {
        return assertThrows(UserError.class, read);
    }
}
