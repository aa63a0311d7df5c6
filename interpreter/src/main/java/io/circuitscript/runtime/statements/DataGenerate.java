package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.GeneratedData;
import io.circuitscript.runtime.metric.RowChoice;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Statement;
import java.util.List;
import java.util.Optional;

/**
 * {@code data generate}: pairs made from a description of their columns.
 *
 * @param name what messages and results call the data
 * @param block null in the list of all statements, which documents it
 * @param scope the variables that the block sees
 * @param standard whether it is of a task of the standard library
 */
public record DataGenerate(String name, Statement.GenerateData block, Scope scope, boolean standard)
        implements StatementHandler {
    private static final String WORD = "data generate";
    private static final int COUNT = 100;

    private static final Declaration DECLARATION = Data.givesRows(Declaration.of(
                            WORD,
                            "generates pairs of clean and corrupted texts from rules for their columns",
                            "data generate count=10 { n = choose(1..9); clean = \"{n} and {n}\"; corrupted = \"0 and {n}\" }")
                    .options(
                            optional("count", Kind.COUNT, "how many rows to make; by default 100")
                                    .upTo(1_000_000),
                            optional("seed", Kind.WHOLE, "the random seed; by default, that of the statement `seed`"),
                            Data.SPLIT)
                    .needs(Need.MODEL)
                    .provides(Need.DATA, Need.METRIC, Need.TEST_PART))
            .in(HelpGroup.MODELS_AND_DATA)
            .build();

    /** Its options, as a statement without a block has them. */
    public static Statement.Command asCommand(Statement.GenerateData block) {
        Span all = block.span();
        Span word = new Span(all.source(), all.start(), Math.min(all.end(), all.start() + WORD.length()));
        return new Statement.Command(new Statement.Name(WORD, word), List.of(), block.options(), all);
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        facts.set(Need.DATA, Facts.Known.YES);
        facts.tasks()
                .setColumns(
                        name,
                        Optional.of(block.columns().stream()
                                .map(column -> column.name().text())
                                .toList()));
        facts.tasks().setSpans(Optional.of(GeneratedData.spanNames(block)));
        facts.tasks().givesWay();
        if (facts.tasks().chosen().isEmpty()) facts.set(Need.METRIC, Facts.Known.MAYBE);
        facts.tasks().checkColumns(asCommand(block).word().span());
        Data.checkSplit(arguments, facts);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        RowChoice rows = RowChoice.of(arguments, "count").under(state.taking());
        long seed = rows.seed().orElse(state.settings().seed());
        return state.experiment()
                .withData(
                        new GeneratedData(name, block, scope, rows.count().orElse(COUNT), seed, standard),
                        rows.parts(seed),
                        () -> Data.result("data", state));
    }
}
