package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.render.Chart;
import io.circuitscript.render.ReportGraph;
import io.circuitscript.render.ReportPage;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.ScoredCircuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.state.Transcript;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code report}: everything so far as one page. */
final class Report implements StatementHandler {
    private static final Declaration DECLARATION = Declaration.of(
                    "report",
                    "writes the run so far as one page: script, results, charts, and an interactive circuit",
                    "report \"run.html\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to write it"))
            .gives("file", Type.TEXT)
            .needs(Need.GRAPH)
            .in(HelpGroup.FILES)
            .shown((result, text) -> text.wrote(result))
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        FileExtensions.check(arguments, ReportPage::checkEnding);
        return DECLARATION.resultShape();
    }

    @Override
    public Value run(Arguments arguments, State state) {
        String name = arguments.text("file");
        ReportPage page = page(arguments.span().source(), state);
        return arguments.at("file", () -> {
            page.write(state.files().toWrite(name));
            return ResultFields.of("report").put("file", name).done();
        });
    }

    private static ReportPage page(Source source, State state) {
        List<Transcript.Line> lines = state.transcript().lines();
        // At the prompt each input is a text of its own: the page shows what ran.
        String script = source.name().startsWith("<repl")
                ? lines.stream().map(Transcript.Line::statement).collect(Collectors.joining("\n"))
                : source.text();
        List<Chart> charts = new ArrayList<>();
        Stream.of(Charts.sweeps(state), Charts.rocs(state))
                .flatMap(Optional::stream)
                .forEach(charts::add);
        charts.addAll(Charts.patches(state));
        Charts.scores(state).ifPresent(charts::add);
        ScoredCircuit current = state.current();
        List<ReportPage.Entry> entries = lines.stream().map(Report::entry).toList();
        return new ReportPage(
                Captions.of(state, current.circuit()),
                script,
                entries,
                charts,
                Optional.of(new ReportGraph(current.circuit(), current.ofCircuit())));
    }

    private static ReportPage.Entry entry(Transcript.Line line) {
        List<ReportPage.Field> fields = line.values().stream()
                .map(it -> new ReportPage.Field(it.name(), it.text(), it.whole()))
                .toList();
        Optional<ReportPage.Rows> rows =
                line.table().map(it -> new ReportPage.Rows(it.headings(), it.rows(), it.all()));
        return new ReportPage.Entry(line.statement(), fields, rows);
    }
}
