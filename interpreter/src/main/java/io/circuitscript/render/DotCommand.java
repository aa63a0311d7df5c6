package io.circuitscript.render;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The installed command {@code dot} of Graphviz. */
record DotCommand(Path command, DrawingDeadline deadline) {
    private static final int DPI = 144;

    /** The creation time in a PDF, in seconds since 1970. Graphviz would write the present time, and no two PDFs would be the same bytes. */
    private static final String NO_TIME = "0";

    /** The command that a shell would find. */
    static Optional<Path> find() {
        String path = System.getenv("PATH");
        if (path == null) return Optional.empty();
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> Stream.of(Path.of(folder, "dot"), Path.of(folder, "dot.exe")))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    byte[] draw(String dot, String format) {
        try {
            // Files on all three sides: no pipe can fill up and block.
            Path folder = Files.createTempDirectory("circuit-picture");
            try {
                return draw(dot, format, folder);
            } finally {
                for (String name : new String[] {"in", "out", "err"}) Files.deleteIfExists(folder.resolve(name));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw failure("could not be run: " + e.getMessage());
        }
    }

    private byte[] draw(String dot, String format, Path folder) throws IOException {
        Path in = Files.writeString(folder.resolve("in"), dot);
        ProcessBuilder builder = new ProcessBuilder(command.toString(), "-T" + format);
        if (format.equals("png"))
            builder.command().addAll(List.of("-Gdpi=" + DPI, "-Gsize=" + SvgRaster.MOST_PIXELS / DPI));
        builder.environment().putIfAbsent("SOURCE_DATE_EPOCH", NO_TIME);
        builder.environment().put("TZ", "UTC");
        builder.redirectInput(in.toFile());
        builder.redirectOutput(folder.resolve("out").toFile());
        builder.redirectError(folder.resolve("err").toFile());
        Process process = builder.start();
        try {
            if (!deadline.until(millis -> process.waitFor(millis, TimeUnit.MILLISECONDS)))
                throw failure(deadline.failure());
        } finally {
            process.destroyForcibly();
        }
        byte[] picture = Files.readAllBytes(folder.resolve("out"));
        if (process.exitValue() != 0 || picture.length == 0) {
            String said = new String(Files.readAllBytes(folder.resolve("err")), StandardCharsets.UTF_8);
            throw failure("failed with code " + process.exitValue()
                    + said.lines().findFirst().map(l -> ": " + l).orElse(""));
        }
        return picture;
    }

    private UserError failure(String what) {
        return UserError.failure(
                ErrorCode.GRAPHVIZ_FAILED,
                "Graphviz's command " + command + " " + what,
                "draw fewer edges, say layout=grid, or write a file whose name ends in .dot");
    }
}
