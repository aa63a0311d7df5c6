package io.circuitscript.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.UserError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a repository are a data set's. */
final class DataSetFilesTest {
    private static String chosen(String files, String readme, String config, String split) {
        try {
            return String.join(
                    " ",
                    DataSetFiles.choose(
                            "a/b",
                            List.of(files.split(" ")),
                            DataSetCard.of(readme),
                            Optional.ofNullable(config),
                            Optional.ofNullable(split)));
        } catch (UserError e) {
            return e.getMessage();
        }
    }

    /** By names alone, as Hugging Face's datasets reads a repository without metadata. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "train.csv | - | - | train.csv",
                "pairs.jsonl README.md .gitattributes | - | - | pairs.jsonl",
                "pairs.jsonl | - | train | pairs.jsonl",
                "train.csv test.csv | - | test | test.csv",
                "train.csv test.csv | - | - | a/b has 2 splits: test, train",
                "train.csv valid.csv dev_set.csv | - | validation | dev_set.csv valid.csv",
                "train/1.jsonl train/0.jsonl test/0.jsonl | - | train | train/0.jsonl train/1.jsonl",
                "data/b-00001-of-00002.parquet data/b-00000-of-00002.parquet | - | - | data/b-00000-of-00002.parquet data/b-00001-of-00002.parquet",
                "data/b-00001-of-00002.parquet | - | - | a/b has 1 of the 2 files of b",
                "data/train-00000-of-00001-ab12.parquet train.csv | - | - | data/train-00000-of-00001-ab12.parquet",
                "one/train.csv two/train.csv | two | - | two/train.csv",
                "one/train-00000-of-00001.parquet one/test-00000-of-00001.parquet two/test-00000-of-00001.parquet | one | test | one/test-00000-of-00001.parquet",
                "one/train.csv two/train.csv | - | - | a/b has 2 configs: one, two",
                "default/train/0000.parquet default/train/0001.parquet other/part/0000.parquet | - | - | default/train/0000.parquet default/train/0001.parquet",
                "default/train/0000.parquet other/part/0000.parquet | other | - | other/part/0000.parquet",
                "pairs.csv pairs.parquet | - | - | pairs.parquet",
                "pairs.py README.md | - | - | a/b is made by a program, pairs.py, and programs of data sets are never run",
                "pairs.csv.gz README.md | - | - | a/b has no file in a format that data reads; it has pairs.csv.gz",
                "_hidden/train.csv .cache/x.csv dataset_infos.json | - | - | a/b has no file in a format that data reads; it has _hidden/train.csv, dataset_infos.json",
            })
    void byNames(String files, String config, String split, String expected) {
        assertEquals(expected, chosen(files, "", config, split));
    }

    @Test
    void byTheReadme() {
        String files = "x/a-1.csv x/a-2.csv x/b-1.csv y/deep/er/c.csv y/train.csv y/test.csv";
        String readme = """
                ---
                configs:
                - config_name: first
                  data_files: [{split: train, path: ["x/a-2.csv", "x/a-1.csv"]}, {split: odd, path: "x/b-*"}]
                - config_name: deep
                  data_files: "**/er/*.csv"
                - config_name: whole
                  data_dir: y
                  default: true
                ---
                """;
        assertEquals("x/a-2.csv x/a-1.csv", chosen(files, readme, "first", "train"));
        assertEquals("x/b-1.csv", chosen(files, readme, "first", "odd"));
        assertEquals("y/deep/er/c.csv", chosen(files, readme, "deep", null));
        assertEquals("y/train.csv", chosen(files, readme, null, "train"));
        assertEquals("a/b has no config third", chosen(files, readme, "third", null));
        assertEquals("a/b has 2 splits of config first: train, odd", chosen(files, readme, "first", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no lines",
                "---\nconfigs: [\n---\n",
                "---\nconfigs: 3\n---\n",
                "---\n[1, 2]\n---\n",
                "---\nconfigs:\n- 4\n- {config_name: [x], data_files: {a: b}}\n---\n",
                "---\n!!javax.script.ScriptEngineManager [x]\n---\n",
                "---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nconfigs: *c\n---\n",
            })
    void aReadmeThatSaysNothingOfUse(String readme) {
        assertEquals("train.csv", chosen("train.csv", readme, null, null));
    }

    @Test
    void readmesAndPatternsThatAreTraps() {
        StringBuilder laughs = new StringBuilder("---\na0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        laughs.append("configs: *a39\n---\n");
        String deep = "---\nconfigs: " + "[".repeat(100_000) + "\n---\n";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertEquals("train.csv", chosen("train.csv", laughs.toString(), null, null));
            assertEquals("train.csv", chosen("train.csv", deep, null, null));
            String stars = "---\nconfigs: [{config_name: x, data_files: \"" + "*a".repeat(100) + "\"}]\n---\n";
            assertEquals("a".repeat(240) + ".csv", chosen("a".repeat(240) + ".csv", stars, null, null));
        });
        for (String file : List.of(
                "../x.csv", "a/../../x", "/etc/x.csv", "a//b.csv", "a\\b.csv", "a\u001b.csv", "a\uD800.csv", "", "."))
            assertFalse(DataSetFiles.isSafe(file), file);
        assertTrue(DataSetFiles.isSafe("data/train-00000-of-00002.parquet"));
    }

    /** Whatever a README says, files are chosen or a message is given. */
    @Test
    void readmesThatAreDamaged() {
        String whole =
                "---\nconfigs:\n- config_name: a\n  data_files:\n  - {split: train, path: [\"d/*-[0-9].csv\", '**/{a,b}.csv']}\n"
                        + "- config_name: b\n  default: true\n  data_dir: \"d\"\n  data_files: &x !!str d/b.csv\n- *x\n---\n# Title\n";
        for (int seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder readme = new StringBuilder(whole);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(readme.length());
                if (random.nextBoolean()) readme.deleteCharAt(at);
                else readme.insert(at, "\n -:[]{}*&!\"'\t\u0000\uD800|>?#%@`,".charAt(random.nextInt(24)));
            }
            assertFalse(chosen("d/a-1.csv d/b.csv d/a.csv", readme.toString(), null, null)
                    .isEmpty());
        }
    }

    @Test
    void patterns() {
        assertTrue(DataSetFiles.glob("data/*-[0-9][0-9].{csv,tsv}")
                .matcher("data/a-01.tsv")
                .matches());
        assertFalse(DataSetFiles.glob("data/*.csv").matcher("data/x/y.csv").matches());
        assertTrue(DataSetFiles.glob("**/x?.csv").matcher("x1.csv").matches());
        assertTrue(DataSetFiles.glob("a[!b].csv").matcher("ac.csv").matches());
        assertFalse(DataSetFiles.glob("a[!b].csv").matcher("ab.csv").matches());
        assertTrue(DataSetFiles.glob("a(b)+.csv").matcher("a(b)+.csv").matches());
    }
}
