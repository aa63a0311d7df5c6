package io.circuitscript.task;

import java.io.Serializable;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What a formula's shape alone says of it.
 *
 * @param dependsOnRun whether it reads the run that is measured
 * @param readsPlainRuns whether it reads the clean or the corrupted run
 * @param differentiable whether a small change of the measured run's logits changes it
 * @param flatAtClean whether its gradient is zero where the measured run is the clean one: of the measured run it reads nothing but its
 *     divergence from the clean one
 */
record FormulaFacts(boolean dependsOnRun, boolean readsPlainRuns, boolean differentiable, boolean flatAtClean)
        implements Serializable {
    static FormulaFacts of(Formula formula) {
        return of(formula, new IdentityHashMap<>());
    }

    private static FormulaFacts of(Formula formula, Map<Formula, FormulaFacts> known) {
        FormulaFacts before = known.get(formula);
        if (before != null) return before;
        FormulaFacts found = switch (formula) {
            case Formula.Token token -> reads(token.run());
            case Formula.Tokens tokens -> reads(tokens.run());
            case Formula.Texts texts -> reads(texts.run());
            case Formula.Divergence divergence ->
                new FormulaFacts(
                        true,
                        true,
                        true,
                        divergence.from() == Formula.Run.CLEAN
                                && divergence.function().flatWhereEqual());
            case Formula.Numbers _,
                    Formula.Rows _,
                    Formula.Apply _,
                    Formula.Negate _,
                    Formula.Combine _,
                    Formula.Reduce _,
                    Formula.Slice _,
                    Formula.Item _,
                    Formula.Stack _ -> ofParts(formula, known);
        };
        known.put(formula, found);
        return found;
    }

    private static FormulaFacts ofParts(Formula formula, Map<Formula, FormulaFacts> known) {
        boolean compares = formula instanceof Formula.Combine(Formula.Operator operator, Formula _, Formula _)
                && operator.compares();
        FormulaFacts all = new FormulaFacts(false, false, false, true);
        for (Formula part : formula.parts()) all = all.and(of(part, known));
        return compares ? new FormulaFacts(all.dependsOnRun, all.readsPlainRuns, false, all.flatAtClean) : all;
    }

    private static FormulaFacts reads(Formula.Run run) {
        boolean current = run == Formula.Run.CURRENT;
        return new FormulaFacts(current, !current, current, !current);
    }

    private FormulaFacts and(FormulaFacts other) {
        return new FormulaFacts(
                dependsOnRun || other.dependsOnRun,
                readsPlainRuns || other.readsPlainRuns,
                differentiable || other.differentiable,
                flatAtClean && other.flatAtClean);
    }
}
