package io.circuitscript.cli.console;

import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.runtime.files.WritePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options on how a script runs and how results are shown. They may stand before or after the command's name. */
public final class RunFlags {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "print each result as one JSON object on one line")
    public boolean json;

    @Option(names = "--timings", scope = ScopeType.INHERIT, description = "show how long each statement took")
    public boolean timings;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "show only errors and what the script prints")
    public boolean quiet;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "write files to this folder; it is created if missing")
    public String out;

    @Option(
            names = "-D",
            paramLabel = "NAME=VALUE",
            scope = ScopeType.INHERIT,
            parameterConsumer = VerbatimParameters.class,
            description = "give a 'param' of the script another value; may be repeated")
    public Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            converter = ColorMode.Converter.class,
            completionCandidates = ColorMode.Words.class,
            description = "auto (on a terminal), always or never")
    public ColorMode color = ColorMode.AUTO;

    @Option(
            names = "--record",
            scope = ScopeType.INHERIT,
            description = "write a record for 'verify' beside the output: NAME.record.json")
    public boolean record;

    @Option(names = "--resume", scope = ScopeType.INHERIT, description = "continue an interrupted run of this script")
    public boolean resume;

    @Option(
            names = "--offline",
            scope = ScopeType.INHERIT,
            description = "download nothing: use only models on this machine")
    private boolean offline;

    @Option(names = "--read-only", scope = ScopeType.INHERIT, description = "do not let the script write files")
    public boolean readOnly;

    @Option(
            names = "--allow-write",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "let a script write to this folder too, besides the working folder and that of --out; may be repeated")
    private List<String> allowWrite = new ArrayList<>();

    /** The command that goes on with this run, where it is not the one that these options make. */
    public Optional<String> again = Optional.empty();

    /** Words of the command beside these options, as {@code --cluster} has them. */
    public List<String> more = List.of();

    /** Whether a run that was saved is gone on with where one is, and can be. Unlike {@code --resume}, nobody asked for it. */
    public boolean goOn;

    /** Whether the number of threads is given, so that it does not follow from the machine's size. */
    public boolean threadsGiven;

    /** The environment variables, as the options change them. */
    public Map<String, String> variables(ProcessEnvironment environment) {
        Map<String, String> variables = new HashMap<>(environment.variables());
        if (offline) variables.put(HubSettings.OFFLINE, "1");
        return variables;
    }

    /** These options once more, for a process that runs the same script; without {@code --resume}. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        parameters.forEach((name, value) -> words.addAll(List.of("-D", name + "=" + value)));
        if (out != null) words.addAll(List.of("--out", out));
        if (json) words.add("--json");
        if (timings) words.add("--timings");
        if (quiet) words.add("--quiet");
        if (record) words.add("--record");
        if (offline) words.add("--offline");
        if (readOnly) words.add("--read-only");
        allowWrite.forEach(folder -> words.add("--allow-write=" + folder));
        return words;
    }

    /** The same options for a run whose files go elsewhere, and that has values of its own for parameters. */
    public RunFlags with(String folder, Map<String, String> values, String command) {
        RunFlags copy = new RunFlags();
        copy.json = json;
        copy.timings = timings;
        copy.quiet = quiet;
        copy.color = color;
        copy.record = record;
        copy.resume = resume;
        copy.offline = offline;
        copy.readOnly = readOnly;
        copy.allowWrite = allowWrite;
        copy.out = folder;
        copy.parameters = new LinkedHashMap<>(values);
        copy.again = Optional.of(command);
        return copy;
    }

    /** What a script may write. */
    public WritePermissions writing(ProcessEnvironment environment) {
        return new WritePermissions(
                readOnly,
                allowWrite.stream()
                        .map(it -> ScriptText.resolve(it, environment.folder()))
                        .toList());
    }
}
