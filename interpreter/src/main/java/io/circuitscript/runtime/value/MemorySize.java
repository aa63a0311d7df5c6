package io.circuitscript.runtime.value;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size of memory as a person writes it: {@code 2GB}, {@code 1.5GiB}, {@code 256mb}. */
public final class MemorySize {
    private static final Pattern SIZE =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([KMGT]?)i?B?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Integer> POWERS = Map.of("", 0, "K", 1, "M", 2, "G", 3, "T", 4);

    private MemorySize() {}

    /** @return bytes, as memory is counted: 2GB and 2GiB are both 2 * 1024^3. Empty where it is no size */
    public static OptionalDouble bytes(String size) {
        Matcher parts = SIZE.matcher(size.strip());
        if (!parts.matches()) return OptionalDouble.empty();
        int power = POWERS.get(parts.group(2).toUpperCase(Locale.ROOT));
        return OptionalDouble.of(Math.floor(Double.parseDouble(parts.group(1)) * Math.pow(1024, power)));
    }
}
