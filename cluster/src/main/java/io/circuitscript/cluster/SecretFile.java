package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The file that holds the secret of a standalone cluster. Whoever knows the secret can run programs there, so nobody else may read it. */
final class SecretFile {
    static final String VARIABLE = "CIRCUIT_CLUSTER_SECRET";

    private static final int LONGEST = 4096;
    private static final int SHORTEST = 16;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /**
     * The secret in the file that the variable names, if it names one.
     *
     * @throws UserError where the file cannot be read, or others can read or write it
     */
    static Optional<String> read(Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "");
        return name.isBlank() ? Optional.empty() : Optional.of(secret(path(name)));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw missing(name, e.getReason());
        }
    }

    private static String secret(Path file) {
        try {
            if (!Files.isRegularFile(file)) throw missing(file.toString(), "it is no file");
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) requirePrivate(file);
            if (Files.size(file) > LONGEST) throw wrong(file, "is longer than " + LONGEST + " bytes");
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.length() < SHORTEST) throw wrong(file, "has fewer than " + SHORTEST + " characters");
            return secret;
        } catch (IOException e) {
            throw missing(file.toString(), e.getMessage());
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        permissions.retainAll(OTHERS);
        if (!permissions.isEmpty())
            throw UserError.input(
                    ErrorCode.NO_CLUSTER,
                    "others can read or write " + file + ", which holds the cluster's secret",
                    "chmod 600 " + file + "; and take a new secret, if somebody may have read it");
    }

    private static UserError wrong(Path file, String why) {
        return UserError.input(
                ErrorCode.NO_CLUSTER,
                "the cluster's secret in " + file + " " + why,
                "make one by: (umask 077; head -c 32 /dev/urandom | base64 > " + file
                        + "), and start the cluster with it");
    }

    private static UserError missing(String file, String why) {
        return UserError.missing(
                ErrorCode.NO_CLUSTER,
                "the cluster's secret cannot be read from " + file + ": " + why,
                VARIABLE + " names the file of the secret that the cluster was started with");
    }
}
