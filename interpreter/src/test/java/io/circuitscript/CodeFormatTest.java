package io.circuitscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All code is laid out by palantir-java-format, 120 columns. {@code -Dformat.update=true} lays it out.
 *
 * <p>A test and no Maven plugin: those run in Maven's own Java, which may be older than the language that the code is written in.
 */
final class CodeFormatTest {
    private static final boolean UPDATE = Boolean.getBoolean("format.update");

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    @Test
    void everyFileIsInTheOneLayout() throws IOException {
        List<Path> others = new ArrayList<>();
        for (String module : List.of("interpreter", "notebook", "editor", "cluster")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .sorted()
                        .filter(this::differs)
                        .forEach(others::add);
            }
        }
        assertEquals(
                List.of(),
                others,
                "laid out otherwise; mvn -B test -Dtest=CodeFormatTest -Dformat.update=true mends it");
    }

    private boolean differs(Path file) {
        try {
            String text = Files.readString(file);
            String laidOut = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.PALANTIR)));
            if (text.equals(laidOut)) return false;
            if (UPDATE) Files.writeString(file, laidOut);
            return !UPDATE;
        } catch (IOException | FormatterException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }
}
