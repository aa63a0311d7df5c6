package io.circuitscript.cli.reproduce;

import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.runtime.files.WritePermissions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that a script must not overwrite, because the command itself reads or writes them. */
public final class ProtectedFiles {
    private static final String LOCK = "is this script's lock, and writing it would destroy it";

    private ProtectedFiles() {}

    /** Of a script that runs or is checked. @param out the folder of output @param recorded whether a record will be written */
    public static List<WritePermissions.Kept> of(ScriptText script, Path workingFolder, Path out, boolean recorded) {
        if (script.source().name().startsWith("<")) return List.of();
        Path file = file(script, workingFolder);
        List<WritePermissions.Kept> kept = new ArrayList<>();
        kept.add(new WritePermissions.Kept(LockFile.of(file), LOCK));
        kept.add(new WritePermissions.Kept(
                SavedFolder.of(file, out.toAbsolutePath().normalize()),
                "is where runs of this script are saved, to go on with --resume"));
        if (recorded)
            kept.add(new WritePermissions.Kept(
                    RecordFile.of(file, out),
                    "is where --record writes, replacing what is there",
                    Optional.of("--record")));
        return kept;
    }

    /** Of a script whose lock is written. */
    public static List<WritePermissions.Kept> ofLock(ScriptText script, Path workingFolder) {
        return List.of(new WritePermissions.Kept(
                LockFile.of(file(script, workingFolder)), LOCK, Optional.of("'circuit lock'")));
    }

    private static Path file(ScriptText script, Path workingFolder) {
        return ScriptText.resolve(script.source().name(), workingFolder)
                .toAbsolutePath()
                .normalize();
    }
}
