package io.circuitscript.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DownloadPaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final DownloadPace pace = new DownloadPace(Duration.ofSeconds(20), DownloadPace.Least.USUAL, 1_000_000, 0);

    @Test
    void whatComesFastEnoughMayTakeAsLongAsItTakes() {
        for (int second = 1; second < 3600; second++)
            assertEquals(Optional.empty(), pace.complaint(1_000_000 + second * 10_001L, second * SECOND));
    }

    @Test
    void whatComesTooSlowlyIsSaidSoAfterAMinute() {
        for (int second = 1; second <= 60; second++)
            assertEquals(Optional.empty(), pace.complaint(1_000_000 + second * 5_000L, second * SECOND));
        assertEquals(
                Optional.of("sends too slowly: 300 kB in 60 s, and at least 600 kB are required"),
                pace.complaint(1_305_000, 61 * SECOND));
    }

    @Test
    void aFastBeginningDoesNotMakeUpForASlowRest() {
        assertEquals(Optional.empty(), pace.complaint(900_000_000, SECOND));
        for (int second = 2; second <= 60; second++)
            assertEquals(Optional.empty(), pace.complaint(900_000_000 + second, second * SECOND));
        assertEquals(
                Optional.of("sends too slowly: 60 bytes in 60 s, and at least 600 kB are required"),
                pace.complaint(900_000_060, 61 * SECOND));
    }

    @Test
    void timeCountsFromTheFirstByteOn() {
        assertEquals(Optional.empty(), pace.complaint(1_000_000, 19 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(1_000_001, 19 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(1_700_000, 78 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(1_700_001, 79 * SECOND));
    }

    @Test
    void whatBeginsAnewIsCountedAnew() {
        assertEquals(Optional.empty(), pace.complaint(1_400_000, SECOND));
        assertEquals(Optional.empty(), pace.complaint(0, 50 * SECOND - 31 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(100, 38 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(700_000, 57 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(700_001, 76 * SECOND));
        assertEquals(Optional.empty(), pace.complaint(700_002, 79 * SECOND), "700 kB since it began anew");
    }

    @Test
    void silenceEndsItEarlier() {
        assertEquals(Optional.empty(), pace.complaint(1_000_000, 20 * SECOND));
        assertEquals(Optional.of("has stopped sending"), pace.complaint(1_000_000, 20 * SECOND + 1));
    }
}
