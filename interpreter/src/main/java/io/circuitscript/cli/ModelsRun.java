package io.circuitscript.cli;

import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.console.ExitCodeMapping;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.Reporting;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.Table;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.UserHome;
import io.circuitscript.model.hub.HubName;
import io.circuitscript.model.locate.ModelList;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lists models, those on this machine first. */
final class ModelsRun {
    private static final String HOME =
            UserHome.of(System.getenv()).map(Path::toString).orElse("~");

    private final ProcessEnvironment environment;
    private final Map<String, String> variables;
    private final Reporting reporting;

    ModelsRun(ProcessEnvironment environment, RunFlags flags) {
        this.environment = environment;
        variables = flags.variables(environment);
        reporting = Reporting.of(environment, flags);
    }

    int run(List<String> names) {
        return new ExitCodeMapping(reporting, new CancelToken()).run(() -> {
            Path folder = environment.folder();
            ModelLocator.SearchPath searchPath =
                    ModelLocator.SearchPath.of(Optional.empty(), folder, variables, folder);
            List<ModelList.Entry> entries = ModelList.matching(ModelList.of(searchPath), names);
            if (reporting.json().isPresent())
                entries.forEach(entry -> reporting.json().get().object(fields(entry)));
            else table(entries).forEach(environment.out().text()::println);
            return ExitCode.OK;
        });
    }

    private static Value.Fields fields(ModelList.Entry entry) {
        ResultFields fields = ResultFields.entry()
                .put("model", entry.name())
                .put("repository", text(entry.repository().map(HubName::repository)))
                .put("place", entry.place().name().toLowerCase(Locale.ROOT))
                .put(
                        "folder",
                        text(entry.folder()
                                .filter(folder -> entry.place() != ModelList.Place.BUNDLED)
                                .map(Path::toString)));
        entry.shape()
                .ifPresent(shape -> fields.put("family", shape.family())
                        .put("layers", shape.layers())
                        .put("heads", shape.heads())
                        .put("d_model", shape.dModel())
                        .put("parameters", shape.parameters())
                        .put("edges", shape.graph().edgeCount()));
        return fields.put("obstacle", text(entry.obstacle())).done();
    }

    private static Value text(Optional<String> text) {
        return text.<Value>map(Value.Text::new).orElse(new Value.None());
    }

    private static List<String> table(List<ModelList.Entry> entries) {
        Table table = new Table("model", "family", "parameters", "edges", "where");
        for (ModelList.Entry entry : entries) {
            Optional<ModelList.Shape> shape = entry.shape();
            table.row(
                    entry.name(),
                    shape.map(ModelList.Shape::family).orElse(""),
                    shape.map(it -> right(size(it.parameters()), "parameters".length()))
                            .orElse(""),
                    shape.map(it -> right(
                                    String.format(Locale.ROOT, "%,d", it.graph().edgeCount()), "10,000,000".length()))
                            .orElse(""),
                    where(entry)
                            + entry.obstacle()
                                    .map(why -> (entry.place() == ModelList.Place.HUB ? "" : ": ") + why)
                                    .orElse(""));
        }
        return table.lines();
    }

    private static String where(ModelList.Entry entry) {
        return switch (entry.place()) {
            case BUNDLED -> "bundled";
            case FOLDER -> shown(entry.folder().orElseThrow());
            case CACHE -> "in the hub's cache";
            case HUB -> "";
        };
    }

    private static String shown(Path folder) {
        String text = folder.toString();
        return text.startsWith(HOME + "/") ? "~" + text.substring(HOME.length()) : text;
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** As {@code 124M} or {@code 6.9B}. */
    static String size(long parameters) {
        if (parameters < 999_500) return Math.round(parameters / 1e3) + "K";
        if (parameters < 999_500_000)
            return (parameters < 9_950_000 ? tenths(parameters / 1e6) : Math.round(parameters / 1e6) + "") + "M";
        return (parameters < 9_950_000_000L ? tenths(parameters / 1e9) : Math.round(parameters / 1e9) + "") + "B";
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
