package io.circuitscript.model;

import io.circuitscript.io.Unreadable;
import io.circuitscript.model.gguf.GgufFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file of weights, open for reading at any place by any thread. It is read, never mapped: a mapped file that another program cuts short while
 * native code reads it ends the process.
 */
final class WeightFile implements WeightBytes, GgufFile.Bytes, AutoCloseable {
    private final Path path;
    private final Optional<FileChannel> channel;
    private final byte[] bundled;
    private final long size;

    private WeightFile(Path path, Optional<FileChannel> channel, byte[] bundled, long size) {
        this.path = path;
        this.channel = channel;
        this.bundled = bundled;
        this.size = size;
    }

    static WeightFile open(Path path) {
        try {
            if (path.getFileSystem() != FileSystems.getDefault()) {
                byte[] all = Files.readAllBytes(path); // in an archive: what is bundled is small
                return new WeightFile(path, Optional.empty(), all, all.length);
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new WeightFile(path, Optional.of(channel), new byte[0], channel.size());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** What it was when it was opened. */
    @Override
    public long size() {
        return size;
    }

    /**
     * Fills a buffer.
     *
     * @param position the place of its first byte in the file
     * @throws UserError where the file has become shorter
     */
    @Override
    public void read(long position, ByteBuffer to) {
        if (channel.isEmpty()) {
            to.put(bundled, Math.toIntExact(position), to.remaining());
            return;
        }
        try {
            long at = position;
            while (to.hasRemaining()) {
                int count = channel.get().read(to, at);
                if (count < 0) throw truncated(path, size, channel.get().size());
                at += count;
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static UserError truncated(Path path, long needed, long there) {
        String message = path + " is truncated: it has " + there + " bytes of " + needed;
        return UserError.input(ErrorCode.WEIGHTS_TRUNCATED, message, "download or copy it again");
    }

    private static UserError unreadable(Path path, IOException e) {
        return UserError.failure(
                ErrorCode.FILE_UNREADABLE, "cannot read " + path + ": " + Unreadable.why(e), Unreadable.help(e, ""));
    }

    @Override
    public void close() {
        try {
            if (channel.isPresent()) channel.get().close();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }
}
