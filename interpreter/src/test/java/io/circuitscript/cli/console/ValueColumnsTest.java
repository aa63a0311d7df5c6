package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.runtime.value.ResultTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a table of a script's own is laid out. */
final class ValueColumnsTest {
    private static final ResultTable TABLE = new ResultTable(
            List.of("seed", "method", "faithfulness", "p"),
            List.of(
                    List.of("1", "eap", "0.984", "5%"),
                    List.of("10", "eap-ig", "-1.4e-11", "12.5%"),
                    List.of("100", "none", "none", "1%")),
            3,
            true);

    @Test
    void numbersStandToTheRightAtTheirPoints() {
        assertEquals(
                String.join(
                        "\n",
                        "seed  method  faithfulness      p",
                        "   1  eap          0.984     5%",
                        "  10  eap-ig      -1.4e-11  12.5%",
                        " 100  none            none   1%"),
                String.join("\n", ValueColumns.lines(TABLE, Integer.MAX_VALUE)));
    }

    @Test
    void aNarrowScreenHasThePartsBelowOneAnother() {
        assertEquals(
                String.join(
                        "\n",
                        "seed  method",
                        "   1  eap",
                        "  10  eap-ig",
                        " 100  none",
                        "",
                        "seed  faithfulness",
                        "   1       0.984",
                        "  10      -1.4e-11",
                        " 100          none",
                        "",
                        "seed      p",
                        "   1   5%",
                        "  10  12.5%",
                        " 100   1%"),
                String.join("\n", ValueColumns.lines(TABLE, 20)));
    }

    @Test
    void noLineIsWiderThanTheScreen() {
        Randomly.check(200, random -> {
            int columns = random.nextInt(1, 8);
            ResultTable table = new ResultTable(
                    Randomly.list(random, columns, columns, it -> "x".repeat(it.nextInt(1, 70))),
                    Randomly.list(
                            random,
                            1,
                            4,
                            row -> Randomly.list(
                                    row,
                                    columns,
                                    columns,
                                    it -> it.nextBoolean()
                                            ? it.nextInt(100000) / 8.0 + ""
                                            : "y".repeat(it.nextInt(60)))),
                    4,
                    true);
            int width = random.nextInt(20, 120);
            List<String> lines = ValueColumns.lines(table, width);
            assertTrue(lines.stream().allMatch(line -> line.length() <= width), () -> String.join("\n", lines));
        });
    }
}
