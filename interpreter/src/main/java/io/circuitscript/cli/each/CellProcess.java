package io.circuitscript.cli.each;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.reproduce.FileLock;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process of a cell: this program once more, in the same Java with the same options. Here it writes its log from the start. On a cluster it begins
 * where no earlier attempt runs any more, and writes to an empty log from there on.
 *
 * @param folder the working folder
 * @param out the folder of the whole grid
 * @param inOut the cell's own folder
 * @param script its path
 * @param plain its name, without its ending
 * @param arguments of the command
 * @param json whether results and messages go to two files
 * @param alone whether no other cell runs beside
 * @param variables of the environment, for another machine: those that are set here; empty where a variable is not set
 */
record CellProcess(
        String name,
        String folder,
        String out,
        String inOut,
        String script,
        String plain,
        List<String> arguments,
        boolean json,
        boolean alone,
        Map<String, String> variables)
        implements CellJob {
    private static final long serialVersionUID = 1L;

    /** The property that says how often the cell was started before on a cluster. */
    static final String ATTEMPT = "circuit.cell.attempt";

    /** What is said of this process alone, and what would make two processes use one port. */
    private static final List<String> OWN = List.of(
            "-Dcircuit.terminals",
            "-Dcircuit.differs",
            "-D" + ParentWatch.PROPERTY,
            "-agentlib:",
            "-Xrunjdwp",
            "-Dspark.",
            "-Dlog4j2.",
            "-Dslf4j.");

    /** Spark's variables, among them its secret. */
    private static final List<String> FOREIGN = List.of("SPARK_", "_SPARK_");

    /** What makes two machines compute differently, or a run that was saved on one differ from a run on another. */
    private static final List<String> PASSED_ON = List.of("OMP_NUM_THREADS", "MKL_NUM_THREADS", "CIRCUIT_SAVE_SECONDS");

    /** How long a waiting thread of the engine spins, as the launcher sets it for a machine that has nothing else to do. */
    private static final String SPINS = "GOMP_SPINCOUNT";

    private static final String SPINS_ALONE = "30000";
    private static final String SPINS_AMONG_OTHERS = "1000";

    /** Java's second compiler takes a second of another core for each cell, which it does not give back: the work is done by native code. */
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    /** Where Spark's jars are on the class path too, there are two libraries for log lines. */
    private static final List<String> NO_LOG_LINES =
            List.of("-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider", "-Dslf4j.internal.verbosity=WARN");

    private static final String MAIN = "io.circuitscript.cli.Main";

    CellProcess {
        arguments = List.copyOf(arguments);
        variables = Map.copyOf(variables);
    }

    /** @param alone whether no other cell runs beside */
    static CellProcess of(GridSetup setup, Cell cell, boolean json, boolean alone, Map<String, String> variables) {
        CellFiles files = setup.files(cell);
        Map<String, String> passed = new HashMap<>();
        for (String variable : PASSED_ON) passed.put(variable, variables.getOrDefault(variable, ""));
        return new CellProcess(
                cell.name(),
                setup.folder().toString(),
                setup.out().toString(),
                files.folder().toString(),
                setup.script().toString(),
                files.name(),
                setup.arguments(cell),
                json,
                alone,
                passed);
    }

    private CellFiles files() {
        return new CellFiles(Path.of(inOut), plain);
    }

    @Override
    public Process start() {
        return start(System.getProperty("java.class.path"), Optional.empty());
    }

    @Override
    public void clear() {
        CellFiles files = files();
        files.check();
        try {
            for (Path left : List.of(files.result(), files.log(), files.lines())) Files.deleteIfExists(left);
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "what an earlier run left in " + files.folder() + " cannot be removed",
                    "remove it, or give another folder with --out DIR");
        }
    }

    @Override
    public Process start(Machine machine) {
        require(Files.isDirectory(Path.of(folder)), folder, machine);
        require(Files.isReadable(Path.of(script)), script, machine);
        require(GridHeader.isIn(Path.of(out)), out, machine);
        return start(machine.classPath(), Optional.of(machine));
    }

    private static void require(boolean there, String file, Machine machine) {
        if (there) return;
        throw UserError.missing(
                ErrorCode.NO_SUCH_FILE,
                file + " is not on " + machine.host() + ", or cannot be read there",
                "the cells of a grid need a disk that all machines of the cluster share: the script, its data and --out go there");
    }

    @Override
    public boolean isRunning() {
        return new FileLock(files().lock()).isTaken();
    }

    private Process start(String classPath, Optional<Machine> machine) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!alone) command.add(FIRST_COMPILER_ONLY); // an option of the user's own comes later, and counts
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (OWN.stream().noneMatch(option::startsWith)) command.add(option);
        command.add("-Dcircuit.terminals=");
        command.add("-D" + ParentWatch.PROPERTY + "=" + ProcessHandle.current().pid());
        if (machine.isPresent() && hasNoLogLines()) command.addAll(NO_LOG_LINES);
        machine.ifPresent(it -> command.add("-D" + ATTEMPT + "=" + it.attempt()));
        command.addAll(List.of("-cp", classPath, MAIN));
        command.addAll(arguments);
        CellFiles files = files();
        try {
            files.check();
            Files.createDirectories(files.folder());
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(new File(folder)).redirectInput(new File("/dev/null"));
            machine.ifPresent(it -> elsewhere(it, builder.environment()));
            if (!alone && SPINS_ALONE.equals(builder.environment().get(SPINS)))
                builder.environment().put(SPINS, SPINS_AMONG_OTHERS);
            if (json) {
                builder.redirectOutput(to(files.lines(), machine)).redirectError(to(files.log(), machine));
            } else {
                Files.deleteIfExists(files.lines());
                builder.redirectOutput(to(files.log(), machine)).redirectErrorStream(true);
            }
            return builder.start();
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the process of a cell cannot be started in " + files.folder()
                            + machine.map(it -> " on " + it.host()).orElse("") + ": " + e.getMessage(),
                    "look at the disk and at 'ulimit -a', or give another folder with --out DIR");
        }
    }

    private static boolean hasNoLogLines() {
        try {
            Class.forName("org.slf4j.nop.NOPServiceProvider", false, CellProcess.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** An earlier attempt may still write to it. */
    private static Redirect to(Path file, Optional<Machine> machine) {
        return machine.isPresent() ? Redirect.appendTo(file.toFile()) : Redirect.to(file.toFile());
    }

    private void elsewhere(Machine machine, Map<String, String> environment) {
        environment.keySet().removeIf(it -> FOREIGN.stream().anyMatch(it::startsWith));
        variables.forEach((variable, value) -> {
            if (value.isEmpty()) environment.remove(variable);
            else environment.put(variable, value);
        });
        environment.putAll(machine.variables());
    }
}
