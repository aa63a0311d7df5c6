package io.circuitscript.analysis;

/** How much of the way from the metric of no circuit to the model's a circuit goes: 1 all of it, 0 none. */
public final class Faithfulness {
    private Faithfulness() {}

    /** @param empty the metric with every edge ablated. @return no finite number where it equals the model's */
    public static double of(double circuit, double model, double empty) {
        return (circuit - empty) / (model - empty);
    }
}
