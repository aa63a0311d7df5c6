package io.circuitscript.runtime.state;

import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.files.Lock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The inputs that the results of a run depend on, and the files that the run wrote.
 *
 * @param inputs the files that it read and did not write itself, imports among them, in the order of their names
 * @param written the files that it wrote, in that order
 * @param models those that it loaded, in that order
 * @param dataSets of the hub that it read, in that order
 * @param settings those at its end
 */
public record RunDependencies(
        List<Path> inputs, List<Path> written, List<Model> models, List<DataSet> dataSets, Settings settings) {
    public RunDependencies {
        inputs = List.copyOf(inputs);
        written = List.copyOf(written);
        models = List.copyOf(models);
        dataSets = List.copyOf(dataSets);
    }

    /** All files that were read, those of data sets too. */
    public List<Path> allInputs() {
        return Stream.concat(inputs.stream(), dataSets.stream().flatMap(it -> it.files().values().stream()))
                .distinct()
                .toList();
    }

    /**
     * A data set of the hub that was read.
     *
     * @param asked how the script asked for it
     * @param files by their names in it
     */
    public record DataSet(Lock.AskedData asked, String commit, SequencedMap<String, Path> files) {}

    /**
     * A model that was loaded.
     *
     * @param asked how the script asked for it
     * @param commit the version of the hub's that it is, where it is from there
     */
    public record Model(Lock.Asked asked, Path folder, Optional<String> commit, String device, String dtype) {
        public static Model of(ModelLocator.Located located, Lock.Asked asked, State.Model model) {
            String dtype = model.transformer().precision().word();
            return new Model(
                    asked,
                    located.folder(),
                    located.commit(),
                    model.transformer().device(),
                    dtype);
        }
    }
}
