package io.circuitscript.model.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a repository on the hub, as {@code EleutherAI/pythia-70m}.
 *
 * @param repository with its owner
 */
public record HubName(String repository, Kind kind) {
    /** What a repository holds. */
    public enum Kind {
        MODEL("model", "models", ""),
        DATA_SET("data set", "datasets", "datasets/");

        private final String word;
        private final String plural;
        private final String path;

        Kind(String word, String plural, String path) {
            this.word = word;
            this.plural = plural;
            this.path = path;
        }

        /** As a sentence calls it. */
        String word() {
            return word;
        }

        /** As the hub's addresses and folders call them all. */
        String plural() {
            return plural;
        }
    }

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][\\w.-]{0,95}/[A-Za-z0-9_][\\w.-]{0,95}");

    /** The name of a model that a text is, where it can be one: the hub allows neither {@code --} nor {@code ..} in names, nor a point or hyphen at the end. */
    public static Optional<HubName> of(String text) {
        return of(text, Kind.MODEL);
    }

    /** The same of a repository of some kind. */
    public static Optional<HubName> of(String text, Kind kind) {
        boolean possible = FORM.matcher(text).matches() && !text.contains("--") && !text.contains("..");
        return possible && !text.matches(".*[.-](/.*|$)") ? Optional.of(new HubName(text, kind)) : Optional.empty();
    }

    /** The name of its folder in a cache. */
    String folder() {
        return kind.plural + "--" + repository.replace("/", "--");
    }

    /** Where its files and its page are at a hub. */
    String path() {
        return kind.path + repository;
    }

    /** The name that a folder in a cache stands for. */
    static Optional<HubName> ofFolder(String folder) {
        for (Kind kind : Kind.values()) {
            String prefix = kind.plural + "--";
            if (folder.startsWith(prefix))
                return of(folder.substring(prefix.length()).replaceFirst("--", "/"), kind);
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return repository;
    }
}
