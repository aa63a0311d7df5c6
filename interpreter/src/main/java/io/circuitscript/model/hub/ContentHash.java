package io.circuitscript.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The hash by which the hub calls a file's content: SHA-256 of a large one, git's own of a small one. */
enum ContentHash {
    SHA_256,
    GIT_SHA_1,
    /** A hub that is none of Hugging Face's may call contents as it likes: nothing to compare with. */
    UNKNOWN;

    static ContentHash of(String etag) {
        if (etag.matches("[0-9a-fA-F]{64}")) return SHA_256;
        return etag.matches("[0-9a-fA-F]{40}") ? GIT_SHA_1 : UNKNOWN;
    }

    /** Whether a file's content is that of the etag. */
    boolean matches(Path file, String etag, HubListener listener) throws IOException {
        if (this == UNKNOWN) return true;
        try (FileChannel channel = FileChannel.open(file)) {
            MessageDigest digest = MessageDigest.getInstance(this == SHA_256 ? "SHA-256" : "SHA-1");
            if (this == GIT_SHA_1) digest.update(("blob " + channel.size() + "\0").getBytes(StandardCharsets.US_ASCII));
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            while (channel.read(buffer.clear()) >= 0) {
                listener.check();
                digest.update(buffer.flip());
            }
            return HexFormat.of().formatHex(digest.digest()).equals(etag.toLowerCase(Locale.ROOT));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
