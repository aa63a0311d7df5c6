package io.circuitscript.runtime;

import io.circuitscript.runtime.evaluate.AssignedNames;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.syntax.Statement;
import java.util.List;
import java.util.function.Supplier;

/** The position of the check in a script: which variables and facts hold there, and whether a run is sure to get there. */
final class Flow {
    /** How many statements in loops and calls the check follows one by one. Beyond that, a body is checked once for all rounds. */
    private static final int BUDGET = 20_000;

    private Scope scope;
    private Facts facts;
    private boolean sure = true;
    private int budget = BUDGET;

    /** Variables, facts and the value at the end of a path that may or may not be taken. */
    record Outcome(Scope scope, Facts facts, AbstractValue value) {}

    Flow(Scope scope, Facts facts) {
        this.scope = scope;
        this.facts = facts;
    }

    Scope scope() {
        return scope;
    }

    Facts facts() {
        return facts;
    }

    /** Whether a run is sure to get here. */
    boolean isSure() {
        return sure;
    }

    /** Walks statements with another scope. */
    AbstractValue in(Scope inner, Supplier<AbstractValue> walk) {
        Scope outside = scope;
        scope = inner;
        try {
            return walk.get();
        } finally {
            scope = outside;
        }
    }

    /** Walks statements that may not run. Their changes are dropped, and only mistakes that are wrong on every path are reported. */
    Outcome speculatively(Supplier<AbstractValue> walk) {
        Scope scopeBefore = scope;
        Facts factsBefore = facts;
        boolean sureBefore = sure;
        scope = scope.copy();
        facts = facts.copy();
        sure = false;
        try {
            AbstractValue value = walk.get();
            return new Outcome(scope, facts, value);
        } finally {
            scope = scopeBefore;
            facts = factsBefore;
            sure = sureBefore;
        }
    }

    /** Continues after several paths, of which a run takes one. */
    void join(List<Outcome> outcomes) {
        scope.become(outcomes.getFirst().scope());
        facts = outcomes.getFirst().facts();
        for (Outcome outcome : outcomes.subList(1, outcomes.size())) {
            scope.join(outcome.scope());
            facts.join(outcome.facts());
        }
    }

    /** Takes so many statements from the budget; false where they are too many. */
    boolean affords(long steps) {
        if (steps > budget) return false;
        budget -= (int) steps;
        return true;
    }

    /** After a wrong statement: what it should have provided may be there, so that one mistake is reported once. */
    void loosen(Need need) {
        if (facts.met(need) == Facts.Known.NO) facts.set(need, Facts.Known.MAYBE);
    }

    /** Drops everything that these statements may change, run any number of times. */
    void forget(List<Statement> body) {
        forgetNames(AssignedNames.names(body));
        facts.invalidate();
    }

    /** Makes the variables of these names unknown. */
    void forgetNames(Iterable<String> names) {
        names.forEach(name -> scope.set(name, Unknown.ANY));
    }
}
