package io.circuitscript.analysis.methods;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The values of a method's options: those that a script gave, and the method's defaults. */
public final class MethodSettings {
    private final Map<String, Object> values = new HashMap<>();
    private final LongSupplier seed;

    /**
     * @param given by name; options of other methods among them are passed over
     * @param seed gives a number that follows from the script's seed alone
     */
    public MethodSettings(List<MethodOption> options, Map<String, Object> given, LongSupplier seed) {
        this.seed = seed;
        for (MethodOption option : options)
            values.put(option.name(), given.getOrDefault(option.name(), option.byDefault()));
    }

    /** What holds where a script gives nothing. */
    public static MethodSettings defaults(List<MethodOption> options) {
        return new MethodSettings(options, Map.of(), () -> 0);
    }

    public double number(String name) {
        return ((Number) values.get(name)).doubleValue();
    }

    public int count(String name) {
        return ((Number) values.get(name)).intValue();
    }

    public String text(String name) {
        return (String) values.get(name);
    }

    public boolean truth(String name) {
        return (Boolean) values.get(name);
    }

    /** A seed for what the method draws: the same in each run of the statement. */
    public long seed() {
        return seed.getAsLong();
    }
}
