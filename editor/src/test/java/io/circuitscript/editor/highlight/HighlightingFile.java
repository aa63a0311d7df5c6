package io.circuitscript.editor.highlight;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An editor's highlighting file: a template with places for the words of the language, {@code {{statements}}}. */
final class HighlightingFile {
    private static final String CHARACTER = "[\\p{L}\\p{M}\\p{Nd}_]";
    private static final String PIECE = "\\*?" + CHARACTER + "+(?:\\*" + CHARACTER + "+)*\\*?";

    /** The same in Vim's very magic regular expressions. */
    private static final String VIM_CHARACTER = "[0-9A-Za-z_\\u00a1-\\uffff]";

    private static final String VIM_PIECE = "\\*?" + VIM_CHARACTER + "+%(\\*" + VIM_CHARACTER + "+)*\\*?";

    private HighlightingFile() {}

    static String of(String template) throws IOException {
        String text;
        try (InputStream in = HighlightingFile.class.getResourceAsStream(template)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        boolean vim = template.endsWith(".vim");
        for (Map.Entry<String, String> place : (vim ? placesOfVim(text) : placesOfTextMate()).entrySet()) {
            text = text.replace("{{" + place.getKey() + "}}", place.getValue());
        }
        return text;
    }

    /** Oniguruma's regular expressions, in JSON's strings. */
    private static Map<String, String> placesOfTextMate() {
        Map<String, String> places = new LinkedHashMap<>();
        WordGroups.ofTheProgram().forEach((group, words) -> places.put(group, alternatives(words)));
        places.put("begin", "(?:^\\s*|(?<=[;{(])\\s*|(?<=\\s=)\\s*|(?<=\\bprint|\\breturn)\\s+)");
        // The word ends here, as the lexer reads words.
        places.put("end", "(?!" + CHARACTER + "|\\*(?!\\s*->)|[./-]\\*?" + CHARACTER + ")");
        // Neither a name that is used in an expression, nor an option's key.
        places.put("statement-goes-on", "(?!\\s*=(?!=)|\\s*(?:[+/^&<>)\\],]|->|\\.(?![0-9./])|\\*\\s*[0-9]))");
        places.put("piece", PIECE);
        places.put("word", "(?:~/|\\.{1,2}/)?" + PIECE + "(?:[./-]" + PIECE + ")*");
        places.replaceAll((_, value) -> value.replace("\\", "\\\\").replace("\"", "\\\""));
        return places;
    }

    private static String alternatives(Set<String> words) {
        return longestFirst(words).stream()
                .map(word -> word.replace(".", "\\."))
                .collect(Collectors.joining("|"));
    }

    private static Map<String, String> placesOfVim(String template) {
        Map<String, String> places = new LinkedHashMap<>();
        WordGroups.ofTheProgram().forEach((group, words) -> {
            boolean keywords = template.lines()
                    .anyMatch(line -> line.startsWith("syntax keyword") && line.contains("{{" + group + "}}"));
            places.put(group, String.join(keywords ? " " : "|", longestFirst(words)));
        });
        places.put("word", VIM_PIECE + "%([./-]" + VIM_PIECE + ")*");
        places.put("begin", "%(^\\s*|[;{(]\\s*|\\s\\=\\s*|%(<print|<return)\\s+)@<=");
        places.put("end", "%(" + VIM_CHARACTER + "|\\*%(\\s*-\\>)@!|[./-]\\*?" + VIM_CHARACTER + ")@!");
        places.put("statement-goes-on", "%(\\s*%(\\=\\=@!|[+/^&<>)\\],]|-\\>|\\.[0-9./]@!|\\*\\s*[0-9]))@!");
        return places;
    }

    /** An alternative that another begins with comes after it. */
    private static Collection<String> longestFirst(Set<String> words) {
        return words.stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
    }
}
