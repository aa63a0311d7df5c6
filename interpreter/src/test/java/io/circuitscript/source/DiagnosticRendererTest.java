package io.circuitscript.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
    private final DiagnosticRenderer renderer = new DiagnosticRenderer(false);

    private static Span span(Source source, String part) {
        int at = source.text().codePointCount(0, source.text().indexOf(part));
        return new Span(source, at, at + part.codePointCount(0, part.length()));
    }

    @Test
    void showsTheLineTheLabelAndTheWayOut() {
        var source = new Source("a.circuit", "load demo\nablate m9->logits  # far\nprune\n");
        var diagnostic = Diagnostic.error(ErrorCode.UNKNOWN_NODE, "there is no node `m9`", span(source, "m9"))
                .withLabel("demo has 4 layers")
                .withNotes(List.of("its MLPs are m0 to m3"))
                .withHelp("did you mean m3?");
        assertEquals("""
                error[E0208]: there is no node `m9`
                 --> a.circuit:2:8
                  |
                2 | ablate m9->logits  # far
                  |        ^^ demo has 4 layers
                  = note: its MLPs are m0 to m3
                  = help: did you mean m3?
                """, renderer.render(diagnostic));
    }

    @Test
    void showsOtherPlacesInTheirOrder() {
        var lines = "let x = 1\n".repeat(11) + "print y, z\n";
        var source = new Source("a.circuit", "let y = 2\n" + lines);
        var library = new Source("lib.circuit", "def y() { 1 }");
        var diagnostic = Diagnostic.warning(
                        ErrorCode.TAKEN_NAME,
                        "`y` has two meanings",
                        span(source, "y, z").to(span(source, "y, z")))
                .withSecondary(span(source, "y"), "first here")
                .withSecondary(span(library, "y"), "and here");
        assertEquals("""
                warning[E0114]: `y` has two meanings
                  --> a.circuit:13:7
                   |
                 1 | let y = 2
                   |     - first here
                ...
                13 | print y, z
                   |       ^^^^
                  ::: lib.circuit:1:5
                   |
                 1 | def y() { 1 }
                   |     - and here
                """, renderer.render(diagnostic));
    }

    @Test
    void tabsAndWideCharactersKeepTheUnderlineRight() {
        var source = new Source("a", "\tprint \"変数\", e\u0301, bad");
        assertEquals("""
                error[E0102]: m
                 --> a:1:18
                  |
                1 |     print "変数", e\u0301, bad
                  |                      ^^^
                """, renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "m", span(source, "bad"))));
    }

    @Test
    void aPlaceOfSeveralLinesShowsItsFirst() {
        var source = new Source("a", "if x {\r\n  prune\r\n}\r\n");
        assertEquals(
                """
                error[E0102]: m
                 --> a:1:6
                  |
                1 | if x {
                  |      ^
                """,
                renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "m", new Span(source, 5, source.length()))));
    }

    @Test
    void theEndOfTheTextHasAPlace() {
        var source = new Source("a", "print");
        assertEquals("""
                error[E0102]: m
                 --> a:1:6
                  |
                1 | print
                  |      ^
                """, renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "m", new Span(source, 5, 5))));
        var empty = new Source("a", "");
        assertTrue(renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "m", new Span(empty, 0, 0)))
                .endsWith("  | ^\n"));
    }

    @Test
    void aLongLineIsCutAroundThePlace() {
        var source = new Source("a", "print " + "x + ".repeat(200) + "bad" + " + y".repeat(200));
        List<String> lines = renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "m", span(source, "bad")))
                .lines()
                .toList();
        String line = lines.get(3);
        String underline = lines.get(4);
        assertTrue(line.length() <= 120, line);
        assertTrue(line.startsWith("1 | …") && line.endsWith("…"), line);
        assertEquals("bad", line.substring(underline.indexOf('^'), underline.lastIndexOf('^') + 1));
    }

    @Test
    void colourChangesNothingButColour() {
        var source = new Source("a", "ablate m9->logits");
        var diagnostic = Diagnostic.error(ErrorCode.UNKNOWN_NODE, "no node", span(source, "m9"))
                .withLabel("here")
                .withHelp("m3");
        String colored = Visible.onScreen(new DiagnosticRenderer(true).render(diagnostic));
        assertFalse(colored.equals(renderer.render(diagnostic)));
        assertEquals(renderer.render(diagnostic), colored.replaceAll("\u001B\\[[0-9;]*m", ""));
    }

    /** A script cannot reach the terminal through its own mistakes. */
    @Test
    void controlCharactersAreNotPassedOn() {
        var source = new Source("a\u001B[2J", "print \u001B[31m\u202E x\u0000");
        String text = renderer.render(Diagnostic.error(ErrorCode.UNEXPECTED, "\u001B[0m", span(source, "x")));
        assertFalse(text.chars().anyMatch(c -> c == 0x1B || c == 0 || c == 0x202E), text);
        List<String> lines = text.lines().toList();
        assertTrue(lines.get(0).endsWith(": \\u{1B}[0m"), text);
        assertTrue(lines.get(3).endsWith("print \\u{1B}[31m\\u{202E} x\\u{0}"), text);
        assertEquals(
                lines.get(3).indexOf(" x") + 1, lines.get(4).indexOf('^'), "the mark stands below its place: " + text);
    }
}
