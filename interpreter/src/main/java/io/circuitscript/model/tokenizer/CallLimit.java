package io.circuitscript.model.tokenizer;

import java.time.Duration;

/**
 * How long a call of the tokenizers library may take.
 *
 * @param longest the most time
 * @param asked is run while the call lasts; it throws {@link java.util.concurrent.CancellationException} where the user has cancelled
 */
public record CallLimit(Duration longest, Runnable asked) {
    /** A limit on time alone. */
    public static CallLimit of(Duration longest) {
        return new CallLimit(longest, () -> {});
    }
}
