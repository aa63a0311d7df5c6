package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.runtime.evaluate.Loops;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Checks {@code for} and {@code while}: round by round where the lists are known and short, else once for all rounds. */
final class LoopCheck {
    private final Flow flow;
    private final Evaluator evaluator;
    private final Function<List<Statement>, AbstractValue> block;

    /** How many loops are around the statement, in its function. */
    private int looping;

    /** @param block walks statements, and says what is known of the value of the last */
    LoopCheck(Flow flow, Evaluator evaluator, Function<List<Statement>, AbstractValue> block) {
        this.flow = flow;
        this.evaluator = evaluator;
        this.block = block;
    }

    boolean isInside() {
        return looping > 0;
    }

    /** The loops around a function's definition are not around its statements. @return what {@link #leaveFunction} takes */
    int enterFunction() {
        int outside = looping;
        looping = 0;
        return outside;
    }

    void leaveFunction(int outside) {
        looping = outside;
    }

    AbstractValue check(Statement.For loop) {
        looping++;
        try {
            List<AbstractValue> rounds = new ArrayList<>();
            boolean followed = turn(loop, 0, rounds);
            return followed ? Shapes.list(rounds) : Unknown.listOf(Shapes.item(rounds));
        } finally {
            looping--;
        }
    }

    /**
     * Follows the rounds of one of the loop's variables, and within each those after it.
     *
     * @param rounds takes what is known of the value of each round
     * @return whether there is one for each round
     */
    private boolean turn(Statement.For loop, int variable, List<AbstractValue> rounds) {
        List<Statement> body = loop.body().statements();
        if (variable == loop.iterations().size()) {
            rounds.add(block.apply(body));
            return true;
        }
        Statement.Iteration iteration = loop.iterations().get(variable);
        String name = iteration.variable().text();
        AbstractValue list = evaluator.value(iteration.list());
        if (list instanceof Value value && !leavesEarly(body)) {
            List<Value> items = Loops.items(value, iteration.list().span());
            if (flow.affords((long) items.size() * InnerStatements.size(body))) {
                if (items.isEmpty()) {
                    flow.speculatively(() -> {
                        flow.scope().set(name, Unknown.ANY);
                        turn(loop, variable + 1, new ArrayList<>());
                        return Unknown.ANY;
                    });
                }
                boolean followed = true;
                for (Value item : items) {
                    flow.scope().set(name, item);
                    followed &= turn(loop, variable + 1, rounds);
                }
                return followed;
            }
        } else if (!list.type().mayBe(Type.LIST, Type.NODES, Type.EDGES)) {
            throw Loops.noList(list, iteration.list().span());
        }
        flow.forget(body);
        List<String> later = loop
                .iterations()
                .subList(variable, loop.iterations().size())
                .stream()
                .map(it -> it.variable().text())
                .toList();
        flow.forgetNames(later);
        flow.speculatively(() -> {
            flow.scope().set(name, Loops.itemOf(list));
            turn(loop, variable + 1, rounds);
            return Unknown.ANY;
        });
        return false;
    }

    /** Whether a round may end before its last statement: what follows is then not sure. */
    static boolean leavesEarly(List<Statement> body) {
        return InnerStatements.any(body, it -> it instanceof Statement.Jump || it instanceof Statement.Return);
    }

    AbstractValue check(Statement.While loop) {
        List<Statement> body = loop.body().statements();
        evaluator.truth(loop.condition(), "`while`");
        flow.forget(body);
        looping++;
        try {
            flow.speculatively(() -> {
                evaluator.truth(loop.condition(), "`while`");
                return block.apply(body);
            });
        } finally {
            looping--;
        }
        return new Value.None();
    }
}
