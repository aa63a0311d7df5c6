package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.Fixture;
import io.circuitscript.model.WordMarkModel;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.SpanColumns.Choice;
import io.circuitscript.task.SpanColumns.Pick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which span each position of a row is in. */
class RowSpansTest {
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

    private static Pair pair(Tokenizer of, int row, String text, SpanField... fields) {
        int[] ids = of.encode(text);
        return new Pair(row, text, text, ids, ids, Map.of(), List.of(fields), new int[0]);
    }

    private static Pairs pairs(Pair... rows) {
        return new Pairs("rows", List.of(), List.of(rows)).from(SpanSource.FIELDS);
    }

    private static Pairs found(Pair... rows) {
        return RowSpans.of(pairs(rows), tokenizer, new CancelToken());
    }

    /** A field of the characters that a value has in a text, from its so-manieth place on. */
    private static SpanField field(String name, String text, String value, int place) {
        int at = -1;
        for (int i = 0; i <= place; i++) at = text.indexOf(value, at + 1);
        return new SpanField(name, at, at + value.length(), false);
    }

    private static String names(Pairs pairs, int row) {
        return Arrays.stream(pairs.pairs().get(row).spans())
                .mapToObj(pairs.spans()::name)
                .collect(Collectors.joining(" "));
    }

    @Test
    void aPositionIsInTheFirstThatHasIt() {
        String text = "When Mary and John went to";
        Pairs found = found(pair(tokenizer, 1, text, field("a", text, "Mary", 0), field("b", text, "John went", 0)));
        assertEquals("bos rest a rest b b end", names(found, 0));
        assertEquals(List.of("bos", "a", "b", "rest", "end"), found.spans().names());
    }

    @Test
    void aFieldHasAllOfItsTokensAndASharedOneIsTheFirsts() {
        String text = "The lamps near";
        assertEquals(List.of("<|endoftext|>", "The", " la", "m", "p", "s", " ", "n", "ear"), tokens(text));
        // " la" is a token of the word; its space alone is none of the field before it.
        Pairs found = found(pair(tokenizer, 1, text, field("a", text, "The ", 0), field("b", text, "lamp", 0)));
        assertEquals("bos a b b b rest rest rest end", names(found, 0));
        found = found(pair(tokenizer, 1, text, field("late", text, "mps", 0), field("early", text, "la", 0)));
        assertEquals("bos rest early late late late rest rest end", names(found, 0));
    }

    private static List<String> tokens(String text) {
        return tokenizer.tokens(tokenizer.encode(text));
    }

    /** The last position and the first are spans of their own, and a field without any other token is none. */
    @Test
    void theEndsComeFirst() {
        String text = "Mary saw Mary";
        Pairs found = found(pair(tokenizer, 1, text, field("a", text, "Mary", 0), field("b", text, "Mary", 1)));
        assertTrue(names(found, 0).startsWith("bos a"));
        assertTrue(names(found, 0).endsWith("end"));
        Pairs alone = found(pair(tokenizer, 1, ""), pair(tokenizer, 2, "The"));
        assertEquals("bos", names(alone, 0));
        assertEquals("bos end", names(alone, 1));
        assertTrue(alone.spans().isRead(0), "the metric reads the only position");
        try (Tokenizer without = Tokenizer.open(Fixture.of("gpt2"), BosChoice.of("none"))) {
            Pair row = pair(without, 1, "The war", new SpanField("a", 0, 3, false));
            Pairs of = RowSpans.of(pairs(row), without, new CancelToken());
            assertEquals("a end", names(of, 0));
        }
    }

    @Test
    void partsOfACharacterAreInItsField() {
        String text = "a \ud83d\ude00 b c";
        Pairs found = found(pair(tokenizer, 1, text, field("smile", text, "\ud83d\ude00", 0)));
        String names = names(found, 0);
        assertEquals(4, names.split("smile", -1).length - 1, names);
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void piecesWithMarksBelongToTheWord(WordMarkModel.Form form) throws IOException {
        WordMarkModel.write(folder.resolve("model"), form);
        try (Tokenizer marks = Tokenizer.open(folder.resolve("model"), new BosChoice.Auto())) {
            String text = "Once upon a time";
            Pair row = pair(marks, 1, text, field("first", text, "Once", 0), field("second", text, "upon", 0));
            Pairs found = RowSpans.of(pairs(row), marks, new CancelToken());
            assertEquals("bos first second rest end", names(found, 0));
        }
    }

    /** Fields are listed in the order of the first row's text; others as they come. */
    @Test
    void spansAreInTheOrderOfTheText() {
        String one = "a b d f";
        String two = "d p a f";
        Pairs found = found(
                pair(tokenizer, 1, one, field("d", one, "d", 0), field("a", one, "a", 0)),
                pair(tokenizer, 2, two, field("a", two, "a", 0), field("p", two, "p", 0), field("d", two, "d", 0)));
        assertEquals(List.of("bos", "a", "d", "p", "rest", "end"), found.spans().names());
        Spans spans = found.spans();
        int a = spans.named("a");
        int d = spans.named("d");
        assertTrue(spans.sees(a, d) && spans.sees(d, a), "each comes first in one row");
        assertFalse(spans.sees(spans.named("bos"), a));
        assertTrue(spans.sees(spans.named("end"), spans.named("p")));
        assertFalse(spans.sees(spans.named("p"), spans.named("end")));
        assertTrue(spans.isRead(spans.named("end")) && !spans.isRead(a));
    }

    /** Against the definition, row by row and span by span. */
    @Test
    void whatASpanSeesFollowsFromThePositions() {
        Random random = new Random(3);
        List<String> words = List.of("a", " b", " the", " war", " x\u00e9", " John", "s", ",", " \ud83d\ude00");
        List<Pair> rows = new ArrayList<>();
        for (int row = 1; row <= 60; row++) {
            StringBuilder text = new StringBuilder();
            List<SpanField> fields = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                int from = text.length();
                text.append(words.get(random.nextInt(words.size())));
                if (random.nextInt(3) == 0)
                    fields.add(new SpanField("f" + random.nextInt(5), from, text.length(), false));
                else if (random.nextInt(5) == 0)
                    fields.add(new SpanField("p" + random.nextInt(2), 1 + random.nextInt(3), 5, true));
            }
            rows.add(pair(tokenizer, row, text.toString(), fields.toArray(SpanField[]::new)));
        }
        Pairs found = found(rows.toArray(Pair[]::new));
        Spans spans = found.spans();
        Set<Integer> occurring = new TreeSet<>();
        for (Pair row : found.pairs()) {
            assertEquals(row.length(), row.spans().length);
            assertEquals(0, row.spans()[0]);
            IntStream.of(row.spans()).forEach(occurring::add);
        }
        assertEquals(
                IntStream.range(0, spans.size()).boxed().toList(), List.copyOf(occurring), "each name is in some row");
        for (int a = 0; a < spans.size(); a++) {
            for (int b = 0; b < spans.size(); b++) {
                boolean sees = false;
                for (Pair row : found.pairs())
                    for (int at = 0; at < row.length(); at++)
                        for (int before = 0; before <= at; before++)
                            sees |= row.spans()[at] == a && row.spans()[before] == b;
                assertEquals(sees, spans.sees(a, b), spans.name(a) + " " + spans.name(b));
            }
        }
    }

    /** Only rows that have an answer of several tokens have its span. */
    @Test
    void anAnswerIsTheLastSpan() {
        String one = "a b d f";
        String two = "a p d f";
        Pairs texts = found(
                pair(tokenizer, 1, one, field("b", one, "b", 0)), pair(tokenizer, 2, two, field("p", two, "p", 0)));
        assertSame(texts.spans(), RowSpans.withAnswers(texts, _ -> false));
        Spans spans = RowSpans.withAnswers(texts, it -> it.row() == 2);
        assertEquals(List.of("bos", "b", "p", "rest", "end", "answer"), spans.names());
        int answer = spans.named("answer");
        assertTrue(spans.sees(answer, spans.named("p")) && spans.sees(answer, answer));
        assertFalse(spans.sees(answer, spans.named("b")), "no row with an answer has it");
        assertFalse(spans.sees(spans.named("end"), answer));
        assertTrue(spans.isRead(answer) && spans.isRead(spans.named("end")));
    }

    @Test
    void everyPositionMayBeASpan() {
        Pairs rows = new Pairs("rows", List.of(), List.of(pair(tokenizer, 1, "a b d f"), pair(tokenizer, 2, "a p d f")))
                .from(SpanSource.TOKENS);
        Pairs found = RowSpans.of(rows, tokenizer, new CancelToken());
        assertEquals("bos t1 t2 t3 end", names(found, 0));
        assertSame(found.pairs().get(0).spans(), found.pairs().get(1).spans(), "rows of one form share theirs");
        Pairs none = new Pairs("rows", List.of(), rows.pairs());
        assertSame(none, RowSpans.of(none, tokenizer, new CancelToken()));
    }

    @Test
    void findingThemCanBeCancelled() {
        CancelToken cancel = new CancelToken();
        cancel.cancel();
        Pairs rows = pairs(pair(tokenizer, 1, "a b"));
        assertThrows(CancellationException.class, () -> RowSpans.of(rows, tokenizer, cancel));
    }

    private Pairs read(String csv, boolean skip, Pick... picks) throws IOException {
        Path file = folder.resolve("x.csv");
        Files.writeString(file, csv);
        var options = new PairsReader.Options(
                Map.of("corrupted", "clean"), Integer.MAX_VALUE, SpanColumns.of(List.of(picks)), skip);
        Pairs read =
                PairsReader.read(DataFiles.of("x.csv", file), options, tokenizer, 64, new CancelToken(), _ -> {});
        return RowSpans.of(read, tokenizer, new CancelToken());
    }

    private static Pick pick(String column) {
        return new Pick(column, column, Choice.COLUMN);
    }

    private UserError refused(String csv, Pick... picks) {
        return assertThrows(UserError.class, () -> read(csv, false, picks));
    }

    @Test
    void aColumnsValuesAreFoundInTheTexts() throws IOException {
        Pairs found = read("clean,who\nthe war the John,war\na John the war b, John \n", false, pick("who"));
        assertEquals("bos rest who rest end", compact(names(found, 0)));
        assertEquals("bos rest who rest end", compact(names(found, 1)), "without the space around it");
    }

    private static String compact(String names) {
        return names.replaceAll("(\\S+)( \\1)+(?= |$)", "$1");
    }

    /** A word of its own is meant before a part of one. */
    @Test
    void aWordIsMeantBeforeAPartOfOne() throws IOException {
        Pairs found = read("clean,who\nJohns the John b d,John\n", false, pick("who"));
        int[] spans = found.pairs().getFirst().spans();
        assertEquals(found.spans().named("rest"), spans[1], "not in the first word");
        Pairs part = read("clean,year\nthe year 1732 to,32\n", false, pick("year"));
        assertTrue(names(part, 0).contains("year"));
    }

    @Test
    void aValueThatIsThereTwiceNeedsAChoice() throws IOException {
        String csv = "clean,who\nthe war a war b,war\nthe war b d f,war\n";
        UserError error = refused(csv, pick("who"));
        assertEquals(ErrorCode.DATA_SPAN, error.code());
        assertTrue(error.getMessage().startsWith("row 1 of x.csv has the who \"war\" 2 times"), error.getMessage());
        assertTrue(error.help().contains("first(who)") && error.help().contains("last(who)"));
        Pairs left = read(csv, true, pick("who"));
        assertEquals(List.of(2), left.pairs().stream().map(Pair::row).toList());
        assertEquals(Map.of(RowFault.SPAN_AMBIGUOUS, List.of(1)), left.skipped().rows());

        Pairs both = read(csv, false, new Pick("who", "who", Choice.FIRST), new Pick("who", "who", Choice.LAST));
        assertEquals("bos rest who rest who.1 rest end", compact(names(both, 0)).replace("rest who.1 end", "rest who.1 rest end"));
        assertFalse(names(both, 1).contains("who.1"), "a token of both is the first's");
    }

    @Test
    void aRowWithoutTheValueIsNamed() {
        UserError error = refused("clean,who\nthe war b,war\nthe war b,siege\n", pick("who"));
        assertTrue(error.getMessage().startsWith("row 2 of x.csv does not have the who \"siege\""), error.getMessage());
        error = refused("clean,who\nthe war b,\n", pick("who"));
        assertEquals(ErrorCode.DATA_EMPTY_TEXT, error.code());
        error = refused("clean,who\nthe war b," + "the war b ".repeat(1000) + "\n", pick("who"));
        assertEquals(ErrorCode.DATA_SPAN, error.code());
        assertTrue(error.getMessage().length() < 400, error.getMessage());
        error = refused("clean,who\nthe war b,w\u0007\n", pick("who"));
        assertFalse(error.getMessage().contains("\u0007"));
        error = refused("clean,who\nthe war b,war\n", pick("whom"));
        assertEquals(ErrorCode.DATA_MISSING_COLUMN, error.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "[2]", "2.0", "+2", " 2 ", "[ 2 ]"})
    void aColumnMayHoldAPosition(String cell) throws IOException {
        Pairs found = read("clean,at\na b d f,\"" + cell + "\"\na b d f,3\n", false, pick("at"));
        assertEquals("bos rest at rest end", names(found, 0));
        assertEquals("bos rest rest at end", names(found, 1));
    }

    @Test
    void aColumnMayHoldSeveralPositions() throws IOException {
        Pairs found = read("clean,at\na b d f g,\"4,2\"\na b d f g,\"[1, 2, 2]\"\n", false, pick("at"));
        assertEquals("bos rest at rest at end", names(found, 0));
        assertEquals("bos at at rest rest end", names(found, 1));
        // The first and the last position stay what they are.
        assertEquals("bos rest rest rest rest end", names(read("clean,at\na b d f g,\"0,5\"\n", false, pick("at")), 0));
    }

    @ParameterizedTest
    @CsvSource({"5", "-1", "99999999999", "1.5", "'[1,]'", "'1,2,9'", "'[]'", "'[[1]]'", "x"})
    void aPositionThatIsNotThereIsRefused(String cell) throws IOException {
        String csv = "clean,at\na b d f,2\na b d f,\"" + cell + "\"\n";
        Pick positions = new Pick("at", "at", Choice.POSITIONS);
        UserError error = refused(csv, positions);
        assertEquals(ErrorCode.DATA_SPAN, error.code());
        assertTrue(error.getMessage().startsWith("row 2 of x.csv has " + cell + " in the column at"), error.getMessage());
        assertTrue(error.getMessage().endsWith("the positions 0 to 4"), error.getMessage());
        assertEquals(1, read(csv, true, positions).size());
    }

    /** Numbers that are in every text are values of it. */
    @Test
    void numbersOfTheTextsAreValues() throws IOException {
        String csv = "clean,at\nat 3 days to,3\nat 2 days to,2\n";
        assertEquals(names(read(csv, false, pick("at")), 0), names(read(csv, false, pick("at")), 1));
        Pairs positions = read(csv, false, new Pick("at", "at", Choice.POSITIONS));
        assertArrayEquals(new int[] {3, 2}, positions.pairs().stream()
                .mapToInt(it -> Arrays.stream(it.spans()).boxed().toList().indexOf(positions.spans().named("at")))
                .toArray());
    }

    @Test
    void tenThousandColumnsAreTakenInGoodTime() throws IOException {
        List<Pick> picks = IntStream.range(0, 10_000)
                .mapToObj(i -> pick("c\"" + i + " \u0001"))
                .toList();
        StringBuilder csv = new StringBuilder("clean");
        for (Pick pick : picks) csv.append(",\"").append(pick.column().replace("\"", "\"\"")).append('"');
        for (int row = 0; row < 3; row++) csv.append("\nthe war b d").append(",war".repeat(10_000));
        long begin = System.nanoTime();
        Pairs found = read(csv + "\n", false, picks.toArray(Pick[]::new));
        assertEquals(List.of("bos", picks.getFirst().name(), "rest", "end"), found.spans().names());
        assertTrue((System.nanoTime() - begin) / 1e9 < 20);
    }

    @Test
    void unequalRowsHaveNoPositionsInCommon() {
        Pairs rows = new Pairs("x.csv", List.of(), List.of(pair(tokenizer, 1, "a b"), pair(tokenizer, 2, "a b d")));
        UserError error = assertThrows(UserError.class, () -> SpanColumns.TOKENS.checkLengths(rows));
        assertEquals(
                "spans=tokens needs texts of one length, and those of x.csv have 3 to 4 tokens: 1 row of 3, 1 row of 4",
                error.getMessage());
    }

    @Test
    void repeatedNamesHaveNumbers() {
        assertEquals(List.of("a", "b", "a.1", "a.2"), SpanNames.numbered(List.of("a", "b", "a", "a")));
        assertEquals(List.of("bos", "a", "rest", "end", "answer"), SpanNames.possible(List.of("a", "end")));
    }
}
