package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.model.WordMarkModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody sees of a tokenizer that marks beginnings of words with ▁ and drops a space in front of what it decodes. */
final class WordMarkTest extends ScriptFolder {
    private static final String PROMPT = "Once upon a time, there was a little girl named";

    private static final String ROWS =
            "\"Once upon a time, there was a little girl named\",\"Once upon a time, there was a little boy named\",";

    private void model(WordMarkModel.Form form) throws IOException {
        WordMarkModel.write(folder.resolve("tiny"), form);
    }

    private CommandRun script(String text) throws IOException {
        file("script.circuit", "load \"./tiny\"\n" + text + "\n");
        CommandRun run = circuit("run script.circuit");
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    /** What is said of clean and corrupted texts, whose difference in logits follows from the ids alone. */
    private CommandRun baseline(String columns, String labels) throws IOException {
        file("pairs.csv", "clean,corrupted," + columns + "\n" + ROWS + labels + "\n");
        return script("data \"pairs.csv\"\nbaseline");
    }

    private static String clean(CommandRun run) {
        Matcher number = Pattern.compile("clean -?[0-9.]+, corrupted").matcher(run.out());
        assertTrue(number.find(), run.out());
        return number.group();
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void whatIsGeneratedHasItsSpaces(WordMarkModel.Form form) throws IOException {
        model(form);
        String out = script("generate \"" + PROMPT + "\" tokens=6").out();
        assertTrue(out.contains("the model says \" Lily. She loved to play\""), out);
        assertTrue(out.contains("\" Lily\"") && out.contains("\".\"") && out.contains("\" She\""), out);
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void tablesTellBeginningsOfWordsFromTheirInside(WordMarkModel.Form form) throws IOException {
        model(form);
        List<String> rows = script("predict \"" + PROMPT + "\" top=4")
                .out()
                .lines()
                .map(line -> line.strip().replaceAll(" {2,}", "|"))
                .toList();
        assertTrue(rows.stream().anyMatch(row -> row.contains("\" L\"|" + WordMarkModel.WORD_L)), rows.toString());
        assertTrue(rows.stream().anyMatch(row -> row.contains("\"L\"|" + WordMarkModel.INNER_L)), rows.toString());
        String tokens = script("tokens \"a time, Lily L\"").out();
        assertTrue(tokens.contains("\"<s>\" \" a\" \" time\" \",\" \" Lily\" \" L\""), tokens);
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void aLabelMeansThePieceThatItsSpaceSays(WordMarkModel.Form form) throws IOException {
        model(form);
        CommandRun words = baseline("correct_idx,incorrect_idx", WordMarkModel.WORD_L + "," + WordMarkModel.WORD_T);
        CommandRun insides = baseline("correct_idx,incorrect_idx", WordMarkModel.INNER_L + "," + WordMarkModel.INNER_T);
        assertNotEquals(clean(words), clean(insides));
        for (String labels : List.of(" L, T", "▁L,▁T")) {
            CommandRun run = baseline("correct,incorrect", labels);
            assertEquals(clean(words), clean(run), labels);
            assertFalse(run.err().contains("space"), run.err());
        }
        CommandRun bare = baseline("correct,incorrect", "L,T");
        assertEquals(clean(insides), clean(bare));
        assertTrue(
                bare.err()
                        .contains(
                                "the column correct holds \"L\" without a space in front, in row 1; after a word the model says \" L\", another token"),
                bare.err());
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void aLabelThatOnlyBeginsAWordIsNotedOnce(WordMarkModel.Form form) throws IOException {
        model(form);
        assertEquals(
                clean(baseline("correct,incorrect", " Lily, She")), clean(baseline("correct,incorrect", "Lily,She")));
        CommandRun run = script(
                "data \"pairs.csv\"\nbaseline\nmetric m(correct) = logit(correct)\nbaseline\nmetric again() = logit(\"Lily\")\nbaseline");
        String note =
                "the label \"Lily\" is read as \" Lily\", the token that begins a word: this tokenizer has none without the space";
        List<String> notes =
                run.err().lines().filter(line -> line.contains("is read as")).toList();
        assertEquals(1, notes.size(), run.err());
        assertTrue(notes.getFirst().endsWith(note + "; so is 1 other label"), run.err());
        assertFalse(run.err().contains("without a space in front"), run.err());
    }

    @Test
    void aTokenOfPatchIsReadAsALabelIs() throws IOException {
        model(WordMarkModel.Form.BPE);
        file(
                "script.circuit",
                "load \"./tiny\"\npatch \"" + PROMPT + "\" \"" + PROMPT.replace("girl", "boy")
                        + "\" correct=\"L\" incorrect=\"Lily\"\n");
        CommandRun run = circuit("run script.circuit");
        assertTrue(run.err().contains("the label \"Lily\" is read as \" Lily\""), run.err());
        // This model's heads and MLPs do nothing: both texts end alike.
        assertTrue(run.err().contains("after both, the logit of \"L\" is as far from that of \" Lily\""), run.err());
    }

    @Test
    void aLabelOfTwoTokensIsShownAsTheyStandInAText() throws IOException {
        model(WordMarkModel.Form.BPE);
        file("pairs.csv", "clean,corrupted,correct,incorrect\n" + ROWS + " Lilyput, L\n");
        file("script.circuit", "load \"./tiny\"\ndata \"pairs.csv\"\nbaseline\n");
        CommandRun run = circuit("run script.circuit");
        assertEquals(65, run.exitCode());
        assertTrue(
                run.err().contains("\" Lilyput\" is not one token but 4")
                        && run.err().contains("its tokens: \" Lily\" \"p\" \"u\" \"t\""),
                run.err());
    }

    @Test
    void aLabelThatTheVocabularyLacksIsNotItsTokenForTheUnknown() throws IOException {
        model(WordMarkModel.Form.UNIGRAM);
        change(json -> ((ObjectNode) json.path("model")).put("byte_fallback", false));
        file("pairs.csv", "clean,corrupted,correct,incorrect\n" + ROWS + "Я, L\n");
        file("script.circuit", "load \"./tiny\"\ndata \"pairs.csv\"\nbaseline\n");
        CommandRun run = circuit("run script.circuit");
        assertEquals(65, run.exitCode());
        assertTrue(run.err().contains("\"Я\" is not a token of this tokenizer"), run.err());
    }

    @Test
    void dropoutIsSwitchedOffAndSaidSo() throws IOException {
        model(WordMarkModel.Form.BPE);
        change(json -> ((ObjectNode) json.path("model")).put("dropout", 0.9));
        CommandRun run = script("for i in 1..20 { tokens \"" + PROMPT + "\" }");
        assertEquals(
                1,
                run.out()
                        .lines()
                        .filter(line -> line.contains("tokens: "))
                        .distinct()
                        .count(),
                run.out());
        assertTrue(run.out().contains("12 tokens: \"<s>\" \" Once\""), run.out());
        assertEquals(
                1,
                run.err()
                        .lines()
                        .filter(line -> line.contains("the tokenizer's dropout of 0.9 is switched off"))
                        .count(),
                run.err());
    }

    private interface Change {
        void of(ObjectNode json);
    }

    private void change(Change change) throws IOException {
        Path tokenizer = folder.resolve("tiny/tokenizer.json");
        var mapper = new ObjectMapper();
        var json = (ObjectNode) mapper.readTree(tokenizer.toFile());
        change.of(json);
        mapper.writeValue(tokenizer.toFile(), json);
    }
}
