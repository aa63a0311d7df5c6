package io.circuitscript.cli.each;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the process of a cell: this program once more, in the same Java with the same options. */
final class CellProcess {
    /** What the launcher says of this process alone, and what would make two processes use one port. */
    private static final List<String> OWN =
            List.of("-Dcircuit.terminals", "-Dcircuit.differs", "-D" + ParentWatch.PROPERTY, "-agentlib:", "-Xrunjdwp");

    /** How long a waiting thread of the engine spins, as the launcher sets it for a machine that has nothing else to do. */
    private static final String SPINS = "GOMP_SPINCOUNT";

    private static final String SPINS_ALONE = "30000";
    private static final String SPINS_AMONG_OTHERS = "1000";

    /** Java's second compiler takes a second of another core for each cell, which it does not give back: the work is done by native code. */
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    private static final String MAIN = "io.circuitscript.cli.Main";

    private final Path folder;
    private final boolean json;
    private final boolean alone;

    /** @param folder the working folder @param json whether results and messages go to two files @param alone whether no other cell runs beside */
    CellProcess(Path folder, boolean json, boolean alone) {
        this.folder = folder;
        this.json = json;
        this.alone = alone;
    }

    /** @param arguments of the command */
    Process start(CellFiles files, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!alone) command.add(FIRST_COMPILER_ONLY); // an option of the user's own comes later, and counts
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (OWN.stream().noneMatch(option::startsWith)) command.add(option);
        command.add("-Dcircuit.terminals=");
        command.add("-D" + ParentWatch.PROPERTY + "=" + ProcessHandle.current().pid());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        try {
            files.check();
            Files.createDirectories(files.folder());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectInput(new File("/dev/null"));
            if (!alone && SPINS_ALONE.equals(builder.environment().get(SPINS)))
                builder.environment().put(SPINS, SPINS_AMONG_OTHERS);
            if (json) {
                builder.redirectOutput(files.lines().toFile())
                        .redirectError(files.log().toFile());
            } else {
                Files.deleteIfExists(files.lines());
                builder.redirectOutput(files.log().toFile()).redirectErrorStream(true);
            }
            return builder.start();
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.CANNOT_WRITE,
                    "the process of a cell cannot be started in " + files.folder() + ": " + e.getMessage(),
                    "look at the disk and at 'ulimit -a', or give another folder with --out DIR");
        }
    }
}
