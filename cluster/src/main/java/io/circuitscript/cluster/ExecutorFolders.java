package io.circuitscript.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folders in which Spark keeps the logs of executors on this machine, one for each run. Spark leaves them there. */
final class ExecutorFolders {
    /** The setting that names a run: two that start in one second would share a folder without the process's number. */
    static final String PATTERN_SETTING = "spark.deploy.appIdPattern";

    private static final Pattern NAME = Pattern.compile("app-\\d+-\\d+-(\\d+)");
    private static final Duration RESTING = Duration.ofHours(1);

    private final Path work;

    /** @param home Spark's folder */
    ExecutorFolders(String home) {
        work = Path.of(home, "work");
    }

    static String pattern() {
        return "app-%s-%04d-" + ProcessHandle.current().pid();
    }

    /** Takes away what processes have left that were killed. */
    void deleteAbandoned() {
        if (!Files.isDirectory(work)) return;
        Instant before = Instant.now().minus(RESTING);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(work, "app-*")) {
            for (Path folder : folders) {
                Matcher name = NAME.matcher(folder.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
                        && Files.getLastModifiedTime(folder).toInstant().isBefore(before)) delete(folder);
            }
        } catch (IOException e) {
            // They stay: nobody waits for that.
        }
    }

    /** What cannot be taken away stays. */
    void delete(String application) {
        try {
            delete(work.resolve(application));
        } catch (IOException e) {
            // Somebody else's now.
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
