package io.circuitscript.engine.torch;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether this CPU is any good at half precision. One without instructions for a type computes it number by number, tens of times slower than
 * float32; no list of CPUs says so for all of them, and a product that takes milliseconds does.
 */
final class HalfOnCpu {
    private static final int SIZE = 256;
    private static final int TRIES = 5;
    /** Once is enough on a quiet machine; where other work gets in between, a type that is no good shows itself every time. */
    private static final int ROUNDS = 4;
    /** The slow ways found: 3 times (bfloat16 by AVX-512 alone), 10 (float16 by it), 11 and 70 (both by AVX2). The quick ones: less than 1. */
    private static final double WORTH_SAYING = 2;

    private static final double USELESS = 6;

    private HalfOnCpu() {}

    /** @throws UserError where it is useless */
    static void check(Torch torch, Consumer<String> notes) {
        double half = Double.POSITIVE_INFINITY;
        double full = Double.POSITIVE_INFINITY;
        double ratio = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS && ratio > WORTH_SAYING; round++) {
            half = Math.min(half, seconds(torch, torch.precision()));
            full = Math.min(full, seconds(torch, torch.precision().wide()));
            ratio = half / full;
        }
        String word = torch.precision().word();
        if (ratio > USELESS) {
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.DTYPE_UNAVAILABLE,
                    "this CPU has no instructions for " + word + ": it would be more than " + (int) USELESS
                            + " times slower than float32",
                    List.of(),
                    "dtype=float32 is exact and fast here");
        }
        if (ratio > WORTH_SAYING) notes.accept("this CPU is slower in " + word + " than in float32");
    }

    /** The best of a few: whatever else the machine does only adds. */
    private static double seconds(Torch torch, Precision precision) {
        try (Scope scope = torch.scope()) {
            Tensor x = torch.cast(
                    scope, torch.numbers(scope, new double[SIZE * SIZE], SIZE, SIZE), precision.scalarType());
            long best = Long.MAX_VALUE;
            for (int i = 0; i < TRIES; i++) {
                long start = System.nanoTime();
                torch.product(scope, x, x);
                best = Math.min(best, System.nanoTime() - start);
            }
            return best * 1e-9;
        }
    }
}
