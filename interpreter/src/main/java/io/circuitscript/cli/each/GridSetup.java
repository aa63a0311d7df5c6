package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.cli.console.ShellWord;
import io.circuitscript.cli.reproduce.RecordFile;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A script, its grid, and where everything lies: what {@code run --each}, one cell of it and {@code slurm} have in common. */
public final class GridSetup {
    private static final String OUT = "out";

    private final ProcessEnvironment environment;
    private final RunFlags flags;
    private final EachOptions options;
    private final String file;
    private final ScriptText text;
    private final Path script;
    private final Grid grid;
    private final Path out;
    private final MachineShare share;
    private final GridHeader header;

    /** @throws WrongGrid where the options make no grid */
    public GridSetup(ProcessEnvironment environment, RunFlags flags, EachOptions options, String file) {
        this.environment = environment;
        this.flags = flags;
        this.options = options;
        this.file = file;
        text = ScriptText.ofFile(file, environment.folder());
        script = ScriptText.resolve(file, environment.folder()).toAbsolutePath().normalize();
        grid = Grid.of(options.each(), flags.parameters, text);
        out = ScriptText.resolve(outName(), environment.folder())
                .toAbsolutePath()
                .normalize();
        if (Files.exists(out) && !Files.isDirectory(out))
            throw UserError.input(
                    ErrorCode.OUT_IS_NO_FOLDER,
                    "the cells' folders go into the folder " + outName() + ", and that is a file",
                    "give another folder with --out DIR");
        share = share(options);
        header = new GridHeader(out, outName(), script, text, grid, share);
        AtomicFile.check(header.file());
    }

    /** The working folder. */
    Path folder() {
        return environment.folder().toAbsolutePath();
    }

    /** How many cells run at once at most; empty where nobody says it. */
    Optional<Integer> jobs() {
        return options.jobs() > 0 ? Optional.of(options.jobs()) : Optional.empty();
    }

    ScriptText text() {
        return text;
    }

    Path script() {
        return script;
    }

    public Grid grid() {
        return grid;
    }

    /** The folder of all cells. */
    Path out() {
        return out;
    }

    /** The same as it was given. */
    String outName() {
        return flags.out == null ? OUT : flags.out;
    }

    /** As the options say; a run that is resumed goes on as it began. */
    private MachineShare share(EachOptions given) {
        if (given.place().isPresent()) return share(given, given.place().get());
        boolean said = given.jobs() > 0 || given.threads() > 0 || given.memory() > 0;
        Optional<MachineShare> before = said || !flags.resume ? Optional.empty() : GridHeader.shareIn(out);
        return before.orElseGet(() -> Shares.of(given.jobs(), given.threads(), given.memory()));
    }

    /** What a cell has on a cluster is the same on every machine, however many there are. */
    private MachineShare share(EachOptions given, MachineShare place) {
        boolean said = given.threads() > 0 || given.memory() > 0;
        Optional<MachineShare> before = said || !flags.resume
                ? Optional.empty()
                : GridHeader.shareIn(out).filter(it -> it.memory() > 0);
        MachineShare usual = before.orElse(place);
        return new MachineShare(
                given.threads() > 0 ? given.threads() : usual.threads(),
                given.memory() > 0 ? given.memory() : usual.memory(),
                1);
    }

    MachineShare share() {
        return share;
    }

    GridHeader header() {
        return header;
    }

    CellFiles files(Cell cell) {
        return CellFiles.of(out, script, cell);
    }

    /** A path as a user would type it here. */
    String shown(Path path) {
        Path here = environment.folder().toAbsolutePath().normalize();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    /** The command that made this grid, with other words at its end. */
    String again(String... more) {
        return command("circuit", more);
    }

    /** The same. @param program what it begins with */
    String command(String program, String... more) {
        List<String> words = new ArrayList<>(List.of(program, "run", file));
        words.addAll(options.words());
        words.addAll(flags.words());
        options.table().ifPresent(it -> words.addAll(List.of("--table", it)));
        words.addAll(List.of(more));
        return ShellWord.joined(words);
    }

    /** What the process of a cell is called with. */
    List<String> arguments(Cell cell) {
        List<String> words = new ArrayList<>(List.of("run", file));
        words.addAll(new EachOptions(options.each(), share.runs(), share.threads(), share.memory(), Optional.empty())
                .words());
        words.addAll(flags.words());
        words.addAll(List.of("--cell", String.valueOf(cell.index()), "--color", "never"));
        if (flags.resume) words.add("--resume");
        return words;
    }

    /** The run of one cell in this process. */
    public CellRun cell(int index) {
        if (index >= grid.size())
            throw new WrongGrid(
                    "there is no cell " + index + ": the last one of " + grid.size() + " is " + (grid.size() - 1), "");
        Cell cell = grid.cell(index);
        CellFiles files = files(cell);
        boolean there = header.matches(true);
        header.refuseStrangers(List.of(files));
        if (!there) header.write();
        return new CellRun(cell, files, share);
    }

    /** Whether a cell came to its end in an earlier run, and stays as it is. */
    public boolean isFinished(CellRun run) {
        return flags.resume
                && new FinishedCells(this)
                        .of(run.cell())
                        .filter(CellResult::finished)
                        .isPresent();
    }

    /** The options of the run of one cell. */
    public RunFlags flags(CellRun run) {
        String again = again("--cell", String.valueOf(run.cell().index()), "--resume");
        RunFlags own = flags.with(run.files().folder().toString(), run.cell().parameters(), again);
        own.goOn = run.goesOn();
        own.threadsGiven = true;
        return own;
    }

    /** Where the table goes: beside the script, with its name. */
    Path table() {
        return options.table()
                .map(it -> ScriptText.resolve(it, environment.folder()))
                .orElse(script.resolveSibling(RecordFile.plain(script) + ".csv"));
    }
}
