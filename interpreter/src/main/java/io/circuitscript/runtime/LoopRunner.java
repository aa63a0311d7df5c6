package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.Loops;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueLimits;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs {@code for} and {@code while}. */
final class LoopRunner {
    private final Interpreter interpreter;
    private final Evaluator evaluator;
    private final LoopVariables variables;

    LoopRunner(Interpreter interpreter, Evaluator evaluator, LoopVariables variables) {
        this.interpreter = interpreter;
        this.evaluator = evaluator;
        this.variables = variables;
    }

    /** @return the values of its rounds, where anybody reads them */
    Value run(Statement.For loop, Interpreter.Use use) {
        List<Value> kept = new ArrayList<>();
        boolean wanted = use != Interpreter.Use.UNREAD;
        try {
            turn(loop, 0, use, wanted ? value -> keep(value, kept, loop) : value -> {});
        } catch (Leaving leaving) {
            if (leaving.kind() != Leaving.Kind.BREAK) throw leaving;
        }
        return wanted ? new Value.ListOf(ValueLimits.checked(kept, loop.span())) : new Value.None();
    }

    private static void keep(Value value, List<Value> kept, Statement.For loop) {
        kept.add(value);
        if (kept.size() > ValueLimits.MOST_ITEMS) ValueLimits.checked(kept, loop.span());
    }

    /** Turns one of the loop's variables, and within each of its rounds those after it. */
    private void turn(Statement.For loop, int variable, Interpreter.Use use, Consumer<Value> value) {
        if (variable == loop.iterations().size()) {
            try {
                value.accept(interpreter.run(loop.body(), use));
            } catch (Leaving leaving) {
                if (leaving.kind() != Leaving.Kind.CONTINUE) throw leaving;
            }
            return;
        }
        Statement.Iteration iteration = loop.iterations().get(variable);
        String name = iteration.variable().text();
        List<Value> items = Loops.items(
                (Value) evaluator.value(iteration.list()), iteration.list().span());
        LoopVariables.Before before = variables.beginLoop(name);
        try {
            for (Value item : items) {
                interpreter.checkCancelled();
                interpreter.scope().set(name, item);
                variables.beginRound(name, item);
                turn(loop, variable + 1, use, value);
            }
        } finally {
            variables.endLoop(name, before);
        }
    }

    Value run(Statement.While loop) {
        try {
            while (((Value.Bool) evaluator.truth(loop.condition(), "`while`")).value()) {
                interpreter.checkCancelled();
                try {
                    interpreter.run(loop.body(), Interpreter.Use.UNREAD);
                } catch (Leaving leaving) {
                    if (leaving.kind() != Leaving.Kind.CONTINUE) throw leaving;
                }
            }
        } catch (Leaving leaving) {
            if (leaving.kind() != Leaving.Kind.BREAK) throw leaving;
        }
        return new Value.None();
    }
}
