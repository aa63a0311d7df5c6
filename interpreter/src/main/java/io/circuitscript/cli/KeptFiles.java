package io.circuitscript.cli;

import io.circuitscript.runtime.Writing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files beside a script that the command itself reads or writes, and the script must not. */
final class KeptFiles {
    private static final String LOCK = "is this script's lock, and writing it would destroy it";

    private KeptFiles() {}

    /** Of a script that runs or is checked. @param out the folder of output @param recorded whether a record will be written */
    static List<Writing.Kept> of(ScriptText script, Path workingFolder, Path out, boolean recorded) {
        if (script.source().name().startsWith("<")) return List.of();
        Path file = file(script, workingFolder);
        List<Writing.Kept> kept = new ArrayList<>();
        kept.add(new Writing.Kept(LockFile.of(file), LOCK));
        kept.add(new Writing.Kept(SavedFolder.of(file, out.toAbsolutePath().normalize()), "is where runs of this script are saved, to go on with --resume"));
        if (recorded) kept.add(new Writing.Kept(RecordFile.of(file, out), "is where --record writes, over what is there", Optional.of("--record")));
        return kept;
    }

    /** Of a script whose lock is written. */
    static List<Writing.Kept> ofLock(ScriptText script, Path workingFolder) {
        return List.of(new Writing.Kept(LockFile.of(file(script, workingFolder)), LOCK, Optional.of("'circuit lock'")));
    }

    private static Path file(ScriptText script, Path workingFolder) {
        return ScriptText.resolve(script.source().name(), workingFolder).toAbsolutePath().normalize();
    }
}
