package io.circuitscript.cli.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as the same result and what does not. */
final class RecordedResultsTest {
    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    private static List<RecordedResults.Difference> compare(String before, String after)
            throws JsonProcessingException {
        return new RecordedResults(json("{'relative': 0.001, 'absolute': 0.0001, 'ranks': 0.01}"))
                .compare(json(before), json(after));
    }

    private static String result(String statement, String value) {
        return "[{'statement': '" + statement + "', 'line': 3, 'fields': {'x': " + value + "}}]";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            evaluate | 100.0       | 100.05      | 0
            evaluate | 100.0       | 100.2       | 1
            evaluate | 0.0         | 0.00009     | 0
            evaluate | 0.0         | -0.0002     | 1
            evaluate | 5000        | 5001        | 1
            evaluate | [1.5, 2.5]  | [1.5, 2.6]  | 1
            evaluate | [1.5]       | [1.5, 2.5]  | 1
            evaluate | 'NaN'       | 'NaN'       | 0
            evaluate | 'NaN'       | 1.5         | 1
            evaluate | 'a 0.5'     | 'a 0.50001' | 1
            evaluate | null        | 1           | 1
            print    | 'f  0.953'  | 'f 0.954'   | 0
            print    | '0.953'     | '0.957'     | 1
            print    | '7 edges'   | '8 edges'   | 1
            print    | 'a 0.5'     | 'b 0.5'     | 1
            load     | 'demo'      | 'gpt2'      | 1
            """)
    void comparesByKind(String statement, String before, String after, int differences) throws JsonProcessingException {
        assertEquals(
                differences,
                compare(result(statement, before), result(statement, after)).size());
    }

    @Test
    void ofARankCorrelationTheRoundingOfManyScoresIsNoDifference() throws JsonProcessingException {
        String before = result("compare", "0.7967").replace("'x'", "'spearman_abs'");
        assertEquals(0, compare(before, before.replace("0.7967", "0.7945")).size());
        assertEquals(1, compare(before, before.replace("0.7967", "0.81")).size());
    }

    /** Records of older versions lack fields that results have now. */
    @Test
    void aFieldThatTheRecordDoesNotHaveIsADifferenceOnlyIfItSaysSomething() throws JsonProcessingException {
        String before = result("load", "1");
        for (String nothing : List.of("null", "[]", "{}"))
            assertEquals(
                    0,
                    compare(before, before.replace("1}", "1, 'y': " + nothing + "}"))
                            .size(),
                    nothing);
        for (String something : List.of("0", "'Q4_1'", "[1]", "false"))
            assertEquals(
                    1,
                    compare(before, before.replace("1}", "1, 'y': " + something + "}"))
                            .size(),
                    something);
        assertEquals(1, compare(before.replace("1}", "1, 'y': null}"), before).size());
    }

    @Test
    void aResultMoreOrLessIsADifference() throws JsonProcessingException {
        assertEquals("no result", compare(result("top", "1"), "[]").getFirst().now());
        assertEquals("no result", compare("[]", result("top", "1")).getFirst().recorded());
        assertEquals(
                "top in line 3",
                compare(result("top", "1"), result("prune", "1")).getFirst().recorded());
    }
}
