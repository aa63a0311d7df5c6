package io.circuitscript.model.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a repository on the hub, as {@code EleutherAI/pythia-70m}.
 *
 * @param repository with its owner
 */
public record HubName(String repository) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][\\w.-]{0,95}/[A-Za-z0-9_][\\w.-]{0,95}");
    private static final String FOLDER_PREFIX = "models--";

    /** The name that a text is, where it can be one: the hub allows neither {@code --} nor {@code ..} in names, nor a point or hyphen at the end. */
    public static Optional<HubName> of(String text) {
        boolean possible = FORM.matcher(text).matches() && !text.contains("--") && !text.contains("..");
        return possible && !text.matches(".*[.-](/.*|$)") ? Optional.of(new HubName(text)) : Optional.empty();
    }

    /** The name of its folder in a cache. */
    String folder() {
        return FOLDER_PREFIX + repository.replace("/", "--");
    }

    /** The name that a folder in a cache stands for. */
    static Optional<HubName> ofFolder(String folder) {
        if (!folder.startsWith(FOLDER_PREFIX)) return Optional.empty();
        return of(folder.substring(FOLDER_PREFIX.length()).replaceFirst("--", "/"));
    }

    @Override
    public String toString() {
        return repository;
    }
}
