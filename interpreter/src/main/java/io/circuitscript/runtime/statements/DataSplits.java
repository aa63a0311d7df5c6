package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import java.util.List;
import java.util.Locale;

/** The option {@code on=}: which rows: for training, for testing, or all a statement uses. */
final class DataSplits {
    private DataSplits() {}

    static Declaration.Argument on() {
        return choice("on", List.of("train", "test", "all"), "which rows: for training, for testing, or all");
    }

    /** That there is a part for testing where it is asked for. */
    static void check(Arguments arguments, Facts facts) {
        boolean test = arguments.knownText("on").filter("test"::equals).isPresent();
        if (test) facts.require(Need.TEST_PART, "`on=test`", arguments.spanOf("on"));
    }

    static DataSplit of(Arguments arguments) {
        return DataSplit.valueOf(arguments.text("on").toUpperCase(Locale.ROOT));
    }
}
