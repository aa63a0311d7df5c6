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

/** Where the check of a script is: the variables and facts that hold there, and whether a run is sure to get there. */
final class Flow {
    /** How many statements of loops and calls are followed one by one; beyond, they are checked once for all. */
    private static final int BUDGET = 20_000;

    private Scope scope;
    private Facts facts;
    private boolean sure = true;
    private int budget = BUDGET;

    /** Where a path of which nobody knows whether it is taken has led. */
    record Outcome(Scope scope, Facts facts) {}

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

    /** Whether what stands here runs. */
    boolean isSure() {
        return sure;
    }

    /** Walks with other variables. */
    AbstractValue in(Scope inner, Supplier<AbstractValue> walk) {
        Scope outside = scope;
        scope = inner;
        try {
            return walk.get();
        } finally {
            scope = outside;
        }
    }

    /** Walks what may not run: what it changes is forgotten, and only what is wrong anyway is reported. */
    Outcome speculatively(Supplier<AbstractValue> walk) {
        Scope scopeBefore = scope;
        Facts factsBefore = facts;
        boolean sureBefore = sure;
        scope = scope.copy();
        facts = facts.copy();
        sure = false;
        try {
            walk.get();
            return new Outcome(scope, facts);
        } finally {
            scope = scopeBefore;
            facts = factsBefore;
            sure = sureBefore;
        }
    }

    /** Goes on after paths of which one is taken. */
    void join(List<Outcome> outcomes) {
        scope.become(outcomes.getFirst().scope());
        facts = outcomes.getFirst().facts();
        for (Outcome outcome : outcomes.subList(1, outcomes.size())) {
            scope.join(outcome.scope());
            facts.join(outcome.facts());
        }
    }

    /** Whether so many more statements are followed one by one. */
    boolean affords(long steps) {
        if (steps > budget) return false;
        budget -= (int) steps;
        return true;
    }

    /** Takes note that a statement was wrong: what it was to see to may hold all the same, so that one mistake is reported once. */
    void loosen(Need need) {
        if (facts.met(need) == Facts.Known.NO) facts.set(need, Facts.Known.MAYBE);
    }

    /** Keeps nothing that these statements, run any number of times, may change. */
    void forget(List<Statement> body) {
        forgetNames(AssignedNames.names(body));
        facts.invalidate();
    }

    /** Keeps nothing that variables of these names hold. */
    void forgetNames(Iterable<String> names) {
        names.forEach(name -> scope.set(name, Unknown.ANY));
    }
}
