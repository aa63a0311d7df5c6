package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Checks {@code if}: the branch that runs where the condition is known, else each of them, as one that may run. */
final class BranchCheck {
    private final Flow flow;
    private final Evaluator evaluator;
    private final Function<List<Statement>, AbstractValue> block;
    private final Consumer<Mistake> report;

    /**
     * @param block walks statements, and says what is known of the value of the last
     * @param report takes a mistake that leaves the rest to be checked
     */
    BranchCheck(
            Flow flow, Evaluator evaluator, Function<List<Statement>, AbstractValue> block, Consumer<Mistake> report) {
        this.flow = flow;
        this.evaluator = evaluator;
        this.block = block;
        this.report = report;
    }

    AbstractValue check(Statement.If choice) {
        List<Statement.Branch> branches = choice.branches();
        for (int i = 0; i < branches.size(); i++) {
            Statement.Branch branch = branches.get(i);
            AbstractValue condition = condition(branch.condition());
            if (!(condition instanceof Value.Bool(boolean holds)))
                return either(branches.subList(i, branches.size()), choice);
            if (!holds) {
                flow.speculatively(() -> block.apply(branch.body().statements()));
                continue;
            }
            for (Statement.Branch other : branches.subList(i + 1, branches.size())) {
                flow.speculatively(() -> {
                    condition(other.condition());
                    return block.apply(other.body().statements());
                });
            }
            choice.otherwise().ifPresent(other -> flow.speculatively(() -> block.apply(other.statements())));
            return block.apply(branch.body().statements());
        }
        return choice.otherwise().map(other -> block.apply(other.statements())).orElse(new Value.None());
    }

    private AbstractValue condition(Expression condition) {
        try {
            return evaluator.truth(condition, "`if`");
        } catch (Mistake mistake) {
            report.accept(mistake);
            return Unknown.of(Type.TRUTH);
        }
    }

    /** Walks branches of which one runs, or none; which one is not known. The first condition is already checked. */
    private AbstractValue either(List<Statement.Branch> branches, Statement.If choice) {
        List<Flow.Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            Statement.Branch branch = branches.get(i);
            boolean first = i == 0;
            outcomes.add(flow.speculatively(() -> {
                if (!first) condition(branch.condition());
                return block.apply(branch.body().statements());
            }));
        }
        outcomes.add(flow.speculatively(() ->
                choice.otherwise().map(other -> block.apply(other.statements())).orElse(new Value.None())));
        flow.join(outcomes);
        return outcomes.stream().map(Flow.Outcome::value).reduce(Shapes::join).orElse(Unknown.ANY);
    }
}
