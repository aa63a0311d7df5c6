package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.choice;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.analysis.Curve;
import io.circuitscript.analysis.Interval;
import io.circuitscript.analysis.circuits.SizeSweep;
import io.circuitscript.engine.Ablation;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.Level;
import io.circuitscript.runtime.state.PlotSources;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** {@code sweep}: circuits of several sizes, how faithful each is, and the areas of the curve. */
final class SweepSizes implements StatementHandler {
    private static final Declaration DECLARATION = Groups.declare(Declaration.of(
                            "sweep",
                            "evaluates circuits of several sizes, chosen by signed and by absolute scores",
                            "sweep sizes=[1%, 10%, 50%]")
                    .options(
                            optional(
                                    "sizes",
                                    Kind.LIST,
                                    "counts or, with % or a decimal point, shares of all; by default, ten shares from .001 to 1"),
                            choice(
                                    "by",
                                    List.of("greedy", "top"),
                                    "greedy grows from logits; top takes the largest scores, as MIB's program does"),
                            Levels.level("what is chosen; nodes and neurons come with all edges among them"),
                            Ablations.withOptimal(),
                            Ablations.over(),
                            DataSplits.on(),
                            Groups.per())
                    .gives("points", Type.LIST)
                    .gives("cpr", Type.ANY)
                    .gives("cmd", Type.ANY)
                    .gives("cpr_interval", Type.ANY)
                    .gives("cmd_interval", Type.ANY)
                    .gives("by", Type.TEXT)
                    .gives("level", Type.TEXT)
                    .gives("examples", Type.NUMBER))
            .gives(SweepGroups.POINTS, Type.ANY)
            .needs(Need.MODEL, Need.DATA, Need.METRIC, Need.SCORES)
            .provides(Need.DRAWING)
            .in(HelpGroup.TESTING)
            .shown(ResultView.ofTable(SweepSizes::table, SweepSizes::lines))
            .table("points")
            .items("`points` of sweep, beside those of evaluate", "size", "fraction", "abs")
            .items("`groups` of sweep", SweepGroups.FIELDS)
            .items("`" + SweepGroups.POINTS + "` of sweep", SweepGroups.POINT_FIELDS)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        Levels.checkScored(arguments, facts);
        RequestedSize.of(
                arguments,
                Levels.known(arguments, facts),
                arguments.knownText("level").map(level -> level + "s").orElse("edges"));
        Ablations.check(arguments);
        DataSplits.check(arguments, facts);
        facts.set(Need.DRAWING, Facts.Known.YES);
        return Groups.shape(DECLARATION, arguments);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Level level = Levels.chosen(arguments, state);
        SizeSweep.By by = SizeSweep.By.valueOf(arguments.text("by").toUpperCase(Locale.ROOT));
        SizeSweep.Choice choice = Levels.choice(level, by, state);
        List<RequestedSize> sizes =
                RequestedSize.of(arguments, OptionalInt.of(Levels.all(level, state)), level.plural());
        Function<Circuit, Ablation> ablations = Ablations.ofCircuits(arguments, state);
        DataSplit split = DataSplits.of(arguments);
        Optional<Groups> groups = Groups.of(arguments, split, state);
        FaithfulnessReference reference = FaithfulnessReference.of(ablations, split, state);
        reference.faithfulness(reference.model()); // says that there is none before the runs, not after
        List<Integer> counts = sizes.stream().map(RequestedSize::count).toList();
        List<SizeSweep.Point> points = SizeSweep.run(
                state.experiment().analyses(split), choice, counts, ablations, reference.empty(), state.runOptions());
        FaithfulnessReference.Draws draws =
                reference.draws(points.stream().map(SizeSweep.Point::values).toList());
        Swept swept = new Swept(sizes, points, reference, draws);
        state.plotSources().add(drawing(level, arguments, swept, state));
        ResultFields result = result(level, arguments, swept);
        groups.ifPresent(it -> {
            it.tell(reference, state);
            SweepGroups.put(result, it, swept);
        });
        return result.done();
    }

    /** A finished sweep. The points by signed scores come first, then, for the same sizes, those by absolute ones. */
    record Swept(
            List<RequestedSize> sizes,
            List<SizeSweep.Point> points,
            FaithfulnessReference reference,
            FaithfulnessReference.Draws draws) {

        /** The same over some of the examples. */
        Swept over(int[] examples) {
            FaithfulnessReference some = reference.over(examples);
            List<SizeSweep.Point> theirs = points.stream()
                    .map(it -> new SizeSweep.Point(
                            it.size(), it.absolute(), it.circuit(), Groups.of(it.values(), examples)))
                    .toList();
            return new Swept(
                    sizes,
                    theirs,
                    some,
                    some.draws(theirs.stream().map(SizeSweep.Point::values).toList()));
        }

        RequestedSize size(int point) {
            return sizes.get(point % sizes.size());
        }

        /** The areas that are known, as fields. */
        ResultFields putAreas(ResultFields fields) {
            boolean differs = reference.differs();
            Optional<Area> cpr = differs ? area(false, Curve::area) : Optional.empty();
            Optional<Area> cmd = differs ? area(true, Curve::distance) : Optional.empty();
            return fields.put("cpr", value(cpr))
                    .put("cmd", value(cmd))
                    .put("cpr_interval", FaithfulnessReference.shown(cpr.flatMap(Area::interval)))
                    .put("cmd_interval", FaithfulnessReference.shown(cmd.flatMap(Area::interval)));
        }

        /** An area of one half of the points, where all sizes are shares and there are two of them at least. */
        Optional<Area> area(boolean absolute, ToDoubleFunction<Curve> area) {
            if (!sizes.stream().allMatch(RequestedSize::share)) return Optional.empty();
            int[] order = IntStream.range(0, sizes.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> sizes.get(i).fraction()))
                    .mapToInt(i -> i)
                    .toArray();
            double[] fractions = IntStream.of(order)
                    .mapToDouble(i -> sizes.get(i).fraction())
                    .toArray();
            if (fractions[0] == fractions[fractions.length - 1]) return Optional.empty();
            int from = absolute ? sizes.size() : 0;
            ToDoubleFunction<double[]> number = all -> area.applyAsDouble(new Curve(
                    fractions,
                    IntStream.of(order).mapToDouble(i -> all[from + i]).toArray()));
            double[] faithfulness = points.stream()
                    .mapToDouble(point -> reference.faithfulness(point.values()))
                    .toArray();
            return Optional.of(new Area(number.applyAsDouble(faithfulness), draws.ofAll(number)));
        }
    }

    record Area(double value, Optional<Interval> interval) {}

    private static ResultFields result(Level level, Arguments arguments, Swept swept) {
        List<Value> points = new ArrayList<>();
        for (int i = 0; i < swept.points().size(); i++) {
            SizeSweep.Point point = swept.points().get(i);
            RequestedSize size = swept.size(i);
            ResultFields fields = ResultFields.entry()
                    .put("size", point.size())
                    .put("fraction", size.fraction())
                    .put("abs", point.absolute());
            swept.reference().put(fields, point.circuit(), point.values(), swept.draws(), i);
            if (level == Level.NEURON && !point.circuit().choosesNeurons())
                fields.put(CircuitSize.NEURONS, 0); // it is empty
            points.add(fields.done());
        }
        return swept.putAreas(ResultFields.of("sweep").put("points", new Value.ListOf(points)))
                .put("by", arguments.text("by"))
                .put("level", level.word())
                .put("examples", swept.reference().model().length);
    }

    private static Value value(Optional<Area> area) {
        return area.<Value>map(it -> new Value.Number(it.value())).orElse(new Value.None());
    }

    private static OptionalDouble number(Optional<Area> area) {
        return area.isPresent() ? OptionalDouble.of(area.get().value()) : OptionalDouble.empty();
    }

    private static PlotSources.Sweep drawing(Level level, Arguments arguments, Swept swept, State state) {
        List<PlotSources.Point> drawn = new ArrayList<>();
        for (int i = 0; i < swept.points().size(); i++) {
            double faithfulness =
                    swept.reference().faithfulness(swept.points().get(i).values());
            Optional<Interval> interval = swept.draws().faithfulness(i);
            drawn.add(new PlotSources.Point(
                    swept.sizes().get(i % swept.sizes().size()).fraction(),
                    faithfulness,
                    interval.map(it -> OptionalDouble.of(it.low())).orElse(OptionalDouble.empty()),
                    interval.map(it -> OptionalDouble.of(it.high())).orElse(OptionalDouble.empty())));
        }
        drawn = List.copyOf(drawn);
        int half = swept.sizes().size();
        String method = state.current().method();
        return new PlotSources.Sweep(
                state.model().name(),
                state.experiment().dataName().orElse(""),
                state.experiment().metric().name(),
                method.isEmpty() ? "scores" : method,
                level.ofEdges() ? arguments.text("by") : "",
                level.plural(),
                arguments.text("with"),
                state.experiment().isSplit() ? arguments.text("on") : "",
                level.ofEdges() ? state.scores() : state.nodeScores(false),
                drawn.subList(0, half),
                drawn.subList(half, 2 * half),
                number(swept.area(false, Curve::area)),
                number(swept.area(true, Curve::distance)));
    }

    /** A row a size: what signed scores chose, and beside it what absolute ones did. */
    private static ResultTable table(Value.Fields result, int most) {
        List<Value.Fields> points = ResultTable.entries(result, "points");
        String level = ResultTable.cell(result, "level");
        String what = level.equals(Level.POSITION.word()) ? "edges" : level + "s";
        int half = points.size() / 2;
        List<String> headings =
                List.of("asked", what, "faithfulness, signed", "kept", "faithfulness, absolute", "kept");
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(half, most); i++) {
            Value.Fields signed = points.get(i);
            Value.Fields absolute = points.get(half + i);
            rows.add(List.of(
                    share(signed),
                    ResultTable.cell(signed, "size"),
                    ResultTable.sure(signed, "faithfulness"),
                    ResultTable.cell(signed, what),
                    ResultTable.sure(absolute, "faithfulness"),
                    ResultTable.cell(absolute, what)));
        }
        return new ResultTable(headings, rows, half);
    }

    /** The size that was asked for, as a share. */
    static String share(Value.Fields point) {
        return point.field("fraction")
                .map(it -> RoundedText.of(100 * ((Value.Number) it).value()) + "%")
                .orElse("");
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        List<String> lines = new ArrayList<>(text.table(table(value, Integer.MAX_VALUE)));
        lines.add(
                ResultText.isNumber(value, "cpr")
                        ? text.prominent("CPR " + ResultText.sure(value, "cpr")) + " (signed), "
                                + text.prominent("CMD " + ResultText.sure(value, "cmd")) + " (absolute)"
                        : "no areas: they need at least two sizes, all given as shares (5%, .05)");
        if (value.field(Groups.GROUPS).isPresent()) lines.addAll(SweepGroups.lines(value, text));
        return lines;
    }
}
