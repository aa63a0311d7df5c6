package io.circuitscript.runtime.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.ScriptRun;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Words;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever word a person meets in the language, in a result or in these pages, {@code help} has something to say of it. */
class HelpPagesTest {
    private static final List<Declaration> DECLARATIONS = new Statements(Map.of(), Path.of("target")).declarations();
    private static final HelpPages PAGES = new HelpPages(DECLARATIONS);

    @TempDir
    Path folder;

    private static void assertFound(String kind, Collection<String> words) {
        assertEquals(
                List.of(),
                words.stream().filter(word -> PAGES.page(word).isEmpty()).toList(),
                kind + " without help");
    }

    @Test
    void everyWordOfTheLanguage() {
        assertFound("statements", Words.STATEMENTS);
        assertFound("functions", Functions.names());
        assertFound(
                "connectives and constants",
                List.of("in", "and", "or", "not", "true", "false", "none", "else", "where", "choose"));
        assertFound("parts of metrics", List.of("logit", "prob", "logprob", "kl", "clean", "corrupted"));
        assertFound("metrics", StandardLibrary.get().metrics().keySet());
        assertFound("tasks", StandardLibrary.get().tasks().keySet());
    }

    @Test
    void everyConcept() {
        assertFound(
                "concepts",
                List.of(
                        "metrics",
                        "interval",
                        "intervals",
                        "csv",
                        "columns",
                        "tasks",
                        "sets",
                        "nodes",
                        "edges",
                        "ports",
                        "scores",
                        "methods",
                        "ablation",
                        "functions",
                        "faithfulness",
                        "files",
                        "models",
                        "circuits",
                        "levels",
                        "options",
                        "results",
                        "fields",
                        "json",
                        "prompt",
                        "settings",
                        "areas",
                        "cpr",
                        "cmd",
                        "jaccard",
                        "spearman",
                        "auc",
                        "roc",
                        "bootstrap",
                        "split",
                        "train",
                        "test",
                        "imports",
                        "strings",
                        "numbers",
                        "lists",
                        "ranges",
                        "operators"));
    }

    @Test
    void everyOptionAndWhatItTakes() {
        for (Declaration declaration : DECLARATIONS) {
            for (Declaration.Argument option : declaration.options()) {
                assertFound("options of " + declaration.word(), List.of(option.name(), option.name() + "="));
                assertFound("values of " + declaration.word() + " " + option.name() + "=", option.allowed());
            }
            assertFound("fields of " + declaration.word(), declaration.result().keySet());
        }
        assertTrue(PAGES.page("mean").orElseThrow().contains("with=mean")
                && PAGES.page("mean").orElseThrow().contains("mean(LIST)"));
        assertTrue(PAGES.page("jaccard").orElseThrow().contains("A field of the results of compare"));
    }

    /** Those of the items of lists too, as results have them. */
    @Test
    void everyFieldOfEveryResult() {
        ScriptRun run = ScriptRun.of("""
                set threads=1
                load demo
                predict "The war"
                tokens "The war"
                generate "The war" tokens=1
                task ioi limit=4 split=50%
                baseline
                nodes
                edges
                ablate m3->logits
                patch "The war lasted from the year 1741 to the year 17" "The war lasted from the year 1701 to the year 17"
                attribute ig=1
                check-scores edges=2
                top 20
                keep found
                evaluate
                sweep sizes=[10%, 50%]
                compare found
                save "c.json"
                """, folder);
        assertEquals(List.of(), run.mistakes());
        Set<String> names = new TreeSet<>();
        run.results().forEach(result -> gather(result.value(), names));
        assertTrue(
                names.containsAll(List.of("prob", "in_circuit", "fraction", "grid", "neurons_jaccard")),
                names.toString());
        assertFound("fields", names);
    }

    private static void gather(Value value, Set<String> names) {
        if (value instanceof Value.Fields fields) {
            names.addAll(fields.fields().keySet());
            fields.fields().values().forEach(it -> gather(it, names));
        } else if (value instanceof Value.ListOf list) {
            list.items().forEach(it -> gather(it, names));
        }
    }
}
