package io.circuitscript.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What downloads that were stopped have left in the cache. It is kept for who goes on with it, and taken away once nobody has for long. Nothing is
 * taken that somebody is writing: each of them holds the file's lock, and where there are no locks, whoever writes does not rest for so long.
 */
record UnfinishedDownloads(HubCache cache, Instant now) {
    /** How long what a later run can go on with is kept. */
    static final Duration KEPT = Duration.ofDays(7);

    /** What has a process's name goes on with nobody else. */
    private static final Duration KEPT_OF_A_PROCESS = Duration.ofDays(1);

    private static final Pattern PART = Pattern.compile("([\\w.-]+?)(\\.[0-9]+-[0-9]+)?\\.incomplete");
    private static final Pattern REFERENCE = Pattern.compile("\\.ref[0-9]+\\.tmp");

    /** Takes away what is old. @param wanted the etags that somebody goes on with now @return how many bytes it were */
    long remove(Set<String> wanted) {
        long bytes = 0;
        for (HubName name : cache.repositories()) {
            for (Path part : files(cache.repository(name).resolve("blobs"), PART)) {
                Matcher matcher = PART.matcher(part.getFileName().toString());
                if (matcher.matches() && !wanted.contains(matcher.group(1)))
                    bytes += remove(name, part, matcher.group(1), matcher.group(2) != null);
            }
        }
        for (Path reference : files(cache.root(), REFERENCE)) {
            if (hasRested(reference, KEPT_OF_A_PROCESS)) bytes += delete(reference);
        }
        return bytes;
    }

    private long remove(HubName name, Path part, String etag, boolean ofAProcess) {
        Duration kept = ofAProcess ? KEPT_OF_A_PROCESS : KEPT;
        if (!hasRested(part, kept)) return 0;
        try (BlobLock lock = BlobLock.tryLock(cache.lock(name, etag))) {
            if (lock.outcome() == BlobLock.Outcome.TAKEN) return 0;
            // Whoever had the lock until now may have gone on with it.
            return hasRested(part, kept) ? delete(part) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    private boolean hasRested(Path file, Duration time) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(now.minus(time));
        } catch (IOException gone) {
            return false;
        }
    }

    private static long delete(Path file) {
        try {
            long size = Files.size(file);
            Files.delete(file);
            return size;
        } catch (IOException stays) {
            return 0; // it is gone meanwhile, or in nobody's way
        }
    }

    private static List<Path> files(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
