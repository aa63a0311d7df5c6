package io.circuitscript.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down which commit is built, so that {@code circuit --version} can tell it. The build calls it. */
final class RecordCommit {
    static final String UNKNOWN = "unknown";

    private static final int DIGITS = 12;

    private RecordCommit() {}

    /** @param arguments the file to write, and the project's folder */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Files.writeString(Path.of(arguments[0]), of(Path.of(arguments[1])) + "\n");
    }

    /**
     * The commit that is checked out in a folder, with {@code -dirty} where a file that git knows differs from it. {@code unknown} where the folder is not
     * the top of a checkout, or there is no git.
     */
    static String of(Path folder) throws IOException, InterruptedException {
        Optional<String> top = git(folder, "rev-parse", "--show-toplevel");
        // A project that was unpacked inside another project's checkout has nothing to do with its commits.
        if (top.isEmpty() || !Path.of(top.get()).toRealPath().equals(folder.toRealPath())) return UNKNOWN;
        Optional<String> commit = git(folder, "rev-parse", "--verify", "HEAD");
        Optional<String> changes = git(folder, "status", "--porcelain", "--untracked-files=no");
        if (commit.isEmpty() || commit.get().length() < DIGITS || changes.isEmpty()) return UNKNOWN;
        return commit.get().substring(0, DIGITS) + (changes.get().isEmpty() ? "" : "-dirty");
    }

    /** What git prints; empty where it fails. */
    private static Optional<String> git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "--no-optional-locks", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noGit) {
            return Optional.empty();
        }
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(out.strip()) : Optional.empty();
    }
}
