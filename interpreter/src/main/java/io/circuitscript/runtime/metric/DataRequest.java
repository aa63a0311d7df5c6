package io.circuitscript.runtime.metric;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.task.Pairs;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Which pairs a script asked for. They can be read again for another model, whose tokens differ. */
public interface DataRequest {
    /** What messages and results call the data: a file as the script names it. */
    String name();

    /** What a script may call the spans of these data, in their order: not all need occur. None where there are none; empty where only rows tell. */
    Optional<List<String>> spanNames();

    /** Fields of the clean text that are no spans, since all data have spans of these names. */
    default List<String> passedOver() {
        return List.of();
    }

    /**
     * @param positions the longest input that the model takes, in tokens
     * @param metric that the script has named, if any; rows may be left out that it cannot use
     * @param say takes what a user should know of how it went
     * @param cancel asked between rows
     */
    Pairs read(
            Tokenizer tokenizer,
            int positions,
            Optional<MetricSource> metric,
            Consumer<String> say,
            CancelToken cancel);
}
