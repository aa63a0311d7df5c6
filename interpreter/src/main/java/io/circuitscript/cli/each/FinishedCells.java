package io.circuitscript.cli.each;

import io.circuitscript.io.FileHashes;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the cells of earlier processes came to. A file that many cells read is hashed once. */
final class FinishedCells {
    private final GridSetup setup;
    private final FileHashes hashes = new FileHashes();
    private final Map<Path, String> stamps = new HashMap<>();

    FinishedCells(GridSetup setup) {
        this.setup = setup;
    }

    /** @throws UserError where a file that a finished cell has read is another one now: its result would go into one table with those of other data */
    Optional<CellResult> of(Cell cell) {
        CellFiles files = setup.files(cell);
        Optional<CellResult> result = CellResult.read(files, cell).filter(it -> !it.finished() || isWhole(files));
        if (result.isEmpty() || !result.get().finished()) return result;
        List<String> changes = result.get().changes(files.folder(), hashes, stamps);
        if (changes.isEmpty()) return result;
        throw UserError.input(
                ErrorCode.CELLS_DIFFER,
                "the finished cell " + cell.name() + " read something else: " + changes.getFirst(),
                "restore it, or give another folder with --out DIR to start over");
    }

    /** Whether nothing stands in the way of the cell's folder. */
    private static boolean isWhole(CellFiles files) {
        files.check();
        return true;
    }
}
