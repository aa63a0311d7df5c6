package io.circuitscript.model.tokenizer;

/** Which beginning-of-sequence token is put in front of every text. */
public sealed interface BosChoice {
    /** The model's own, where it has one. */
    record Auto() implements BosChoice {}

    /** None at all. */
    record Without() implements BosChoice {}

    /** The token that this text is. */
    record Given(String text) implements BosChoice {}

    /** {@code auto}, {@code none}, or the text of a token. */
    static BosChoice of(String option) {
        return switch (option) {
            case "auto" -> new Auto();
            case "none" -> new Without();
            default -> new Given(option);
        };
    }
}
