package io.circuitscript.model.hub;

import io.circuitscript.io.UserHome;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the hub and its cache are, by the variables that Hugging Face's own tools go by.
 *
 * @param endpoint without a slash at its end
 * @param token what a gated or private model takes
 * @param responseTimeout how long a server may say nothing
 * @param least how much of a file must arrive to go on with it
 * @param backoff how long to wait before the second attempt; doubled before each further one
 */
public record HubSettings(
        URI endpoint,
        Path cache,
        Optional<Token> token,
        boolean offline,
        Duration responseTimeout,
        DownloadPace.Least least,
        Duration backoff,
        ProxySelector proxies) {
    public static final String OFFLINE = "HF_HUB_OFFLINE";

    private static final String ENDPOINT = "https://huggingface.co";
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)|\\$\\{([^}]+)}");

    /**
     * @param text the token itself
     * @param source where it is from, for a message
     */
    record Token(String text, String source) {
        @Override
        public String toString() {
            return "a token from " + source;
        }
    }

    /** @throws UserError where one of the variables cannot be what it says */
    public static HubSettings of(Map<String, String> environment) {
        Path home = home(environment);
        boolean offline = isTrue(given(environment, OFFLINE).or(() -> given(environment, "TRANSFORMERS_OFFLINE")));
        Path cache = given(environment, "HF_HUB_CACHE")
                .or(() -> given(environment, "HUGGINGFACE_HUB_CACHE"))
                .map(text -> path(text, environment))
                .orElse(home.resolve("hub"));
        Duration responseTimeout = given(environment, "HF_HUB_DOWNLOAD_TIMEOUT")
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(RESPONSE_TIMEOUT);
        return new HubSettings(
                endpoint(environment),
                cache,
                token(environment, home),
                offline,
                responseTimeout,
                DownloadPace.Least.USUAL,
                BACKOFF,
                EnvironmentProxies.of(environment));
    }

    /** The same for data sets, of which nothing is fetched where HF_DATASETS_OFFLINE says so. */
    public static HubSettings ofDataSets(Map<String, String> environment) {
        HubSettings all = of(environment);
        if (!isTrue(given(environment, "HF_DATASETS_OFFLINE"))) return all;
        return new HubSettings(
                all.endpoint, all.cache, all.token, true, all.responseTimeout, all.least, all.backoff, all.proxies);
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean isTrue(Optional<String> text) {
        return text.map(it -> it.toUpperCase(Locale.ROOT))
                .filter(List.of("1", "ON", "YES", "TRUE")::contains)
                .isPresent();
    }

    private static Path home(Map<String, String> environment) {
        Optional<String> own = given(environment, "HF_HOME");
        if (own.isPresent()) return path(own.get(), environment);
        Optional<String> caches = given(environment, "XDG_CACHE_HOME");
        return caches.map(text -> path(text, environment))
                .orElse(userHome(environment).resolve(".cache"))
                .resolve("huggingface");
    }

    private static Path userHome(Map<String, String> environment) {
        return UserHome.of(environment)
                .orElseThrow(() -> UserError.failure(
                        ErrorCode.NO_HOME,
                        "the hub's cache lies in your home folder, which is not known",
                        "set HOME, or set HF_HOME to a folder of yours"));
    }

    /** {@code ~} and variables stand for what they hold, as in Hugging Face's own reading. */
    private static Path path(String text, Map<String, String> environment) {
        Matcher variable = VARIABLE.matcher(text);
        String filled = variable.replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
        });
        try {
            Path path = UserHome.resolve(filled, Path.of(""), () -> userHome(environment));
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw UserError.input(
                    ErrorCode.HUB_SETTINGS,
                    "\"" + text + "\" cannot be the hub's cache: " + e.getReason(),
                    "set HF_HOME to a folder");
        }
    }

    private static URI endpoint(Map<String, String> environment) {
        String text = given(environment, "HF_ENDPOINT").orElse(ENDPOINT).replaceAll("/+$", "");
        try {
            URI uri = URI.create(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) return uri;
        } catch (IllegalArgumentException notAnAddress) {
            // as wrong as any other text
        }
        throw UserError.input(
                ErrorCode.HUB_SETTINGS,
                "HF_ENDPOINT is \"" + text + "\", not the address of a hub",
                "unset it, or set it to " + ENDPOINT);
    }

    private static Optional<Token> token(Map<String, String> environment, Path home) {
        if (isTrue(given(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return Optional.empty();
        for (String name : List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")) {
            Optional<String> own = given(environment, name);
            if (own.isPresent()) return Optional.of(checked(own.get(), name));
        }
        Path file = given(environment, "HF_TOKEN_PATH")
                .map(text -> path(text, environment))
                .orElse(home.resolve("token"));
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(checked(text, file.toString()));
        } catch (IOException unreadable) {
            return Optional.empty(); // most models take no token; those that do say what to do
        }
    }

    private static Token checked(String text, String source) {
        if (text.matches("[!-~]{1,4000}")) return new Token(text, source);
        throw UserError.input(
                ErrorCode.HUB_SETTINGS,
                "the hub's token in " + source + " has characters that no token has",
                "set HF_TOKEN, or run 'hf auth login'");
    }
}
