package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.io.FileHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example, of few rows, is recorded and verified with another batch size, number of threads and budget; and is no longer once a weight is another. */
final class VerifyExamplesTest extends ScriptFolder {
    private static final String SETTINGS =
            "param rows = 64\nparam budget = \"4GB\"\nparam cores = 2\nset batch=rows memory=budget threads=cores\n";

    /** What this repository says of them still holds. */
    @ParameterizedTest
    @CsvSource({"greater-than, 45", "ioi, 29"})
    void theRecordBesideItHolds(String name, int results) {
        CommandRun run = CommandRun.of(
                folder,
                "verify",
                Examples.FOLDER
                        .resolve(name + ".circuit")
                        .toAbsolutePath()
                        .normalize()
                        .toString());
        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().startsWith("verified: " + results + " results are as recorded"), run.out());
    }

    static List<String> examples() throws IOException {
        return Examples.names();
    }

    private void change(String before, String after) throws IOException {
        String record = text("x.record.json");
        assertTrue(record.contains(before), before);
        file("x.record.json", record.replace(before, after));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isVerified(String name) throws IOException {
        Examples.copyData(folder);
        model();
        // Of few rows many scores are zero but for rounding, and so are their ranks.
        file(
                "x.circuit",
                SETTINGS
                        + Examples.small(name, 6, 4)
                                .replace("load demo", "load \"./model\"")
                                .replaceFirst(",\\s+rank_correlation=both.spearman_abs", ""));
        CommandRun run = circuit("run x.circuit --record -D rows=64 -D budget=4GB -D cores=2");
        assertEquals(0, run.exitCode(), run.err());
        change("\"rows\" : \"64\"", "\"rows\" : \"3\"");
        change("4GB", "1GB");
        change("\"cores\" : \"2\"", "\"cores\" : \"1\"");
        CommandRun same = circuit("verify x.circuit --read-only");
        assertEquals(0, same.exitCode(), same.out() + same.err());

        Path weights = folder.resolve("model/model.safetensors");
        String before = new FileHashes().of(weights);
        changeWeight();
        change(before, new FileHashes().of(weights));
        CommandRun other = circuit("verify x.circuit --read-only");
        assertEquals(1, other.exitCode(), other.out() + other.err());
        assertTrue(
                other.out()
                        .matches(
                                "(?s).*\n(baseline|evaluate|ablate|predict|generate|compare|sweep|patch|test-circuit) +[0-9]+ .*"),
                other.out());
    }
}
