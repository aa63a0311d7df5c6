package io.circuitscript.engine;

import ai.djl.pytorch.jni.TorchBridge;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;

/** How fast this machine multiplies matrices, by the same library and on the same device as a model. */
public final class MatrixRate {
    /** Large enough that the product, and not the call, is what takes the time. */
    private static final int SIZE = 2048;

    private static final int TIMES = 5;
    private static final double SHORTEST_SECONDS = 0.1;

    private MatrixRate() {}

    /** Floating-point operations a second in products of two square matrices of the model's own precision: the median of several measurements. */
    public static double measure(Transformer model, CancelToken cancel) {
        Torch torch = model.torch();
        try (Scope scope = torch.scope()) {
            Tensor x = torch.randomSquare(scope, model.finalNorm().weight(), SIZE); // [row, column]
            Tensor y = torch.randomSquare(scope, model.finalNorm().weight(), SIZE); // [row, column]
            int products = 1;
            double seconds = seconds(torch, x, y, products); // the first is no measure: it warms up
            while ((seconds = seconds(torch, x, y, products)) < SHORTEST_SECONDS) {
                cancel.check();
                products *= 2;
            }
            double[] rates = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                cancel.check();
                rates[i] = products * 2.0 * SIZE * SIZE * SIZE / seconds(torch, x, y, products);
            }
            Arrays.sort(rates);
            return rates[TIMES / 2];
        }
    }

    /** How many threads an operation uses on the CPU. */
    public static int threads() {
        return TorchBridge.threads();
    }

    /** A device may run behind the host: the time ends when a number of the last product has arrived. */
    private static double seconds(Torch torch, Tensor x, Tensor y, int products) {
        long start = System.nanoTime();
        try (Scope scope = torch.scope()) {
            Tensor last = x;
            for (int i = 0; i < products; i++) {
                Tensor next = torch.product(scope, x, y); // [row, column]
                if (last != x) scope.release(last);
                last = next;
            }
            torch.toHost(torch.rows(scope, last, 0, 1));
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
