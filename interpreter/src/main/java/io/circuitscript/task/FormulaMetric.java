package io.circuitscript.task;

import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;

/** A metric written in the language, bound to pairs. */
public final class FormulaMetric implements Metric {
    private final String name;
    private final String expression;
    private final boolean lessIsBetter;
    private final Formula formula;
    private final FormulaFacts facts;

    /**
     * @param expression as the script has it
     * @param formula a number for each example
     */
    public FormulaMetric(String name, String expression, boolean lessIsBetter, Formula formula) {
        if (formula.vector()) throw new IllegalArgumentException(name + " is a vector");
        this.name = name;
        this.expression = expression;
        this.lessIsBetter = lessIsBetter;
        this.formula = formula;
        this.facts = FormulaFacts.of(formula);
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
