package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.evaluate.SpanArgument;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.metric.FileData;
import io.circuitscript.runtime.metric.RowChoice;
import io.circuitscript.runtime.metric.UsableAnswers;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.DataFiles;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import io.circuitscript.task.RowFaults;
import io.circuitscript.task.SpanColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code data}: clean and corrupted pairs from a file. */
final class Data implements StatementHandler {
    /** The names of columns that have a meaning here; the script may say which of the file's columns has which. */
    private static final List<String> COLUMNS = List.of(
            "clean", "corrupted", "label", "start_year", "correct", "incorrect", "correct_idx", "incorrect_idx");

    /** An owner and a name, without an ending of a table's. */
    private static final Pattern HUB_NAME =
            Pattern.compile("[A-Za-z0-9][\\w.-]*/[\\w.-]+(?<!\\.(csv|tsv|tab|jsonl|ndjson|json|parquet|pq))");

    /** The option {@code split} of every statement that takes data. */
    static final Declaration.Argument SPLIT = optional(
            "split", Kind.SHARE, "the share of rows for training, after a shuffle; the others are for `on=test`");

    private static final Declaration DECLARATION = givesRows(Declaration.of(
                            "data",
                            "reads pairs of clean and corrupted texts, and checks each pair",
                            "data \"std/ioi.csv\" limit=100")
                    .takes(required(
                                    "file",
                                    Kind.DATA_NAME,
                                    "a table with the columns clean and corrupted: .csv, .tsv, .jsonl, .json or .parquet")
                            .offering(Offers.TABLES))
                    .options(COLUMNS.stream().map(Data::column).toArray(Declaration.Argument[]::new))
                    .options(
                            optional("limit", Kind.COUNT, "how many rows to take"),
                            optional("seed", Kind.WHOLE, "shuffles the rows first, with this random seed"),
                            SPLIT,
                            optional(
                                            "spans",
                                            Kind.SPANS,
                                            "which positions are spans: columns whose values are in the clean texts, or that hold positions; or tokens, for each position by itself")
                                    .offering(Offers.COLUMNS))
                    .options(HubData.OPTIONS.toArray(Declaration.Argument[]::new))
                    .options(
                            truth("skip", false, "leaves out rows that cannot be used or show nothing, and says which"))
                    .needs(Need.MODEL)
                    .provides(Need.DATA, Need.METRIC, Need.TEST_PART))
            .gives("skipped", Type.LIST)
            .in(HelpGroup.MODELS_AND_DATA)
            .build();

    /** Adds the fields with which every statement that takes data describes it. */
    static Declaration.Builder givesRows(Declaration.Builder statement) {
        return statement
                .gives("examples", Type.NUMBER)
                .gives("columns", Type.LIST)
                .gives("tokens_min", Type.NUMBER)
                .gives("tokens_max", Type.NUMBER)
                .gives("metric", Type.ANY)
                .gives("distinct", Type.NUMBER)
                .gives("train", Type.NUMBER)
                .gives("test", Type.NUMBER)
                .shown(Data::lines);
    }

    private final HubData hub;

    Data(Map<String, String> environment) {
        hub = new HubData(environment);
    }

    private static Declaration.Argument column(String name) {
        return optional(name, Kind.NAME, "the file's column for it").offering(Offers.COLUMNS);
    }

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        facts.set(Need.DATA, Facts.Known.YES);
        Optional<PairsReader.Header> header = header(arguments, facts);
        facts.tasks()
                .setColumns(
                        arguments.knownText("file").orElse("the data"),
                        header.map(PairsReader.Header::columns),
                        header.map(PairsReader.Header::leftOut).orElse(new LinkedHashMap<>()));
        facts.tasks()
                .setSpans(
                        arguments.given("spans")
                                ? arguments
                                        .known("spans")
                                        .map(SpanArgument::columns)
                                        .flatMap(SpanColumns::names)
                                : Optional.of(List.of()));
        facts.tasks().givesWay();
        if (facts.tasks().chosen().isEmpty()) facts.set(Need.METRIC, Facts.Known.MAYBE);
        facts.tasks().checkColumns(arguments.spanOf("file"));
        checkSplit(arguments, facts);
        return DECLARATION.resultShape();
    }

    /** The columns of the file, if it exists already. Mistakes in it are reported before anything is loaded. */
    private Optional<PairsReader.Header> header(Arguments arguments, Facts facts) {
        Optional<String> file = arguments.knownText("file");
        boolean renamed = COLUMNS.stream()
                .anyMatch(name -> arguments.abstractValue(name).isPresent()
                        && arguments.knownText(name).isEmpty());
        HubData.checkOptions(arguments);
        Optional<Boolean> onHub = HubData.isAsked(arguments);
        if (onHub.isEmpty() || file.isEmpty()) {
            facts.files().reads().unknown(arguments.spanOf("file"));
            return Optional.empty();
        }
        Optional<DataFiles> files = onHub.get()
                ? hub.here(arguments, facts.files().reads())
                : arguments.at("file", () -> hinted(file.get(), false, () -> inFile(file.get(), facts)));
        if (files.isEmpty() || renamed) return Optional.empty();
        Map<String, String> names = new LinkedHashMap<>();
        COLUMNS.forEach(name -> arguments.knownText(name).ifPresent(column -> names.put(name, column)));
        PairsReader.Options options = new PairsReader.Options(
                names,
                rows(arguments),
                arguments.known("spans").map(SpanArgument::columns).orElse(SpanColumns.NONE),
                false);
        return Optional.of(arguments.at(
                "file",
                () -> hinted(file.get(), onHub.get(), () -> PairsReader.header(files.get(), options, facts.cancel()))));
    }

    /** Where there is no file of a name that a data set on the hub may have, the error says how that is read. */
    private static <T> T hinted(String name, boolean onHub, Supplier<T> read) {
        try {
            return read.get();
        } catch (UserError e) {
            if (e.code() != ErrorCode.MISSING_FILE
                    || onHub
                    || !HUB_NAME.matcher(name).matches()) throw e;
            throw new UserError(
                    e.kind(),
                    e.code(),
                    e.getMessage(),
                    e.notes(),
                    e.help() + "; a data set on the hub is read by data \"" + name + "\" hub=true");
        }
    }

    private static Optional<DataFiles> inFile(String name, Facts facts) {
        DataFiles files = DataFiles.of(name, facts.files().toRead(name));
        return facts.files().isWritten(name) ? Optional.empty() : Optional.of(files);
    }

    /** How many rows are certain to be read. */
    private static int rows(Arguments arguments) {
        boolean all = !arguments.given("limit") || arguments.given("seed") || arguments.given("skip");
        if (all) return Integer.MAX_VALUE;
        return arguments.known("limit").orElse(null) instanceof Value.Number(double limit, boolean _)
                ? (int) Math.max(1, limit)
                : 1;
    }

    /** Checks the share, and notes whether there are rows for testing. */
    static void checkSplit(Arguments arguments, Facts facts) {
        facts.set(Need.TEST_PART, arguments.given("split") ? Facts.Known.YES : Facts.Known.NO);
        if (!(arguments.known("split").orElse(null) instanceof Value.Number(double share, boolean _))
                || share > 0 && share < 1) return;
        String help = "as in split=80%: 80% of the rows are for training, the others for testing";
        throw Mistake.value(
                ErrorCode.WRONG_VALUE, "`split` takes a share between 0% and 100%", arguments.spanOf("split"), help);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name : COLUMNS) {
            if (arguments.given(name)) columns.put(name, arguments.text(name));
        }
        String name = arguments.text("file");
        RowChoice rows = RowChoice.of(arguments, "limit").under(state.taking());
        int limit = rows.count().orElse(Integer.MAX_VALUE);
        return atSpans(
                arguments,
                () -> state.experiment()
                        .withData(
                                new FileData(
                                        arguments.truth("hub")
                                                ? hub.fetched(arguments, state)
                                                : DataFiles.of(
                                                        name, state.files().toRead(name)),
                                        columns,
                                        limit,
                                        rows.seed(),
                                        arguments.given("spans")
                                                ? SpanArgument.columns(arguments.value("spans"))
                                                : SpanColumns.NONE,
                                        arguments.truth("skip")),
                                rows.parts(state.settings().seed()),
                                () -> described(state)));
    }

    /** What is wrong with spans is so where they are named, and all else at the file. */
    private static Value atSpans(Arguments arguments, Supplier<Value> taking) {
        return arguments.at("file", () -> {
            try {
                return taking.get();
            } catch (UserError e) {
                if (e.code() != ErrorCode.DATA_SPAN) throw e;
                throw Mistake.at(arguments.spanOf("spans"), e);
            }
        });
    }

    /** The result; an answer that the metric cannot use is reported with the other rows that have one. */
    private static Value.Fields described(State state) {
        try {
            return described("data", state).put("skipped", skipped(state)).done();
        } catch (UserError e) {
            if (!UsableAnswers.isRefusal(e.code())) throw e;
            List<String> notes = new ArrayList<>(e.notes());
            RowFaults faults = state.experiment().faults();
            if (faults.count() > 1) faults.phrases().forEach(phrase -> notes.add("in all: " + phrase));
            throw new UserError(e.kind(), e.code(), e.getMessage(), notes, e.help() + PairsReader.SKIP);
        }
    }

    /** A record for each kind of row that was left out. */
    private static Value skipped(State state) {
        List<Value> kinds = new ArrayList<>();
        state.experiment().pairs(DataSplit.ALL).skipped().rows().forEach((fault, rows) -> {
            SequencedMap<String, Value> kind = new LinkedHashMap<>();
            kind.put("kind", new Value.Text(fault.kind()));
            kind.put("count", new Value.Number(rows.size()));
            kind.put(
                    "rows",
                    new Value.ListOf(rows.stream()
                            .<Value>map(row -> new Value.Number(row))
                            .toList()));
            kinds.add(Value.Fields.record(kind));
        });
        return new Value.ListOf(kinds);
    }

    /** Describes the data that was taken. @param statement the statement that took it */
    static Value.Fields result(String statement, State state) {
        return described(statement, state).done();
    }

    private static ResultFields described(String statement, State state) {
        Pairs pairs = state.experiment().pairs(DataSplit.ALL);
        int train = state.experiment().pairs(DataSplit.TRAIN).size();
        return ResultFields.of(statement)
                .put("examples", pairs.size())
                .put("columns", pairs.columns())
                .put("tokens_min", pairs.tokensMin())
                .put("tokens_max", pairs.tokensMax())
                .put("metric", metric(state))
                .put("distinct", pairs.distinct())
                .put("train", train)
                .put("test", pairs.size() - train);
    }

    /** Columns that imply no metric are a mistake only once one is needed: the script may name it next. */
    private static Value metric(State state) {
        // The metric of a task may stand after its data.
        if (state.taking().isPresent()) return new Value.None();
        try {
            return new Value.Text(state.experiment().metric().name());
        } catch (UserError e) {
            if (state.metricAhead()) return new Value.None(); // the columns serve a metric that the script names later
            if (e.code() != ErrorCode.NO_METRIC) throw e;
            state.say(e.getMessage());
            return new Value.None();
        }
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String min = ResultText.text(value, "tokens_min");
        String max = ResultText.text(value, "tokens_max");
        return List.of(
                ResultText.counted(value, "examples", "example") + parts(value) + " of "
                        + (min.equals(max) ? min : min + " to " + max) + " tokens, metric "
                        + ResultText.text(value, "metric"),
                "columns "
                        + ResultText.list(value, "columns").stream()
                                .map(ResultText::shown)
                                .collect(Collectors.joining(", ")));
    }

    /** How many rows are distinct, if some are copies, and how they are split. */
    private static String parts(Value.Fields value) {
        List<String> parts = new ArrayList<>();
        if (ResultText.number(value, "distinct") < ResultText.number(value, "examples"))
            parts.add(ResultText.text(value, "distinct") + " distinct");
        if (ResultText.number(value, "test") > 0)
            parts.add(ResultText.text(value, "train") + " to train, " + ResultText.text(value, "test") + " to test");
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }
}
