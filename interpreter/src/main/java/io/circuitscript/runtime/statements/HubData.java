package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.text;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.engine.DownloadProgress;
import io.circuitscript.model.hub.DataSets;
import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.DataFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The data sets of the hub, as {@code data} asks for them. */
final class HubData {
    /** The options of {@code data} that say which data set is meant. */
    static final List<Declaration.Argument> OPTIONS = List.of(
            truth("hub", false, "whether the name is that of a data set on the hub, not of a file"),
            optional("config", Kind.NAME, "the config (the subset) of a data set on the hub, where it has several"),
            optional("split-name", Kind.NAME, "the split of a data set on the hub, where it has several"),
            text("revision", "main", "a branch, tag or commit of a data set on the hub"));

    private final Map<String, String> environment;

    HubData(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Whether a data set is asked for; empty where only a run tells. */
    static Optional<Boolean> isAsked(Arguments arguments) {
        if (!arguments.given("hub")) return Optional.of(false);
        return arguments.known("hub").map(it -> it instanceof Value.Bool(boolean yes) && yes);
    }

    /** @throws UserError where an option is given that only a data set has */
    static void checkOptions(Arguments arguments) {
        if (!isAsked(arguments).equals(Optional.of(false))) return;
        for (String option : List.of("config", "split-name", "revision")) {
            if (!arguments.given(option)) continue;
            arguments.at(option, () -> {
                throw UserError.input(
                        ErrorCode.WRONG_VALUE,
                        option + "= is for data sets on the hub",
                        "leave it out, or write hub=true");
            });
        }
    }

    /** What the check knows of a data set: its files, if they are here. Nothing is fetched for it. */
    Optional<DataFiles> here(Arguments arguments, FileReads reads) {
        boolean known = Stream.of("file", "config", "split-name", "revision")
                .allMatch(it -> arguments.abstractValue(it).isEmpty()
                        || arguments.knownText(it).isPresent());
        if (!known) {
            reads.unknown(arguments.spanOf("file"));
            return Optional.empty();
        }
        return arguments.at("file", () -> {
            Lock.AskedData asked = asked(
                    arguments.knownText("file").orElseThrow(),
                    arguments.knownText("revision"),
                    arguments.knownText("config"),
                    arguments.knownText("split-name"));
            DataSets sets = sets(environment);
            DataSets.Wanted wanted = wanted(asked, reads.pinned(asked));
            Optional<DataSets.Here> here = sets.cached(wanted);
            if (here.isEmpty() && sets.settings().offline()) throw sets.offline(wanted);
            reads.dataSet(asked, here);
            return here.map(it -> files(asked, it));
        });
    }

    /** The files of a data set, fetched first where they are not here. */
    DataFiles fetched(Arguments arguments, State state) {
        Lock.AskedData asked = asked(
                arguments.text("file"),
                Optional.of(arguments.text("revision")),
                arguments.given("config") ? Optional.of(arguments.text("config")) : Optional.empty(),
                arguments.given("split-name") ? Optional.of(arguments.text("split-name")) : Optional.empty());
        FileReads reads = state.files().reads();
        DataSets sets = sets(environment);
        DataSets.Wanted wanted = wanted(asked, reads.pinned(asked));
        Optional<DataSets.Here> here = sets.cached(wanted);
        // What a lock does not know is not fetched without a word of it, and nothing else than what it knows is used.
        DataSets.Here now = here.orElseGet(() -> sets.fetch(wanted, new DownloadProgress(state.runOptions())));
        reads.dataSet(asked, Optional.of(now));
        state.noteUsed(new RunDependencies.DataSet(asked, now.commit(), now.files()));
        return files(asked, now);
    }

    /** The data sets that this process's variables lead to. */
    private static DataSets sets(Map<String, String> environment) {
        return new DataSets(HubSettings.ofDataSets(environment));
    }

    private static DataFiles files(Lock.AskedData asked, DataSets.Here here) {
        return new DataFiles(asked.name(), List.copyOf(here.files().values()));
    }

    private static Lock.AskedData asked(
            String name, Optional<String> revision, Optional<String> config, Optional<String> split) {
        return new Lock.AskedData(name, revision.map(Revision::new).orElse(Revision.MAIN), config, split);
    }

    /** @param pinned the version that a lock gives it */
    private static DataSets.Wanted wanted(Lock.AskedData asked, Optional<Revision> pinned) {
        return new DataSets.Wanted(asked.repository(), pinned.orElse(asked.revision()), asked.config(), asked.split());
    }
}
