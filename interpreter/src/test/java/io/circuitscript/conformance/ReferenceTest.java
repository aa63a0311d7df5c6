package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.help.HelpText;
import io.circuitscript.runtime.help.LanguagePage;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.syntax.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/reference.md} says what the declarations say; its scripts are run by {@link DocumentationTest}. */
final class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference.md");
    private static final HelpPages PAGES = new HelpPages(new Statements(Map.of(), Path.of("target")).declarations());

    @Test
    void thePageIsCurrent() throws IOException {
        String page = page();
        if (Boolean.getBoolean("reference.update")) Files.writeString(PAGE, page);
        String there = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        assertEquals(
                page,
                there,
                "docs/reference.md is behind the declarations: run this test with -Dreference.update=true to write it anew");
    }

    @Test
    void everyStatementHasAPage() {
        for (String word : Words.STATEMENTS) {
            assertTrue(PAGES.page(word).isPresent(), word);
        }
        for (String word : PAGES.words()) {
            String page = PAGES.page(word).orElseThrow();
            assertTrue(page.contains("  example\n    "), page);
        }
        assertFalse(
                PAGES.groups().getLast().title().startsWith("Other"),
                () -> "in no group of the overview: " + PAGES.groups().getLast().words());
    }

    private static String page() {
        StringBuilder text = new StringBuilder("""
                # Reference

                Every statement, with what it takes and gives, and the words of the language around it. `circuit help WORD` and, in a script or at the
                prompt, `help WORD` show the same. This page is made from the program's own declarations; [The language](language.md) explains.

                Indented text is a script; each one is run by the tests. One that does not load a model itself goes on from this one.
                All of them run in an empty folder:

                    load demo
                    data "std/ioi.csv" limit=4
                    attribute
                """);
        for (HelpPages.Group group : PAGES.groups()) {
            text.append("\n## ").append(group.title()).append('\n');
            for (String word : group.words()) {
                PAGES.declaration(word).ifPresent(it -> statement(text, it));
                PAGES.languagePage(word).ifPresent(it -> languagePage(text, it));
            }
        }
        text.append("\n## The rest of the language\n");
        PAGES.topics().forEach(page -> languagePage(text, page));
        return text.toString();
    }

    private static void statement(StringBuilder text, Declaration it) {
        text.append("\n### `")
                .append(HelpText.usage(it))
                .append("`\n\n")
                .append(HelpText.sentence(it.doc()))
                .append('\n');
        List<Declaration.Argument> arguments = HelpText.arguments(it);
        if (!arguments.isEmpty()) {
            text.append("\n| | what |\n|---|---|\n");
            for (Declaration.Argument argument : arguments) {
                text.append("| `")
                        .append(HelpText.label(argument, it))
                        .append("` | ")
                        .append(HelpText.meaning(argument).replace("|", "\\|"))
                        .append(" |\n");
            }
        }
        if (it.hasResult())
            text.append("\nResult: ").append(HelpText.result(it)).append(".\n");
        if (!it.needs().isEmpty())
            text.append("\nNeeds ").append(HelpText.needs(it)).append(".\n");
        script(text, it.example());
    }

    private static void languagePage(StringBuilder text, LanguagePage it) {
        text.append("\n### ")
                .append(it.title())
                .append(": `")
                .append(it.usage())
                .append("`\n\n")
                .append(HelpText.sentence(it.doc()))
                .append('\n');
        if (!it.text().isEmpty())
            text.append('\n').append(it.text().replace("*", "\\*")).append('\n');
        script(text, it.example());
    }

    private static void script(StringBuilder text, String script) {
        text.append('\n')
                .append(script.lines().map(line -> "    " + line + "\n").collect(Collectors.joining()));
    }
}
