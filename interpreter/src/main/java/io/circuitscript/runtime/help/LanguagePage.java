package io.circuitscript.runtime.help;

import io.circuitscript.runtime.functions.Functions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page of help on something that is not a statement with a declaration: {@code let}, {@code sets}, {@code strings}.
 *
 * @param words what asks for it, its title first
 * @param usage how it is written
 * @param doc what it is, in a sentence
 * @param text further paragraphs, or empty
 * @param example a script
 */
public record LanguagePage(List<String> words, String usage, String doc, String text, String example) {
    private static final String HEAD = "== ";

    /** Where a page lists the functions of the language. */
    private static final String FUNCTIONS = "{functions}";

    public LanguagePage {
        words = List.copyOf(words);
    }

    public String title() {
        return words.getFirst();
    }

    /** Every page, in the order of the reference. */
    static List<LanguagePage> all() {
        List<LanguagePage> pages = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith(HEAD) && !lines.isEmpty()) {
                pages.add(of(lines));
                lines.clear();
            }
            lines.add(line);
        }
        pages.add(of(lines));
        return List.copyOf(pages);
    }

    private static List<String> lines() {
        try (InputStream in = LanguagePage.class.getResourceAsStream("help.txt");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LanguagePage of(List<String> lines) {
        List<String> words = List.of(lines.getFirst().substring(HEAD.length()).split(", "));
        List<String> rest = lines.subList(3, lines.size());
        String example = String.join(
                "\n",
                rest.stream()
                        .filter(LanguagePage::isExample)
                        .map(line -> line.substring(4))
                        .toList());
        String text = String.join(
                        "\n", rest.stream().filter(line -> !isExample(line)).toList())
                .strip();
        return new LanguagePage(words, lines.get(1), lines.get(2), text.replace(FUNCTIONS, functions()), example);
    }

    private static String functions() {
        return Functions.all().stream()
                .map(function -> function.usage() + " is " + function.doc())
                .collect(Collectors.joining(".\n"));
    }

    private static boolean isExample(String line) {
        return line.startsWith("    ");
    }
}
