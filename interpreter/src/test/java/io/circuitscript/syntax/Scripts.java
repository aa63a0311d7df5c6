package io.circuitscript.syntax;

import io.circuitscript.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The sample scripts: those of the language's reference, and one for each corner of it. */
final class Scripts {
    static final List<String> NAMES =
            List.of("founding", "tutorial", "manual", "task", "generate", "statements", "values", "crlf");

    private Scripts() {}

    static String text(String name) {
        try (var in = Scripts.class.getResourceAsStream("scripts/" + name + ".circuit")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Parsed parse(String text) {
        return Parser.parse(new Source("test.circuit", text));
    }

    /** {@code line:column code} of each diagnostic. */
    static List<String> mistakes(String text) {
        return parse(text).diagnostics().stream()
                .map(d -> d.span().line() + ":" + d.span().column() + " "
                        + d.code().word())
                .toList();
    }
}
