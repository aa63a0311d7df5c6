package io.circuitscript.editor.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.editor.names.Occurrence.Role;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptNamesTest {
    private static final List<Declaration> DECLARATIONS =
            new Examiner(Map.of()).statements().declarations();

    private static Optional<Declaration> declaration(String word) {
        return DECLARATIONS.stream().filter(it -> it.word().equals(word)).findFirst();
    }

    /**
     * In these scripts a number follows a name: places with the same name and number mean the same, and no others do. {@code ?} says that it may be something
     * else.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "let x·1 = 1; let x·1 = x·1 + 1; print x·1, \"{x·1} and {x·1 * 2:.3}\"",
                "if 1 < 2 { let x·1 = 1 } else { let x·1 = 2 }; print x·1.y",
                "let x·1 = 1; def f·1(x·2, b·1=x·1) { let x·2 = x·2 + b·1; x·2 }; print f·1(x·1, b·1=3), x·1",
                "let x·1 = 1; def f·1() { print x·1; let x·2 = x·1; print x·2 }",
                "def f·1() { print x·1; let x·1 = 1 }",
                "def f·1(n·1) { def g·1(n·2) { n·2 + 1 }; g·1(n·2=n·1) }; print f·1(n·1=2)",
                "let l·1 = [x·1 + y·1 for x·1 in y·1 if x·1 > 0]; let x·2 = l·1; let y·1 = 3",
                "for i·1 in 1..3, j·1 in i·1..3 { print i·1, j·1; let last·1 = j·1 }; print last·1, i·1",
                "let rows·1 = quiet { for s·1 in [1] { (size=s·1, edges=s·1) } }; print rows·1.size, rows·1",
                "load demo; circuit c·1 { m0->logits; low·1 -> m3 }; use c·1; ablate c·1 & m1->*; compare c·1; let low·1 = {m0}",
                "load demo; keep k·1; use k·1; remove k·1; let k·2 = 3; print k·2",
                "metric m·1(start·1, c·1) = p·1[start·1] - q·1 + z·1 where q·1 = 1, p·1 = prob(c·1) + q·1; metric m·1; let z·1 = 2; let q·2 = z·1",
                "task t·1 { let n·1 = 2; data generate count=n·1 { a·1 = choose(1..n·1); clean = \"{a·1}\"; corrupted = \"\"; where a·1 > 1 } }; task t·1; let n·2 = 1; print n·2",
                "let place·1 = 1; rows by=place·1? top=place·1; evaluate per=place·1?; filter place·1? > row; print sort([1], by=place·1?)",
                "let method·1 = \"eap\"; attribute method=method·1; let eap·1 = 2; attribute method=eap·1",
                "let end·1 = 1; ablate m0->logits@end·1?; ablate (m0->logits)@[end·1?]",
                "param n·1 = 3; while n·1 > 1 { let n·1 = n·1 - 1; if n·1 > 2 { break } }",
                "def f·1(a·1) { a·1 }; let g·1 = f·1; print g·1(1)",
                "let x·1 = 1; let r·1 = (x=x·1, y=2); print r·1.x",
                "print sum([x·1 for x·1 in [x·2 for x·2 in [1]]])",
                "def f·1(a·1, b·1=2) { a·1 }; print f·1(b·1=f·1(a·1=1), a·1=2)",
            })
    void sameNumberSameMeaning(String marked) {
        List<String> expected = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        Matcher marks = Pattern.compile("([a-z]+)·([0-9]\\??)").matcher(marked);
        int from = 0;
        while (marks.find()) {
            text.append(marked, from, marks.start());
            expected.add(text.length() + " " + marks.group(1) + marks.group(2));
            text.append(marks.group(1));
            from = marks.end();
        }
        text.append(marked.substring(from));
        Parsed parsed = Parser.parse(new Source("s", text.toString()));
        assertEquals(List.of(), parsed.diagnostics(), text.toString());
        Names names = Names.of(parsed, ScriptNamesTest::declaration);
        List<Symbol> seen = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (Occurrence it : names.all()) {
            Symbol symbol = it.symbol();
            if (!seen.contains(symbol)) seen.add(symbol);
            String numbered = expected.stream()
                    .filter(line -> line.startsWith(it.span().start() + " "))
                    .findFirst()
                    .orElse("none at " + it.span().start() + " " + symbol.name());
            found.add(numbered);
            boolean unsure = it.role() == Role.MAY_READ;
            assertEquals(unsure, numbered.endsWith("?"), text + ": " + numbered);
            assertEquals(symbol.name(), it.span().text());
        }
        List<String> columns = List.of("clean", "corrupted");
        found.removeIf(line -> columns.stream().anyMatch(line::endsWith));
        assertEquals(expected, found, text.toString());
        // The same number, the same meaning.
        for (Occurrence a : names.all())
            for (Occurrence b : names.all()) {
                String first = mark(expected, a);
                String second = mark(expected, b);
                if (!first.isEmpty() && !second.isEmpty())
                    assertEquals(
                            first.equals(second), a.symbol().equals(b.symbol()), text + ": " + first + " " + second);
            }
    }

    private static String mark(List<String> expected, Occurrence occurrence) {
        return expected.stream()
                .filter(line -> line.startsWith(occurrence.span().start() + " "))
                .map(line -> line.substring(line.indexOf(' ') + 1).replace("?", ""))
                .findFirst()
                .orElse("");
    }

    @Test
    void theLastDefinitionBeforeAPlaceCounts() {
        Names names = Names.of(
                Parser.parse(new Source("s", "print x; let x = 1; print x; let x = 2; print x")),
                ScriptNamesTest::declaration);
        Symbol x = new Symbol(Symbol.Space.VARIABLE, "x", Symbol.GLOBAL);
        assertEquals(13, names.definition(x, 6).get().span().start());
        assertEquals(13, names.definition(x, 26).get().span().start());
        assertEquals(33, names.definition(x, 99).get().span().start());
    }

    @Test
    void whatIsImportedIsKnown() {
        Names library = Names.of(
                Parser.parse(new Source("lib", "let shared = 1; def twice(n) { n * 2 }; circuit c { m0->logits }")),
                ScriptNamesTest::declaration);
        assertEquals(
                Set.of("shared", "twice", "c"),
                Set.copyOf(library.global().stream().map(Symbol::name).toList()));
        Names script = Names.of(
                Parser.parse(new Source("s", "import \"lib\"; print shared, twice(n=1), other; use c")),
                ScriptNamesTest::declaration,
                library.global());
        assertEquals(
                List.of("shared", "twice", "n", "c"),
                script.all().stream().map(it -> it.symbol().name()).toList());
        Symbol n = script.all().get(2).symbol();
        assertEquals(2, library.of(n).size(), "the parameter that a call names is the function's");
    }

    /** Every name that is given a value in an example is found where it is given. */
    @Test
    void examplesAreUnderstood() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../examples"))) {
            List<Path> scripts = files.filter(it -> it.toString().endsWith(".circuit"))
                    .sorted()
                    .toList();
            assertTrue(scripts.size() > 10);
            for (Path script : scripts) {
                Parsed parsed = Parser.parse(new Source(script.toString(), Files.readString(script)));
                Names names = Names.of(parsed, ScriptNamesTest::declaration);
                for (String name : io.circuitscript.runtime.evaluate.AssignedNames.names(parsed.statements()))
                    assertTrue(
                            names.all().stream()
                                    .anyMatch(it ->
                                            it.defines() && it.symbol().name().equals(name)),
                            script + ": " + name);
                for (Occurrence it : names.all())
                    assertEquals(it.symbol().name(), it.span().text(), script.toString());
            }
        }
    }
}
