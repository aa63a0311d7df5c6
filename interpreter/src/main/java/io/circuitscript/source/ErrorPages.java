package io.circuitscript.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page for each kind of mistake. */
public final class ErrorPages {
    private static final String FILE = "errors.md";
    private static final Pattern HEADING = Pattern.compile("## (E[0-9]{4}) ([a-z0-9-]+)");
    private static final Pattern NUMBER = Pattern.compile("e?0*([0-9]{1,4})", Pattern.CASE_INSENSITIVE);
    private static final Map<ErrorCode, ErrorPage> PAGES = read();

    private ErrorPages() {}

    /** In the order of their numbers. */
    public static Collection<ErrorPage> all() {
        return PAGES.values();
    }

    /** By number or by word: {@code E0201}, {@code e201}, {@code 201}, {@code unknown-name}. */
    public static Optional<ErrorPage> find(String asked) {
        Optional<ErrorPage> page = ErrorCode.of(asked.toLowerCase(Locale.ROOT)).map(PAGES::get);
        if (page.isPresent()) return page;
        Matcher digits = NUMBER.matcher(asked);
        if (!digits.matches()) return Optional.empty();
        String number = String.format(Locale.ROOT, "E%04d", Integer.parseInt(digits.group(1)));
        return all().stream().filter(it -> it.number().equals(number)).findFirst();
    }

    /** What may have been meant by a word or a number that is none, best first. */
    public static List<String> nearest(String asked) {
        boolean number = asked.matches("[eE]?[0-9]+");
        return Spelling.nearest(
                asked,
                all().stream().map(number ? ErrorPage::number : ErrorPage::word).toList(),
                3);
    }

    private static Map<ErrorCode, ErrorPage> read() {
        Map<ErrorCode, ErrorPage> pages = new LinkedHashMap<>();
        List<String> lines = lines();
        int at = 0;
        while (at < lines.size()) {
            Matcher heading = HEADING.matcher(lines.get(at));
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).startsWith("## ")) end++;
            if (heading.matches()) {
                ErrorPage page = page(code(heading.group(1), heading.group(2)), lines.subList(at + 1, end));
                if (pages.put(page.code(), page) != null)
                    throw new IllegalStateException(page.word() + " has two pages in " + FILE);
            }
            at = end;
        }
        return Collections.unmodifiableMap(pages);
    }

    /** A title, then text, indented lines, text. */
    private static ErrorPage page(ErrorCode code, List<String> lines) {
        List<String> meaning = new ArrayList<>();
        List<String> example = new ArrayList<>();
        List<String> mend = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            boolean script = line.startsWith("    ") || line.isEmpty() && !example.isEmpty() && mend.isEmpty();
            if (script) example.add(line.isEmpty() ? "" : line.substring(4));
            else (example.isEmpty() ? meaning : mend).add(line);
        }
        return new ErrorPage(code, lines.getFirst(), joined(meaning), joined(example), joined(mend));
    }

    private static ErrorCode code(String number, String word) {
        return ErrorCode.of(word)
                .filter(code -> code.number().equals(number))
                .orElseThrow(
                        () -> new IllegalStateException(number + " " + word + " of " + FILE + " is not an ErrorCode"));
    }

    private static String joined(List<String> lines) {
        return String.join("\n", lines).strip();
    }

    private static List<String> lines() {
        try (InputStream in = ErrorPages.class.getResourceAsStream(FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
