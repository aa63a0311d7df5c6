package io.circuitscript.model.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the README of a data set says of its files, in the YAML between its first two lines of hyphens.
 *
 * @param configs empty where it says nothing
 */
record DataSetCard(List<Config> configs) {
    static final DataSetCard NONE = new DataSetCard(List.of());

    private static final Pattern FRONT =
            Pattern.compile("\\A\\uFEFF?---[ \\t]*\\r?\\n(.*?)\\n---[ \\t]*\\r?(\\n|\\z)", Pattern.DOTALL);
    private static final int LONGEST = 1 << 20;

    /** So many of each are read: more would be a trap. */
    private static final int MOST = 10_000;

    /**
     * A part of a data set that has columns of its own.
     *
     * @param folder that its files are in, where it names no patterns
     * @param splits empty where the files' names tell
     */
    record Config(String name, boolean byDefault, Optional<String> folder, List<Split> splits) {}

    /** @param patterns as a shell's, {@code **} for folders */
    record Split(String name, List<String> patterns) {}

    /** @return nothing where the README has no such lines, or is no YAML */
    static DataSetCard of(String readme) {
        Matcher front = FRONT.matcher(readme);
        if (!front.find() || front.group(1).length() > LONGEST) return NONE;
        LoadSettings settings = LoadSettings.builder()
                .setMaxAliasesForCollections(20)
                .setCodePointLimit(LONGEST)
                .setAllowRecursiveKeys(false)
                .setAllowDuplicateKeys(true)
                .build();
        try {
            Object tree = new Load(settings).loadFromString(front.group(1));
            return tree instanceof Map<?, ?> map ? new DataSetCard(configs(map.get("configs"))) : NONE;
        } catch (YamlEngineException | StackOverflowError notYaml) {
            return NONE;
        }
    }

    private static List<Config> configs(Object written) {
        List<Config> configs = new ArrayList<>();
        if (!(written instanceof List<?> items)) return configs;
        for (Object item : items) {
            if (!(item instanceof Map<?, ?> config) || configs.size() == MOST) continue;
            String name = text(config.get("config_name")).orElse("default");
            boolean byDefault = Boolean.TRUE.equals(config.get("default")) || name.equals("default");
            configs.add(new Config(name, byDefault, text(config.get("data_dir")), splits(config.get("data_files"))));
        }
        return configs;
    }

    /** Patterns alone are those of the training split. */
    private static List<Split> splits(Object written) {
        if (written == null) return List.of();
        List<Split> splits = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (Object item : written instanceof List<?> items ? items : List.of(written)) {
            if (splits.size() + alone.size() == MOST) break;
            if (item instanceof Map<?, ?> split && split.get("split") != null)
                splits.add(new Split(String.valueOf(split.get("split")), patterns(split.get("path"))));
            else alone.addAll(patterns(item));
        }
        if (!alone.isEmpty()) splits.addFirst(new Split("train", alone));
        return splits;
    }

    private static List<String> patterns(Object written) {
        if (written instanceof List<?> items)
            return items.stream()
                    .flatMap(item -> text(item).stream())
                    .limit(MOST)
                    .toList();
        return text(written).map(List::of).orElse(List.of());
    }

    private static Optional<String> text(Object written) {
        return written instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
