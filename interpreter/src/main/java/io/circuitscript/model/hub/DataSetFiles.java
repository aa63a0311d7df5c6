package io.circuitscript.model.hub;

import io.circuitscript.io.table.TableFormat;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Chooses the files of a data set that a script means, by the rules of Hugging Face's own {@code datasets}: those that the README names, or else by the names of
 * folders and files.
 */
final class DataSetFiles {
    /** {@code data/train-00000-of-00002.parquet}. */
    private static final Pattern SHARD =
            Pattern.compile("(?:data/)?([\\w.]+(?:-[\\w.]+)*)-([0-9]{5})-of-([0-9]{5})[^/]*\\.[^./]+");

    /** {@code default/train/0000.parquet}: how the hub itself converts data sets. */
    private static final Pattern CONVERTED = Pattern.compile("([^/]+)/([^/]+)/[0-9]{4}\\.parquet");

    private static final Set<String> ABOUT =
            Set.of("dataset_infos.json", "dataset_info.json", "dataset_dict.json", "state.json", "config.json");

    private static final SequencedMap<String, List<String>> KEYWORDS = new LinkedHashMap<>();

    static {
        KEYWORDS.put("train", List.of("train", "training"));
        KEYWORDS.put("validation", List.of("validation", "valid", "dev", "val"));
        KEYWORDS.put("test", List.of("test", "testing", "eval", "evaluation"));
    }

    private static final String ALL = "train";
    private static final int LONGEST_PATTERN = 250;
    private static final int MOST_STARS = 8;

    private final String name;
    private final Collection<String> all;
    private final List<String> files;
    private final DataSetCard card;

    private DataSetFiles(String name, Collection<String> all, DataSetCard card) {
        this.name = name;
        this.all = all;
        this.card = card;
        files = all.stream().filter(DataSetFiles::isData).sorted().toList();
    }

    /**
     * @param name of the data set, for messages
     * @param all the files of its repository
     * @return in the order of their rows, one at least
     * @throws UserError where they are not to be had, listing the configs or splits where there are several and none is named
     */
    static List<String> choose(
            String name, Collection<String> all, DataSetCard card, Optional<String> config, Optional<String> split) {
        return new DataSetFiles(name, all, card).choose(config, split);
    }

    /** What comes from a network names a file inside its folder, and is no trap for a terminal. */
    static boolean isSafe(String file) {
        if (file.isEmpty() || file.length() > LONGEST_PATTERN || !file.matches("[^\\p{Cntrl}\\\\:]+")) return false;
        for (String part : file.split("/", -1))
            if (part.isEmpty() || part.equals(".") || part.equals("..")) return false;
        try {
            return !Path.of(file).isAbsolute();
        } catch (InvalidPathException notOfThisMachine) {
            return false;
        }
    }

    private static boolean isData(String file) {
        for (String part : file.split("/")) if (part.startsWith(".") || part.startsWith("_")) return false;
        String last = file.substring(file.lastIndexOf('/') + 1);
        return !ABOUT.contains(last) && TableFormat.ofEnding(Path.of(last)).isPresent();
    }

    private List<String> choose(Optional<String> config, Optional<String> split) {
        if (files.isEmpty()) throw none();
        SequencedMap<String, SequencedMap<String, List<String>>> configs = configs();
        String chosenConfig = one("config", "config", configs.sequencedKeySet(), config, byDefault(), "");
        SequencedMap<String, List<String>> splits = configs.get(chosenConfig);
        String of = configs.size() > 1 ? " of config " + chosenConfig : "";
        if (splits.isEmpty()) throw none();
        List<String> chosen =
                splits.get(one("split", "split-name", splits.sequencedKeySet(), split, Optional.empty(), of));
        List<String> same = oneFormat(chosen);
        requireWhole(same);
        return same;
    }

    private Optional<String> byDefault() {
        return card.configs().stream()
                .filter(DataSetCard.Config::byDefault)
                .map(DataSetCard.Config::name)
                .findFirst()
                .or(() -> Optional.of("default"));
    }

    /** @param option that names one */
    private String one(
            String what,
            String option,
            Set<String> there,
            Optional<String> wanted,
            Optional<String> byDefault,
            String of) {
        String list = String.join(", ", there);
        if (wanted.isPresent()) {
            if (there.contains(wanted.get())) return wanted.get();
            throw UserError.input(
                    ErrorCode.DATA_SET_PART,
                    name + " has no " + what + " " + wanted.get() + of,
                    "its " + what + "s: " + list);
        }
        if (there.size() == 1) return there.iterator().next();
        if (byDefault.filter(there::contains).isPresent()) return byDefault.get();
        throw UserError.input(
                ErrorCode.DATA_SET_PART,
                name + " has " + there.size() + " " + what + "s" + of + ": " + list,
                "say which one is meant: " + option + "=" + there.iterator().next());
    }

    /** For each config its splits, for each of these its files. */
    private SequencedMap<String, SequencedMap<String, List<String>>> configs() {
        SequencedMap<String, SequencedMap<String, List<String>>> configs = new LinkedHashMap<>();
        for (DataSetCard.Config config : card.configs()) {
            SequencedMap<String, List<String>> splits = config.splits().isEmpty()
                    ? byNames(config.folder()
                            .map(it -> it.replaceAll("^\\./|/+$", ""))
                            .orElse(""))
                    : byPatterns(config);
            if (!splits.isEmpty()) configs.put(config.name(), splits);
        }
        if (!configs.isEmpty()) return configs;
        if (files.stream().allMatch(file -> CONVERTED.matcher(file).matches())) return converted();
        Set<String> folders = new TreeSet<>();
        for (String file : files) folders.add(file.contains("/") ? file.substring(0, file.indexOf('/')) : "");
        boolean parts = folders.size() > 1
                && folders.stream()
                        .noneMatch(it ->
                                it.isEmpty() || it.equals("data") || keyword(it).isPresent());
        if (parts) for (String folder : folders) configs.put(folder, byNames(folder));
        else configs.put("default", byNames(""));
        return configs;
    }

    private SequencedMap<String, SequencedMap<String, List<String>>> converted() {
        SequencedMap<String, SequencedMap<String, List<String>>> configs = new LinkedHashMap<>();
        for (String file : files) {
            Matcher parts = CONVERTED.matcher(file);
            if (!parts.matches()) continue;
            configs.computeIfAbsent(parts.group(1), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(parts.group(2), _ -> new ArrayList<>())
                    .add(file);
        }
        return configs;
    }

    private SequencedMap<String, List<String>> byPatterns(DataSetCard.Config config) {
        SequencedMap<String, List<String>> splits = new LinkedHashMap<>();
        for (DataSetCard.Split split : config.splits()) {
            Set<String> found = new LinkedHashSet<>();
            for (String pattern : split.patterns()) {
                String inFolder = config.folder()
                                .map(it -> it.replaceAll("/+$", "") + "/")
                                .orElse("")
                        + pattern;
                Pattern glob = glob(inFolder.replaceFirst("^(\\./)+", ""));
                files.stream().filter(file -> glob.matcher(file).matches()).forEach(found::add);
            }
            if (!found.isEmpty()) splits.put(split.name(), List.copyOf(found));
        }
        return splits;
    }

    /** By what files and folders are called. @param folder that they are in, or empty */
    private SequencedMap<String, List<String>> byNames(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        List<String> inside =
                files.stream().filter(file -> file.startsWith(prefix)).toList();
        SequencedMap<String, List<String>> shards = new LinkedHashMap<>();
        SequencedMap<String, List<String>> folders = new LinkedHashMap<>();
        SequencedMap<String, List<String>> names = new LinkedHashMap<>();
        for (String file : inside) {
            String path = file.substring(prefix.length());
            Matcher shard = SHARD.matcher(path);
            if (shard.matches()) put(shards, shard.group(1), file);
            String[] parts = path.split("/");
            for (int i = 0; i < parts.length - 1; i++) {
                Optional<String> split = keyword(parts[i]);
                if (split.isEmpty()) continue;
                put(folders, split.get(), file);
                break;
            }
            keyword(parts[parts.length - 1]).ifPresent(split -> put(names, split, file));
        }
        if (!shards.isEmpty()) return shards;
        if (!folders.isEmpty()) return folders;
        if (!names.isEmpty()) return names;
        SequencedMap<String, List<String>> all = new LinkedHashMap<>();
        if (!inside.isEmpty()) all.put(ALL, inside);
        return all;
    }

    private static void put(Map<String, List<String>> splits, String split, String file) {
        splits.computeIfAbsent(split, _ -> new ArrayList<>()).add(file);
    }

    /** The split that a name has a word for, between its beginning, end, digits and signs. */
    private static Optional<String> keyword(String part) {
        Set<String> words = Set.of(part.toLowerCase(java.util.Locale.ROOT).split("[-._ 0-9]+"));
        return KEYWORDS.entrySet().stream()
                .filter(it -> it.getValue().stream().anyMatch(words::contains))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The files of the commonest format, as many data sets have the same rows in several. */
    private static List<String> oneFormat(List<String> files) {
        Map<TableFormat, List<String>> formats = files.stream()
                .collect(Collectors.groupingBy(
                        file -> TableFormat.ofEnding(Path.of(file)).orElseThrow(), TreeMap::new, Collectors.toList()));
        return formats.entrySet().stream()
                .max(Comparator.<Map.Entry<TableFormat, List<String>>>comparingInt(
                                it -> it.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .orElseThrow()
                .getValue();
    }

    private void requireWhole(List<String> chosen) {
        for (String file : chosen) {
            Matcher shard = SHARD.matcher(file.substring(file.lastIndexOf('/') + 1));
            if (!shard.matches()) return;
            int all = Integer.parseInt(shard.group(3));
            String start = shard.group(1) + "-";
            long here = chosen.stream()
                    .filter(it -> it.substring(it.lastIndexOf('/') + 1).startsWith(start))
                    .count();
            if (here < all)
                throw UserError.input(
                        ErrorCode.HUB_INCOMPLETE,
                        name + " has " + here + " of the " + all + " files of " + shard.group(1),
                        "take another revision of the data set");
        }
    }

    private UserError none() {
        Optional<String> script =
                all.stream().filter(it -> it.matches("[^/]+\\.py")).sorted().findFirst();
        if (script.isPresent())
            return UserError.input(
                    ErrorCode.DATA_SET_PART,
                    name + " is made by a program, " + script.get() + ", and programs of data sets are never run",
                    "the hub may have converted it: revision=\"refs/convert/parquet\"");
        String there = all.stream()
                .filter(it -> !it.startsWith(".") && !it.equals("README.md"))
                .sorted()
                .limit(5)
                .collect(Collectors.joining(", "));
        return UserError.input(
                ErrorCode.DATA_SET_PART,
                name + " has no file in a format that data reads" + (there.isEmpty() ? "" : "; it has " + there),
                "data reads Parquet, JSON Lines, JSON, CSV and TSV; the hub may have converted it: revision=\"refs/convert/parquet\"");
    }

    /** A shell's pattern: {@code *} within a folder, <code>**</code> across folders, {@code ?}, {@code [0-9]}, <code>{a,b}</code>. */
    static Pattern glob(String pattern) {
        if (pattern.length() > LONGEST_PATTERN
                || pattern.chars().filter(c -> c == '*').count() > MOST_STARS) return Pattern.compile("(?!)");
        StringBuilder regex = new StringBuilder();
        boolean inBraces = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (pattern.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') regex.append("[^/]*");
            else if (c == '?') regex.append("[^/]");
            else if (c == '[' && pattern.substring(i).matches("\\[!?[\\w. -]+\\].*")) {
                int end = pattern.indexOf(']', i);
                String inside = pattern.substring(i + 1, end);
                regex.append(inside.startsWith("!") ? "[^/" : "[")
                        .append(inside.replaceFirst("^!", "").replaceAll("([^\\w-])", "\\\\$1"))
                        .append(']');
                i = end;
            } else if (c == '{' && pattern.indexOf('}', i) > i && !inBraces) {
                inBraces = true;
                regex.append("(?:");
            } else if (c == '}' && inBraces) {
                inBraces = false;
                regex.append(")");
            } else if (c == ',' && inBraces) regex.append("|");
            else regex.append(Pattern.quote(String.valueOf(c)));
        }
        try {
            return Pattern.compile(regex.toString());
        } catch (java.util.regex.PatternSyntaxException wrong) {
            return Pattern.compile("(?!)");
        }
    }
}
