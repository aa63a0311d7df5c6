package io.circuitscript.model.hub;

import java.time.Duration;
import java.util.Optional;

/** Watches an answer arrive, and says where it is not worth waiting for: it has stopped, or it would take for ever. */
final class DownloadPace {
    private final Duration silence;
    private final Least least;
    private long bytes;
    private long moved;
    private boolean began;
    private long windowStart;
    private long windowBytes;

    /** So many bytes must arrive in so much time, from the first one on. */
    record Least(long bytes, Duration time) {
        /** 10 kB a second: a gigabyte takes more than a day then. */
        static final Least USUAL = new Least(600_000, Duration.ofMinutes(1));
    }

    /**
     * @param silence how long nothing at all may arrive
     * @param bytes what is there already
     * @param now as {@link System#nanoTime}
     */
    DownloadPace(Duration silence, Least least, long bytes, long now) {
        this.silence = silence;
        this.least = least;
        this.bytes = bytes;
        this.moved = now;
    }

    /** What is wrong at a moment, for a message; empty: nothing. @param there how many bytes there are by now; fewer where it began anew */
    Optional<String> complaint(long there, long now) {
        if (there != bytes) {
            if (!began || there < bytes) restart(there, now);
            bytes = there;
            moved = now;
        }
        if (now - moved > silence.toNanos()) return Optional.of("has stopped sending");
        if (!began || now - windowStart < least.time().toNanos()) return Optional.empty();
        long came = there - windowBytes;
        Duration took = Duration.ofNanos(now - windowStart);
        restart(there, now);
        if ((double) came / took.toNanos()
                >= (double) least.bytes() / least.time().toNanos()) return Optional.empty();
        return Optional.of("sends too slowly: " + ByteSize.text(came) + " in " + seconds(took) + ", and at least "
                + ByteSize.text(least.bytes()) + " are required");
    }

    private void restart(long there, long now) {
        began = true;
        windowStart = now;
        windowBytes = there;
    }

    private static String seconds(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
