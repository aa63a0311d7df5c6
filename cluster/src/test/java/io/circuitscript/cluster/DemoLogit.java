package io.circuitscript.cluster;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.locate.ModelLocator;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;

/** A task: loads the bundled model where it runs, and says by which executor it was run and what the model's first logit is. */
record DemoLogit() implements Function<Integer, String> {
    private static final long serialVersionUID = 1L;
    private static final int[] TOKENS = {1, 2, 3};

    @Override
    public String call(Integer number) throws Exception {
        // Else the first executor has done both before the second is there.
        Thread.sleep(300);
        return SparkEnv.get().executorId() + " " + value(ExecutorDevice.of(TaskContext.get()));
    }

    static String value(String device) {
        Path folder = ModelLocator.resolve("demo", List.of(), Path.of("")).folder();
        try (Transformer model =
                Transformer.load(Checkpoint.open("demo", folder), device, Precision.FLOAT32, RunOptions.quiet())) {
            return Double.toHexString(RunLogits.afterLast(model, TOKENS, new CancelToken())[0]);
        }
    }
}
