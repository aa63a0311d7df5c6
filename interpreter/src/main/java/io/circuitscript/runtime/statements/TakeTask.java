package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import java.util.List;
import java.util.Optional;

/** {@code task NAME}: the result of a task. The interpreter has run its statements before. */
public final class TakeTask implements StatementHandler {
    private static final Declaration DECLARATION = Data.givesRows(Declaration.of(
                            "task",
                            "takes a task (data and metric together): the script's own, or one of the standard library",
                            "task greater-than")
                    .takes(required("task", Kind.NAME, "the name of a task").offering(Offers.TASKS))
                    .options(
                            optional(
                                            "limit",
                                            Kind.COUNT,
                                            "how many rows to take or to generate; by default, what the task says")
                                    .upTo(1_000_000),
                            optional(
                                    "seed",
                                    Kind.WHOLE,
                                    "shuffles a file's rows first; for generated rows, the random seed"),
                            Data.SPLIT)
                    .needs(Need.MODEL)
                    .provides(Need.DATA, Need.METRIC, Need.TEST_PART))
            .in(HelpGroup.MODELS_AND_DATA)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Optional<String> name = arguments.knownText("task");
        boolean unknown = name.isPresent()
                && !facts.tasks().others()
                && !facts.tasks().taskNames().contains(name.get());
        if (arguments.given("split")) Data.checkSplit(arguments, facts);
        if (!unknown) return DECLARATION.resultShape();
        List<String> near = Spelling.nearest(name.get(), facts.tasks().taskNames(), 1);
        String all = "tasks are " + String.join(", ", facts.tasks().taskNames());
        String help = near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all;
        throw Mistake.value(
                ErrorCode.UNKNOWN_TASK, "there is no task `" + name.get() + "`", arguments.spanOf("task"), help);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        return Data.result("task", state);
    }
}
