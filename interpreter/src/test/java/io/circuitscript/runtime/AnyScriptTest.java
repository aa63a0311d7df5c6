package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a script says, the check ends, and every mistake has a code, a place and a sentence. */
class AnyScriptTest {
    private static final List<String> VALUES = List.of(
            "3",
            "5%",
            "0.5",
            "\"m{x}\"",
            "\"a\"",
            "x",
            "f",
            "r",
            "r.metric",
            "m3",
            "a1.h*",
            "a1.h2<v>",
            "*",
            "{m0, x}",
            "[1, x]",
            "1..x",
            "true",
            "none",
            "m3->logits",
            "x -> y",
            "f(x)",
            "sum(x)",
            "len(r)",
            "(evaluate)",
            "(edges)",
            "x[0]",
            "(x + y)",
            "(x < 3)",
            "(not x)",
            "nothing");

    private static final List<String> LINES = List.of(
            "load demo",
            "load $",
            "data $",
            "attribute ig=$",
            "attribute method=$",
            "greedy $",
            "top $ abs=$",
            "threshold $",
            "prune",
            "evaluate with=$",
            "ablate $",
            "add $ + $",
            "remove $ & $",
            "edges $ -> $",
            "nodes $ - $",
            "let x = $",
            "let y = $",
            "let r = evaluate",
            "print $, $",
            "expect $ == $",
            "expect $ > $",
            "if $ { let x = $ }",
            "if $ { load demo } else { top $ }",
            "for x in $ { ablate $ }",
            "for x in $ { let y = $ }",
            "def f(x) { print $ }",
            "def f(x) { f($) }",
            "def f(x, y=$) { $ + $ }",
            "keep $",
            "use $",
            "circuit c { $ }",
            "save \"c.json\"",
            "open \"c.json\"",
            "render $",
            "param x = $",
            "set batch=$",
            "metric $",
            "sweep sizes=$",
            "predict $ top=$",
            "print \"{$:02}\"",
            "foo $");

    private static final Path FOLDER = Path.of("nowhere");
    private static final Statements STATEMENTS = new Statements(Map.of(), FOLDER);

    private static String script(Random random) {
        return String.join("\n", Randomly.list(random, 1, 12, AnyScriptTest::line));
    }

    private static String line(Random random) {
        return filled(Randomly.oneOf(random, LINES), Randomly.list(random, 3, 3, it -> Randomly.oneOf(it, VALUES)));
    }

    private static String filled(String shape, List<String> values) {
        String line = shape;
        for (String value : values) line = line.replaceFirst("\\$", java.util.regex.Matcher.quoteReplacement(value));
        return line;
    }

    @Test
    void theCheckEnds() {
        Randomly.check(2000, random -> {
            String script = script(random);
            Facts facts = new Facts(new ScriptFiles(FOLDER, FOLDER, Set.of()), Settings.DEFAULT);
            var parsed = Parser.parse(new Source("test", script));
            CheckFindings findings = CheckFindings.of(parsed, STATEMENTS, Map.of(), Scope.global(), facts);
            for (Diagnostic diagnostic : findings.diagnostics()) {
                assertTrue(
                        !diagnostic.message().isEmpty() && !diagnostic.message().endsWith("."), diagnostic::toString);
            }
        });
    }
}
