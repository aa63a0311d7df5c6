package io.circuitscript.task;

import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;

/** A metric written in the language, bound to pairs. */
public final class FormulaMetric implements Metric {
    private final String name;
    private final String expression;
    private final boolean lessIsBetter;
    private final Formula formula;
    private final FormulaFacts facts;
    private final AnswerPoints points;

    /**
     * @param expression as the script has it
     * @param formula a number for each example
     * @param points where the formula's texts are read
     */
    public FormulaMetric(String name, String expression, boolean lessIsBetter, Formula formula, AnswerPoints points) {
        if (formula.vector()) throw new IllegalArgumentException(name + " is a vector");
        this.name = name;
        this.expression = expression;
        this.lessIsBetter = lessIsBetter;
        this.formula = formula;
        this.facts = FormulaFacts.of(formula);
        this.points = points;
    }

    /** @throws UserError where a text is too long for the model once its answers stand behind it */
    public void requireFits(Pairs pairs, int positions) {
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.pairs().get(i);
            int added = continuations(i).longest();
            if (added == 0 || pair.length() + added <= positions) continue;
            throw UserError.input(
                    ErrorCode.DATA_TOO_LONG,
                    "the texts of row " + pair.row() + " of " + pairs.name() + " have " + pair.length()
                            + " tokens, and "
                            + added + " of an answer that " + name + " reads stand behind them; the model takes "
                            + positions,
                    "shorten them, or load a model with more positions");
        }
    }

    @Override
    public Continuations continuations(int example) {
        return points.continuations(example);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String expression() {
        return expression;
    }

    @Override
    public boolean lessIsBetter() {
        return lessIsBetter;
    }

    /** Whether it reads the run that it measures at all. */
    public boolean dependsOnRun() {
        return facts.dependsOnRun();
    }

    @Override
    public boolean readsPlainRuns() {
        return facts.readsPlainRuns();
    }

    @Override
    public boolean differentiable() {
        return facts.differentiable();
    }

    @Override
    public boolean flatAtClean() {
        return facts.flatAtClean();
    }

    @Override
    public Tensor apply(Scope scope, Torch torch, RunLogits logits, int[] examples) {
        return new FormulaRun(scope, torch, logits, examples).value(formula);
    }
}
