package io.circuitscript.model;

import java.util.Map;
import java.util.Optional;

/** The function between an MLP's two layers. */
public enum Activation {
    /** GELU by its tanh approximation, GPT-2's own. */
    GELU_TANH,
    /** GELU by the error function. */
    GELU,
    RELU,
    SILU;

    private static final Map<String, Activation> BY_NAME = Map.of(
            "gelu_new", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu", GELU,
            "relu", RELU,
            "silu", SILU,
            "swish", SILU);

    /** The activation that a configuration file calls by this name. */
    static Optional<Activation> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static String names() {
        return String.join(", ", BY_NAME.keySet().stream().sorted().toList());
    }
}
