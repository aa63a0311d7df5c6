package io.circuitscript.editor.highlight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The highlighting files of VS Code and Vim have the words of the program. {@code -Dhighlighting.update=true} writes them anew. */
final class HighlightingTest {
    @ParameterizedTest
    @CsvSource({
        "circuitscript.tmLanguage.template.json, vscode/syntaxes/circuitscript.tmLanguage.json",
        "circuit.template.vim, vim/syntax/circuit.vim"
    })
    void theFileHasTheWordsOfTheProgram(String template, Path file) throws IOException {
        String text = HighlightingFile.of(template);
        if (Boolean.getBoolean("highlighting.update")) Files.writeString(file, text);
        assertFalse(
                text.contains("{{") && text.matches("(?s).*\\{\\{[a-z].*"), "a place in the template was not filled");
        assertEquals(
                text,
                Files.readString(file),
                file + " is behind the program: run this test with -Dhighlighting.update=true to write it anew");
    }

    @Test
    void everyWordIsInOneGroup() {
        Map<String, Set<String>> groups = WordGroups.ofTheProgram();
        for (String word : WordGroups.everyWord()) {
            long found = groups.values().stream()
                    .filter(words -> words.contains(word))
                    .count();
            assertTrue(found >= 1, word);
        }
        assertTrue(groups.get("statements").containsAll(Set.of("load", "attribute", "test-circuit", "print")));
        assertEquals(Set.of("for", "if", "else", "import"), groups.get("reserved-control"));
        assertTrue(groups.get("functions").containsAll(Set.of("sum", "sort", "logit", "kl")));
        assertTrue(groups.get("values").containsAll(Set.of("eap-ig", "patching", "acdc", "test")));
    }
}
