package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link between the pages of the documentation leads to a file that is there, and to a heading that it has; the index names every page. */
final class DocumentationLinksTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String target : links(page)) {
                if (!leadsSomewhere(page, target)) broken.add(page + ": " + target);
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void theIndexNamesEveryPage() throws IOException {
        Path index = DOCS.resolve("README.md");
        Set<Path> named = links(index).stream()
                .map(target -> DOCS.resolve(target.replaceFirst("#.*", "")).normalize())
                .collect(Collectors.toSet());
        for (Path page : pages())
            assertTrue(page.equals(index) || named.contains(page.normalize()), page + " is not in docs/README.md");
    }

    @Test
    void aHeadingIsNamedAsGitHubNamesIt() {
        assertEquals("testing-drawing-saving", anchor("Testing, drawing, saving"));
        assertEquals("a-long-run-and-how-to-resume-it", anchor("A long run, and how to resume it"));
        assertEquals("load-model-deviceauto", anchor("`load MODEL [device=auto]`"));
    }

    private static boolean leadsSomewhere(Path page, String target) throws IOException {
        if (target.contains("://")) return true;
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        if (!Files.exists(file)) return false;
        return parts.length == 1 || anchors(file).contains(parts[1]);
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            List<Path> pages =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(ROOT.resolve("README.md"));
            return pages;
        }
    }

    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(withoutCode(page))
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
    }

    private static Set<String> anchors(Path page) throws IOException {
        return withoutCode(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> anchor(line.replaceFirst("^#+ ", "")))
                .collect(Collectors.toSet());
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** A page without what stands between fences or is indented: no link and no heading is there. */
    private static String withoutCode(Path page) throws IOException {
        StringBuilder text = new StringBuilder();
        boolean fenced = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) fenced = !fenced;
            else if (!fenced && !line.startsWith("    ")) text.append(line).append('\n');
        }
        return text.toString();
    }
}
