package io.circuitscript.runtime.files;

import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.model.hub.DataSets;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Records the files that the check and the run of a text read, and compares them with a lock. */
public final class FileReads {
    private final Lock lock;
    private final Consumer<String> say;
    private final FileHashes hashes = new FileHashes();
    private final Set<Path> files = new TreeSet<>();
    private final List<Lock.Found> models = new ArrayList<>();
    private final Set<Lock.AskedData> dataSets = new LinkedHashSet<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final Set<String> told = new LinkedHashSet<>();

    /** @param say takes notes */
    public FileReads(Lock lock, Consumer<String> say) {
        this.lock = lock;
        this.say = say;
    }

    /** Of a text that no lock holds to anything. */
    static FileReads free() {
        return new FileReads(Lock.NONE, note -> {});
    }

    /** @throws UserError where the lock knows the file as another one */
    void file(String name, Path file) {
        files.add(file);
        String locked = lock.files().get(file);
        if (locked == null) tell(name);
        else differ(name, List.of(), locked, hashes.of(file));
    }

    /** Where something is read that only a run can name. */
    public void unknown(Span place) {
        unknown.add("line " + place.line());
    }

    /** The version that a lock gives a model, where it does. */
    public Optional<Revision> pinned(Lock.Asked asked) {
        return lock.model(asked).flatMap(Lock.Model::commit);
    }

    /** @throws UserError where it is here and the lock knows it as another one */
    public void model(Lock.Asked asked, ModelLocator.Found found) {
        if (models.stream().noneMatch(it -> it.asked().equals(asked))) models.add(new Lock.Found(asked, found));
        Optional<Lock.Model> locked = lock.model(asked);
        if (locked.isEmpty()) tell(asked.name());
        else if (found instanceof ModelLocator.Located here
                && !locked.get().hashes().isEmpty()) compare(asked.name(), locked.get(), here.folder());
    }

    /** The version that a lock gives a data set, where it does. */
    public Optional<Revision> pinned(Lock.AskedData asked) {
        return lock.dataSet(asked).map(Lock.DataSet::commit);
    }

    /** @param here its files, where they are on this machine @throws UserError where the lock knows it as another one */
    public void dataSet(Lock.AskedData asked, Optional<DataSets.Here> here) {
        dataSets.add(asked);
        Optional<Lock.DataSet> locked = lock.dataSet(asked);
        if (locked.isEmpty()) tell(asked.name());
        else if (here.isPresent() && !locked.get().hashes().isEmpty())
            compare(asked.name(), locked.get().hashes(), hashes(here.get().files(), hashes));
    }

    /** The SHA-256 of each file of a data set, by its name. */
    public static Map<String, String> hashes(Map<String, Path> files, FileHashes hashes) {
        Map<String, String> found = new TreeMap<>();
        files.forEach((name, file) -> found.put(name, hashes.of(file)));
        return found;
    }

    private void compare(String name, Map<String, String> locked, Map<String, String> here) {
        Set<String> names = new TreeSet<>(locked.keySet());
        names.addAll(here.keySet());
        for (String file : names)
            differ(name, List.of(file), locked.getOrDefault(file, "missing"), here.getOrDefault(file, "missing"));
    }

    private void compare(String name, Lock.Model locked, Path folder) {
        Map<String, Map<String, String>> now = ModelFiles.hashes(folder, hashes);
        locked.hashes().forEach((part, files) -> compare(name, files, now.getOrDefault(part, Map.of())));
    }

    private void differ(String name, List<String> parts, String locked, String now) {
        if (locked.equals(now)) return;
        String what = parts.isEmpty() ? name : name + " (its " + String.join(", ", parts) + ")";
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.LOCK_DIFFERS,
                what + " is not what " + lock.name() + " holds",
                List.of("sha256 locked " + locked, "sha256 now    " + now),
                "restore what was locked, or lock what is there now: circuit lock");
    }

    private void tell(String name) {
        if (lock.listed() && told.add(name))
            say.accept(name + " is not in " + lock.name() + ": 'circuit lock' adds it");
    }

    public Lock.Needs needs() {
        return new Lock.Needs(List.copyOf(files), models, List.copyOf(dataSets), List.copyOf(unknown));
    }
}
