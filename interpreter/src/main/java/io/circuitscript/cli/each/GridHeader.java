package io.circuitscript.cli.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.reproduce.SavedInputs;
import io.circuitscript.cli.reproduce.VersionedJson;
import io.circuitscript.io.FileHashes;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** {@code each.json} in the folder of a grid: what all of its cells have in common. Cells of another script or program do not go beside them. */
final class GridHeader {
    private static final String FORMAT = "circuitscript-each";
    private static final int VERSION = 1;
    private static final String NAME = "each.json";
    private static final String TABLES = "tables";

    private final Path file;
    private final String shown;
    private final ObjectNode now;

    /** @param shown the folder as the user named it @param script its path */
    GridHeader(Path out, String shown, Path script, ScriptText text, Grid grid, MachineShare share) {
        this.shown = shown;
        file = out.resolve(NAME);
        now = kind(file).begin();
        now.put("name", script.getFileName().toString());
        now.put("script", FileHashes.ofText(text.source().text()));
        ObjectNode parameters = now.putObject("parameters");
        new TreeMap<>(grid.fixed()).forEach(parameters::put);
        ArrayNode each = now.putArray("each");
        grid.names().forEach(each::add);
        now.put("program", ProgramVersion.text() + " " + SavedInputs.programHash());
        now.put("threads", share.threads()).put("memory", share.memory()).put("runs", share.runs());
    }

    private static VersionedJson kind(Path file) {
        return new VersionedJson(
                FORMAT,
                VERSION,
                why -> UserError.input(
                        ErrorCode.CELLS_DIFFER,
                        file + " does not say which cells are here: " + why,
                        "give another folder with --out DIR"));
    }

    private Optional<ObjectNode> there() {
        return Files.exists(file) ? Optional.of(kind(file).read(file)) : Optional.empty();
    }

    /** Whether a folder is that of a grid. */
    static boolean isIn(Path out) {
        return Files.isRegularFile(out.resolve(NAME));
    }

    /** What the cells in a folder were given; empty where there are none, or their file cannot be read. */
    static Optional<MachineShare> shareIn(Path out) {
        Path file = out.resolve(NAME);
        if (!Files.isRegularFile(file)) return Optional.empty();
        ObjectNode there = kind(file).read(file);
        return Optional.of(new MachineShare(
                Math.max(1, there.path("threads").asInt()),
                Math.max(0, there.path("memory").asLong()),
                Math.max(1, there.path("runs").asInt())));
    }

    /** Whether cells of this grid are there. @throws UserError where they are those of another one */
    boolean matches(boolean sameMachine) {
        Optional<ObjectNode> there = there();
        if (there.isEmpty()) return false;
        List<String> changes = changes(there.get(), sameMachine);
        if (changes.isEmpty()) return true;
        throw UserError.input(
                ErrorCode.CELLS_DIFFER,
                shown + " holds the cells of another run: " + String.join("; ", changes),
                "give another folder with --out DIR, or remove this one to start over");
    }

    private List<String> changes(ObjectNode there, boolean sameMachine) {
        List<String> changes = new ArrayList<>();
        if (differs(there, "name")) changes.add("those of " + there.path("name").asText());
        else if (differs(there, "script")) changes.add("the script has changed");
        if (differs(there, "parameters")) changes.add("other values for -D");
        if (differs(there, "each"))
            changes.add("--each of " + words(there.path("each")) + ", now of " + words(now.path("each")));
        if (differs(there, "program")) changes.add("the program is another version");
        // How many run at once decides how much memory each has, where nobody says it.
        boolean runs = differs(there, "runs") && now.path("memory").asLong() == 0;
        if (sameMachine && (differs(there, "threads") || differs(there, "memory") || runs))
            changes.add("its cells had " + share(there) + ", and now have " + share(now));
        return changes;
    }

    private boolean differs(ObjectNode there, String field) {
        return !there.path(field).toString().equals(now.path(field).toString());
    }

    private static String words(JsonNode names) {
        List<String> words = new ArrayList<>();
        names.forEach(name -> words.add(name.asText()));
        return String.join(", ", words);
    }

    private static String share(ObjectNode node) {
        String memory = node.path("memory").asLong() == 0
                ? ""
                : ", --memory " + (node.path("memory").asLong() >> 20) + "MB";
        return "--jobs " + node.path("runs").asInt() + ", --threads "
                + node.path("threads").asInt() + memory;
    }

    Path file() {
        return file;
    }

    /** Whether a file is the table of these cells, as they left it. */
    boolean isTable(Path table) {
        return there().map(it -> it.path(TABLES).path(key(table)).asText())
                .filter(hash -> hash.equals(new FileHashes().of(table)))
                .isPresent();
    }

    /** Where the table lies, from the folder of the cells. */
    private String key(Path table) {
        return VersionedJson.name(
                table.toAbsolutePath().normalize(),
                file.toAbsolutePath().normalize().getParent());
    }

    /** Takes note of the table that was written, or of none. */
    void noteTable(Path table) {
        ObjectNode node = there().orElse(now);
        ObjectNode tables = node.path(TABLES) instanceof ObjectNode object ? object : node.putObject(TABLES);
        if (Files.isRegularFile(table)) tables.put(key(table), new FileHashes().of(table));
        else tables.remove(key(table));
        VersionedJson.write(file, node);
    }

    void write() {
        VersionedJson.write(file, now);
    }

    /** Another experiment's cells, which have no such file or one of another script. */
    void refuseStrangers(List<CellFiles> cells) {
        for (CellFiles cell : cells) {
            cell.check();
            if (!Files.exists(file) && Files.exists(cell.folder()) && !isEmpty(cell.folder()))
                throw UserError.input(
                        ErrorCode.CELLS_DIFFER,
                        cell.folder() + " is there already, and is not a cell of this script",
                        "give another folder with --out DIR, or remove it");
        }
    }

    private static boolean isEmpty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
