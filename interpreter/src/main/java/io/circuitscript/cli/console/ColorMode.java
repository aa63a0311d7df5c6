package io.circuitscript.cli.console;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The values of {@code --color}. */
public enum ColorMode {
    AUTO,
    ALWAYS,
    NEVER;

    /** Whether a stream gets colours; {@code auto} is a terminal's, unless the environment asks for none (no-color.org). */
    public boolean on(boolean terminal, Map<String, String> variables) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                terminal && variables.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(variables.get("TERM"));
        };
    }

    /** The words of the option, for completion. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values())
                    .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    static final class Converter implements ITypeConverter<ColorMode> {
        @Override
        public ColorMode convert(String value) {
            for (ColorMode mode : values())
                if (mode.name().toLowerCase(Locale.ROOT).equals(value)) return mode;
            throw new TypeConversionException("--color is auto, always or never, not '" + value + "'");
        }
    }
}
