package io.circuitscript.io;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The user's home folder: the one that {@code HOME} names, as for a shell, else that of the user database. A process may have neither, as one of a
 * user who is not in the database; nothing stands for it then, least of all a folder that others share.
 */
public final class UserHome {
    private UserHome() {}

    public static Optional<Path> of(Map<String, String> environment) {
        return absolute(environment.get("HOME"))
                .or(() -> absolute(System.getProperty("user.home"))); // "?" where the database has none
    }

    /** What {@code ~} stands for in the names of files. @throws UserError where there is no home */
    public static Path ofProcess() {
        return of(System.getenv())
                .orElseThrow(() -> missing(
                        "~ stands for your home folder, which is not known", "set HOME, or give the whole path"));
    }

    /** Whether a name begins in the user's home folder: {@code ~} or {@code ~/…}. */
    public static boolean begins(String name) {
        return name.equals("~") || name.startsWith("~/");
    }

    /**
     * A file's name as a path from a folder, or from the home folder where it begins with {@code ~}.
     *
     * @throws UserError where it does, and there is no home
     * @throws InvalidPathException where no file can have that name
     */
    public static Path resolve(String name, Path folder) {
        return resolve(name, folder, UserHome::ofProcess);
    }

    /** The same with another way to find the home. */
    public static Path resolve(String name, Path folder, Supplier<Path> home) {
        if (!begins(name)) return folder.resolve(name);
        return home.get().resolve(name.substring(1).replaceFirst("^/+", ""));
    }

    public static UserError missing(String message, String help) {
        return UserError.failure(ErrorCode.NO_HOME, message, help);
    }

    private static Optional<Path> absolute(String name) {
        try {
            return Optional.ofNullable(name)
                    .filter(it -> !it.isBlank())
                    .map(Path::of)
                    .filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
