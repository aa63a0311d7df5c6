package io.circuitscript.runtime.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.evaluate.EvaluationContext;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.files.ScriptFiles;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Settings;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets of nodes and edges of a model of 4 layers of 4 heads. */
class SetsTest {
    private static final ModelGraph GRAPH = new ModelGraph(4, 4, false);

    /** The value of an expression where that model is loaded. */
    private static AbstractValue value(String expression) {
        Parsed parsed = Parser.parse(new Source("test", "let x = " + expression));
        assertEquals(List.of(), parsed.diagnostics());
        return new Evaluator(new OfGraph())
                .value(((Statement.Let) parsed.statements().getFirst()).value());
    }

    private static final class OfGraph implements EvaluationContext {
        private final Facts facts = new Facts(new ScriptFiles(Path.of("."), Path.of("."), Set.of()), Settings.DEFAULT);
        private final Scope scope = Scope.global();

        OfGraph() {
            facts.setGraph(Optional.of(GRAPH));
            scope.set("low", Sets.named(GRAPH, "m0..m1", null));
        }

        @Override
        public Facts facts() {
            return facts;
        }

        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public AbstractValue statement(Statement.Command command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AbstractValue block(Statement block) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AbstractValue within(Scope inner, Supplier<AbstractValue> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AbstractValue call(Statement.Def function, Map<String, AbstractValue> arguments, Span span) {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "m3 | m3",
                "{m3, m1} | {m1, m3}",
                "m0..m2 | {m0, m1, m2}",
                "a1.h1..a1.h3 - a1.h2 | {a1.h1, a1.h3}",
                "a1.h* & {a1.h0, m1} | a1.h0",
                "low + logits | {m0, m1, logits}",
                "low + `m{1 + 1}` | {m0, m1, m2}",
                "a1.h0<qk> | a1.h0<qk>",
                "a1.h0<qk> + a1.h0<v> | a1.h0",
                "a1.h0 - a1.h0<q> | a1.h0<kv>",
                "a1.h0<q> & a1.h0<k> | {}",
                "{m3->logits, m2->logits} | {m2->logits, m3->logits}",
                "(m* -> logits) - (m3 -> logits) | {m0->logits, m1->logits, m2->logits}",
                "m3 -> a3.h0 + logits | m3->logits",
                "m0 -> a1.h0 | {m0->a1.h0<q>, m0->a1.h0<k>, m0->a1.h0<v>}",
                "m0 -> a1.h0<v> | m0->a1.h0<v>",
                "(m3 -> logits) + a3.h3 | {a3.h3->m3, a3.h3->logits, m3->logits}",
                "m3->logits in m* -> logits | true",
                "m1 in low | true",
                "m3 in low | false",
                "low == {m1, m0} | true",
                "len(* -> logits) | 21",
            })
    void comesTo(String expression, String shown) {
        assertEquals(shown.strip(), ((Value) value(expression.strip().replace('`', '"'))).display());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "m9 | unknown-node | m9 is not in this model: it has 4 layers, m0 … m3",
                "m3->m1 | impossible-edge | m3->m1 is not a valid edge: m3 comes after m1",
                "{m2, m3} -> {m0, m1} | no-such-edges | no edge runs from {m2, m3} to {m0, m1}",
                "m0<q> | unknown-port | m0 has no ports: only heads have them",
                "m0 -> a1.h1<x> | unknown-port | <x> names no ports",
                "a1.h1<v> -> m3 | port-of-source | an edge enters a head by a port, and leaves a node without one",
                "m3 + 1 | wrong-type | `+` does not go with a set of nodes and a number",
                "3 -> logits | wrong-type | nodes are expected here, and this is a number",
            })
    void isAMistake(String expression, String code, String message) {
        Parsed parsed = Parser.parse(new Source("test", "let x = " + expression.strip()));
        if (parsed.hasErrors()) {
            assertEquals(code.strip(), parsed.diagnostics().getFirst().code().word());
            return;
        }
        Mistake mistake = assertThrows(Mistake.class, () -> value(expression.strip()));
        assertEquals(code.strip(), mistake.diagnostic().code().word());
        assertEquals(message.strip(), mistake.diagnostic().message().replace('`', '`'));
    }

    private static String sets(Random random) {
        List<String> nodes = List.of(
                "input",
                "m0",
                "m1",
                "m3",
                "a0.h1",
                "a2.h*",
                "a*.h3",
                "m*",
                "m1..m3",
                "logits",
                "*",
                "a1.h1<q>",
                "a2.h*<kv>");
        return "{" + String.join(", ", Randomly.list(random, 1, 4, it -> Randomly.oneOf(it, nodes))) + "}";
    }

    @Test
    void setsKeepTheirLaws() {
        Randomly.check(200, random -> {
            String a = sets(random);
            String b = sets(random);
            assertEquals(value(a + " + " + b), value(b + " + " + a));
            assertEquals(value(a + " & " + b), value(b + " & " + a));
            assertEquals(value(a + " + " + a), value(a));
            assertEquals(value("(" + a + " - " + b + ") & " + b), value(a + " - " + a));
            assertEquals(value("(" + a + " - " + b + ") + (" + a + " & " + b + ")"), value(a));
        });
    }

    @Test
    void anArrowHoldsEveryEdgeThatExistsBetweenTheTwo() {
        Randomly.check(200, random -> {
            String a = sets(random);
            String b = sets(random);
            var from = (Value.Nodes) value(a);
            var to = (Value.Nodes) value(b);
            BitSet expected = new BitSet();
            for (int edge = 0; edge < GRAPH.edgeIndexBound(); edge++) {
                boolean ends = from.nodes().contains(GRAPH.sourceNode(GRAPH.sourceOf(edge)))
                        && to.slots().contains(GRAPH.slotAt(GRAPH.slotOf(edge)));
                expected.set(edge, GRAPH.exists(edge) && ends);
            }
            if (expected.isEmpty()) assertThrows(Mistake.class, () -> value(a + " -> " + b));
            else
                assertTrue(value(a + " -> " + b) instanceof Value.EdgeSet edges
                        && edges.edges().equals(expected));
        });
    }
}
