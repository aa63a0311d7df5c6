package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in cells, as JSON and as Python write them. */
class ListCellTest {
    @Test
    void json() {
        assertEquals(Optional.of(List.of(" ship", "boat\n\u00e9")), ListCell.items("[\" ship\", \"boat\\n\\u00e9\"]"));
        assertEquals(Optional.of(List.of(300.0, 301.0, 302.0)), ListCell.items(" [300, 301.0,302] "));
        assertEquals(Optional.of(List.of()), ListCell.items("[]"));
    }

    /** What {@code repr} gives: either quote, a quote inside, characters that do not print. */
    @Test
    void python() {
        assertEquals(
                Optional.of(
                        List.of("it's", "say \"yes\"", "both ' and \"", "\u00a0", "\ud835\udfd8", "back\\slash \\x41")),
                ListCell.items(
                        "[\"it's\", 'say \"yes\"', 'both \\' and \"', '\\xa0', '\\U0001d7d8', 'back\\\\slash \\\\x41']"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ship",
                "[",
                "[]]",
                "[ship]",
                "['ship', None]",
                "[[1]]",
                "[true]",
                "['a' 'b']",
                "['a'] ['b']",
                "[nan]",
                "[1",
                "['a"
            })
    void noLists(String cell) {
        assertEquals(Optional.empty(), ListCell.items(cell));
    }
}
