package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.Declaration.Argument.required;

import io.circuitscript.graph.Circuit;
import io.circuitscript.render.Chart;
import io.circuitscript.render.ReportGraph;
import io.circuitscript.render.ReportPage;
import io.circuitscript.runtime.Arguments;
import io.circuitscript.runtime.Declaration;
import io.circuitscript.runtime.Facts;
import io.circuitscript.runtime.Held;
import io.circuitscript.runtime.Kind;
import io.circuitscript.runtime.Need;
import io.circuitscript.runtime.ResultFields;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.StatementHandler;
import io.circuitscript.runtime.Transcript;
import io.circuitscript.runtime.Type;
import io.circuitscript.runtime.Value;
import io.circuitscript.source.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code report}: everything so far as one page. */
final class Report implements StatementHandler {
    private static final Declaration DECLARATION =
            Declaration.of("report", "writes the run so far as one page: script, results, charts, and the circuit to play with", "report \"run.html\"")
            .takes(required("file", Kind.OUTPUT_FILE, "where to write it"))
            .gives("file", Type.TEXT)
            .needs(Need.GRAPH)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public Held check(Arguments arguments, Facts facts) {
        arguments.knownText("file").ifPresent(name -> arguments.at("file", () -> {
            ReportPage.checkEnding(Path.of(name));
            return name;
        }));
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
        Stream.of(Charts.sweeps(state), Charts.rocs(state)).flatMap(Optional::stream).forEach(charts::add);
        charts.addAll(Charts.patches(state));
        Charts.scores(state).ifPresent(charts::add);
        State.Scored current = state.current();
        List<ReportPage.Entry> entries = lines.stream().map(Report::entry).toList();
        return new ReportPage(
                title(state), subtitle(state), script, entries, charts, Optional.of(new ReportGraph(current.circuit(), current.scores())));
    }

    private static ReportPage.Entry entry(Transcript.Line line) {
        List<ReportPage.Field> fields = line.values().stream().map(it -> new ReportPage.Field(it.name(), it.text(), it.whole())).toList();
        Optional<ReportPage.Rows> rows = line.table().map(it -> new ReportPage.Rows(it.headings(), it.rows(), it.all()));
        return new ReportPage.Entry(line.statement(), fields, rows);
    }

    private static String title(State state) {
        String title = Stream.of(state.loadedModel().map(State.Model::name), state.experiment().dataName())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" · "));
        return title.isEmpty() ? "circuit" : title;
    }

    private static String subtitle(State state) {
        Circuit circuit = state.current().circuit();
        List<String> parts = new ArrayList<>();
        if (!state.current().method().isBlank()) parts.add(state.current().method());
        parts.add(String.format(Locale.ROOT, "%,d edges, %,d nodes", circuit.edgeCount(), circuit.nodeCount()));
        state.experiment().faithfulness().ifPresent(it -> parts.add(String.format(Locale.ROOT, "faithfulness %.3f", it)));
        return String.join(" · ", parts);
    }
}
