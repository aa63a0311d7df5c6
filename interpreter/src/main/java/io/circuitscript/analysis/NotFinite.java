package io.circuitscript.analysis;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pairs;
import java.util.List;

/** The message that a number is NaN or infinite, with the example that made it. */
public final class NotFinite {
    private NotFinite() {}

    /** @param what as {@code the logits} @param example which pair, by index */
    public static UserError of(String what, Pairs pairs, int example) {
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.NOT_FINITE,
                "a NaN or an infinity in " + what + " of row "
                        + pairs.pairs().get(example).row() + " of " + pairs.name(),
                List.of("its clean text: " + pairs.pairs().get(example).cleanText()),
                what.startsWith("the metric")
                        ? "the metric has no value there, for example because it divides by zero: write it another way, or leave the row out"
                        : "the model overflows on this example: leave the row out, or compute in a wider dtype");
    }
}
