package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.render.Chart;
import io.circuitscript.render.SvgWriter;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code plot}: a chart of what came before. */
final class Plot implements StatementHandler {
    private static final String AUTO = "auto";
    private static final String SWEEP = "sweep";
    private static final String RANDOM = "random";
    private static final String TABLE = "table";
    private static final List<String> OF_TABLE = List.of("x", "y", "by", "kind");

    private static final Declaration DECLARATION = Declaration.of(
                    "plot",
                    "draws a chart of a table, or of what came last: curves of sweeps, a histogram of scores or of random circuits, a heat map of `patch`; svg or png by the file's ending",
                    "plot \"curve.svg\"")
            .takes(optional("table", Kind.TABLE, "whose rows to draw; by default, what came last is drawn"))
            .takes(required("file", Kind.OUTPUT_FILE, "where to draw it"))
            .options(
                    choice(
                            "of",
                            List.of(AUTO, SWEEP, "scores", "roc", "patch", RANDOM),
                            "what to draw; auto is what came last"),
                    optional("last", Kind.COUNT, "only so many sweeps, the last ones"),
                    optional("x", Kind.FIELD, "the field along the axis: numbers, or texts side by side"),
                    optional("y", Kind.FIELD, "the field upwards: numbers; rows that share x= and by= are their mean"),
                    optional("by", Kind.FIELD, "the field that tells groups apart, a colour each"),
                    choice("kind", List.of("line", "points", "bars"), "how rows are drawn"))
            .gives("file", Type.TEXT)
            .gives("of", Type.TEXT)
            .in(HelpGroup.FILES)
            .shown((result, text) -> text.wrote(result))
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        FileExtensions.check(arguments, SvgWriter::checkEnding);
        if (arguments.given(TABLE)) {
            checkTable(arguments);
            return DECLARATION.resultShape();
        }
        for (String option : OF_TABLE) {
            if (arguments.given(option))
                throw Mistake.form(
                        ErrorCode.WRONG_VALUE,
                        "`" + option + "=` is for the chart of a table",
                        arguments.spanOf(option),
                        "as in plot rows x=size y=faithfulness \"grid.svg\"");
        }
        String of = arguments.knownText("of").orElse(AUTO);
        if (arguments.given("last") && !of.equals(AUTO) && !of.equals(SWEEP)) {
            throw Mistake.form(
                    ErrorCode.WRONG_VALUE,
                    "`last` counts sweeps, and `of=" + of + "` draws none",
                    arguments.spanOf("last"),
                    "leave last= out, or write of=sweep");
        }
        if (of.equals("scores")) facts.require(Need.SCORES, "`of=scores`", arguments.spanOf("of"));
        else if (!of.equals(AUTO)) facts.require(Need.DRAWING, "`of=" + of + "`", arguments.spanOf("of"));
        else if (facts.met(Need.SCORES) == Facts.Known.NO) facts.require(Need.DRAWING, "`plot`", arguments.span());
        return DECLARATION.resultShape();
    }

    private static void checkTable(Arguments arguments) {
        for (String option : List.of("of", "last")) {
            if (arguments.given(option))
                throw Mistake.form(
                        ErrorCode.WRONG_VALUE,
                        "`" + option + "=` is for a chart of what came last, and this is one of a table",
                        arguments.spanOf(option),
                        "leave " + option + "= out");
        }
        for (String option : List.of("x", "y")) {
            if (!arguments.given(option))
                throw Mistake.form(
                        ErrorCode.MISSING_ARGUMENT,
                        "the chart of a table needs `" + option + "=`",
                        arguments.span(),
                        "as in plot rows x=size y=faithfulness \"grid.svg\"");
        }
        boolean known = arguments.abstractValue(TABLE).orElseThrow() instanceof Unknown table
                && table.item().orElse(Unknown.ANY) instanceof Unknown row
                && row.field(arguments.knownText("y").orElse(""))
                        .filter(it -> !it.type().mayBe(Type.NUMBER, Type.NONE))
                        .isPresent();
        if (known)
            throw Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "`y` takes a field of numbers",
                    arguments.spanOf("y"),
                    "texts go along the axis: x=" + arguments.knownText("y").orElseThrow());
    }

    @Override
    public Value run(Arguments arguments, State state) {
        if (arguments.given(TABLE)) return draw(new TablePlot(arguments, state).chart(), TABLE, arguments, state);
        String of = arguments.text("of");
        if (of.equals(AUTO) && arguments.given("last")) of = SWEEP;
        if (of.equals(AUTO))
            of = state.plotSources()
                    .last()
                    .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                    .orElse("scores");
        Optional<Chart> chart = switch (of) {
            case SWEEP -> Charts.sweeps(state, arguments.given("last") ? arguments.count("last") : Integer.MAX_VALUE);
            case "roc" -> Charts.rocs(state);
            case "patch" -> Charts.patches(state).stream().reduce((before, last) -> last);
            case RANDOM -> Charts.randomCircuits(state);
            default -> Charts.scores(state);
        };
        if (chart.isEmpty()) {
            String help = switch (of) {
                case SWEEP -> "`sweep` makes curves: it must come first";
                case "patch" -> "`patch` makes heat maps: it must come first";
                case RANDOM -> "`random-circuits` draws and evaluates some: it must come first";
                case "roc" -> "`compare` makes ROC curves, where a circuit has scores: it must come first";
                default -> Need.SCORES.help();
            };
            throw Mistake.value(ErrorCode.TOO_EARLY, "there is nothing to draw yet", arguments.span(), help);
        }
        return draw(chart.get(), of, arguments, state);
    }

    private static Value draw(Chart chart, String of, Arguments arguments, State state) {
        String name = arguments.text("file");
        return arguments.at("file", () -> {
            SvgWriter.write(
                    chart.svg(), state.files().toWrite(name), state.runOptions().cancel()::check);
            return ResultFields.of("plot").put("file", name).put("of", of).done();
        });
    }
}
