package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;

class TorchTest {
    @Test
    void operationsRunAndMemoryComesBack() {
        try (Torch torch = Torch.on("cpu", Precision.FLOAT32, note -> {})) {
            try (Scope scope = torch.scope()) {
                Tensor x = torch.numbers(scope, new double[] {1, 2, 3, 4}, 2, 2);
                Tensor y = torch.call(scope, "add", x, x);
                assertArrayEquals(new double[] {2, 4, 6, 8}, torch.toHost(y));
                assertEquals(2, torch.liveTensors());
            }
            assertEquals(0, torch.liveTensors());
        }
    }

    @Test
    void gradientsOfInnerActivations() {
        try (Torch torch = Torch.on("cpu", Precision.FLOAT64, note -> {});
                Scope scope = torch.scope()) {
            Tensor x = torch.call(scope, "leaf", torch.numbers(scope, new double[] {1, 2}, 2));
            Tensor y = torch.call(scope, "scale", x, 3.0);
            Tensor unused = torch.call(scope, "leaf", x);
            Tensor z = torch.call(scope, "total", torch.call(scope, "weighted_sum", y, y));
            List<Tensor> gradients = torch.callList(scope, "gradients", z, List.of(y, unused));
            assertArrayEquals(new double[] {6, 12}, torch.toHost(gradients.getFirst()));
            assertArrayEquals(new double[] {0, 0}, torch.toHost(gradients.getLast()));
        }
    }
}
