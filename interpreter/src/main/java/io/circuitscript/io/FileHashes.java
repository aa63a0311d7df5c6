package io.circuitscript.io;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The SHA-256 of files, each read once. Safe from any thread. */
public final class FileHashes {
    private static final int BUFFER = 1 << 20;

    private final Map<Path, String> known = new HashMap<>();

    /** @throws UserError where the file cannot be read */
    public synchronized String of(Path file) {
        return known.computeIfAbsent(file, FileHashes::read);
    }

    public static String ofText(String text) {
        return HexFormat.of().formatHex(digest().digest(bytes(text)));
    }

    private static String read(Path file) {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) digest.update(buffer, 0, count);
        } catch (IOException e) {
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + " for its hash: " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A SHA-256 to add to. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
