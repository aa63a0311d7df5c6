package io.circuitscript.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of loops, blocks, records and comprehensions that are broken off anywhere: each ends with results or with a message. */
class PrefixRunTest {
    private static final Path CASES = Path.of("src/test/resources/conformance/language");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "records",
                "comprehensions",
                "loops",
                "block-values",
                "new-words-as-names",
                "string-formats"
            })
    void everyPrefixEnds(String name, @TempDir Path folder) throws IOException {
        String text = Files.readString(CASES.resolve(name + ".circuit")).split("load demo")[0];
        List<Integer> usual = List.of(0, 1, 65);
        for (int end = 0; end <= text.length(); end++) {
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) continue;
            String prefix = text.substring(0, end);
            try (FuzzSession session = new FuzzSession(folder)) {
                int code = session.run(prefix);
                assertTrue(usual.contains(code), () -> "exit code " + code + " of\n" + prefix);
            }
        }
    }
}
