package io.circuitscript.cli.each;

import io.circuitscript.cli.reproduce.RecordFile;
import io.circuitscript.runtime.files.WritePermissions;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the files of one cell lie. What the script writes, its record and its saved state are in the same folder.
 *
 * @param folder the cell's own
 * @param name the script's, without its ending
 */
public record CellFiles(Path folder, String name) {
    /** @param out the folder of the whole grid */
    public static CellFiles of(Path out, Path script, Cell cell) {
        return new CellFiles(out.resolve(cell.name()), RecordFile.plain(script));
    }

    /** What the run came to, for the table and for {@code --resume}. */
    Path result() {
        return folder.resolve(name + ".cell.json");
    }

    /** What the run says, and without {@code --json} its results too. */
    Path log() {
        return folder.resolve(name + ".log");
    }

    /** Its results with {@code --json}. */
    Path lines() {
        return folder.resolve(name + ".jsonl");
    }

    Path lock() {
        return folder.resolve(name + ".cell.lock");
    }

    /** What the script may write: files in this folder, without those that the command itself keeps there. */
    public WritePermissions confined(WritePermissions writing, List<WritePermissions.Kept> kept) {
        List<WritePermissions.Kept> all = new ArrayList<>(kept);
        for (Path own : List.of(result(), log(), lines(), lock()))
            all.add(new WritePermissions.Kept(own, "is a file of the command's own, which belongs to this cell"));
        return writing.withKept(all).inOutFolderOnly();
    }

    /** @throws UserError where something stands in the way of the folder */
    void check() {
        if (Files.isSymbolicLink(folder))
            throw inTheWay("is a link, and what it leads to may belong to something else");
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) throw inTheWay("is a file");
    }

    private UserError inTheWay(String what) {
        return UserError.input(
                ErrorCode.OUT_IS_NO_FOLDER,
                folder + " would be the folder of a cell, and it " + what,
                "remove it, or give another folder with --out DIR");
    }
}
