package io.circuitscript.model.hub;

import java.util.Locale;

/** Sizes for a person to read. */
public final class ByteSize {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private ByteSize() {}

    /** As {@code 548 MB}, in powers of a thousand. */
    public static String text(long bytes) {
        if (bytes < 1000) return bytes + " bytes";
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }
}
