package io.circuitscript.analysis;

/** The options of methods that learn by gradient descent. */
final class LearningOptions {
    static final MethodOption STEPS = MethodOption.count("steps", 300, 1_000_000, "how many steps the masks are learned in");
    static final MethodOption RATE = MethodOption.number(
            "rate", 1, "above 0", it -> it > 0, "how large the steps are, in parts of the authors' learning rate");

    private LearningOptions() {}
}
