package io.circuitscript.model.hub;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/**
 * Requests to the hub. Redirects are followed here and not by the library, since the token is for the hub alone: the storage that it redirects
 * to is another host.
 */
final class HubClient implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 5;
    private static final int MOST_REDIRECTS = 10;
    private static final String KEPT = "try again later: what has arrived is kept, and the next run goes on from there";
    private static final long POLL_MILLIS = 50;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

    private final HubSettings settings;
    private final HubListener listener;
    private final HttpClient http;
    private boolean answered;

    HubClient(HubSettings settings, HubListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.responseTimeout())
                .proxy(settings.proxies())
                .build();
    }

    /** Something that may work at the next attempt. */
    interface Attempt<T> {
        T run() throws TransientFailure;
    }

    /** Whether a redirect is followed, or is itself the answer. */
    interface Follow {
        boolean further(HttpResponse<?> redirect);
    }

    /** Tries several times, waiting longer before each. @throws UserError where none succeeds */
    <T> T retrying(Attempt<T> attempt) {
        Duration backoff = settings.backoff();
        for (int tried = 1; ; tried++) {
            listener.check();
            try {
                return attempt.run();
            } catch (TransientFailure failure) {
                String what = failure.getMessage();
                if (tried == MOST_ATTEMPTS) throw HubRefusals.unavailable(what + ", " + tried + " times", KEPT);
                Duration wait = failure.after().orElse(backoff);
                if (wait.compareTo(LONGEST_WAIT) > 0) {
                    throw HubRefusals.unavailable(
                            what + ", and asks to wait for " + wait.toMinutes() + " minutes", KEPT);
                }
                listener.say(what + "; trying again" + (wait.toSeconds() > 0 ? " in " + wait.toSeconds() + " s" : ""));
                sleep(wait);
                backoff = backoff.multipliedBy(2);
            }
        }
    }

    private void sleep(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < end) {
            listener.check();
            pause(Math.min(POLL_MILLIS, 1 + (end - System.nanoTime()) / 1_000_000));
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted");
        }
    }

    /**
     * Sends a request and follows redirects.
     *
     * @param request without its address and its token
     * @param arrived asked while the answer arrives, how many bytes there are by now
     */
    <T> HttpResponse<T> send(
            HttpRequest.Builder request,
            URI address,
            Follow follow,
            HttpResponse.BodyHandler<T> body,
            LongSupplier arrived)
            throws TransientFailure {
        URI at = address;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpRequest.Builder one = request.copy().uri(at).timeout(settings.responseTimeout());
            if (isHub(at))
                settings.token().ifPresent(token -> one.setHeader("Authorization", "Bearer " + token.text()));
            HttpResponse<T> answer = await(http.sendAsync(one.build(), body), at, arrived);
            answered = true;
            if (!REDIRECTS.contains(answer.statusCode())) return answer;
            if (!follow.further(answer)) return answer;
            at = next(at, answer);
        }
        throw HubRefusals.unavailable(settings.endpoint() + " redirects in a circle", "try again later");
    }

    private URI next(URI at, HttpResponse<?> redirect) {
        try {
            URI next = at.resolve(redirect.headers().firstValue("Location").orElseThrow(IllegalArgumentException::new));
            boolean web = "https".equals(next.getScheme())
                    || "http".equals(next.getScheme()) && !"https".equals(at.getScheme());
            if (web && next.getHost() != null) return next;
        } catch (IllegalArgumentException nowhere) {
            // as bad as an address of another kind
        }
        throw HubRefusals.unavailable(
                host(at) + " redirects to an address from which nothing is fetched", "try again later");
    }

    private boolean isHub(URI address) {
        URI hub = settings.endpoint();
        return hub.getScheme().equalsIgnoreCase(address.getScheme())
                && hub.getHost().equalsIgnoreCase(address.getHost())
                && port(hub) == port(address);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) return address.getPort();
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, URI at, LongSupplier arrived)
            throws TransientFailure {
        // The library's own limit is on the answer's beginning; this one also holds where it stops in the middle.
        DownloadPace pace = new DownloadPace(
                settings.responseTimeout().multipliedBy(2), settings.least(), arrived.getAsLong(), System.nanoTime());
        try {
            while (true) {
                try {
                    return answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    listener.check();
                    Optional<String> complaint = pace.complaint(arrived.getAsLong(), System.nanoTime());
                    if (complaint.isPresent())
                        throw new TransientFailure(host(at) + " " + complaint.get(), Optional.empty());
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause(), at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    private TransientFailure failure(Throwable failure, URI at) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UserError known -> throw known;
                case DiskFailure disk -> throw disk.error();
                case WrongAnswer wrong -> {
                    String message = host(at) + " " + wrong.getMessage();
                    if (wrong.passing()) return new TransientFailure(message, Optional.empty());
                    throw HubRefusals.unavailable(message, "HF_ENDPOINT must be the address of a hub");
                }
                case UnresolvedAddressException unknown -> {
                    return unreachable(at, "no such host is known here");
                }
                case SSLException insecure ->
                    throw HubRefusals.unavailable(
                            "no secure connection to " + host(at) + ": " + insecure.getMessage(),
                            "if a proxy has its own certificate, Java must know it: CIRCUIT_JAVA_OPTIONS=-Djavax.net.ssl.trustStore=FILE");
                case HttpConnectTimeoutException late -> {
                    return unreachable(at, "it does not answer");
                }
                case HttpTimeoutException late -> {
                    return new TransientFailure(host(at) + " does not answer", Optional.empty());
                }
                default -> {
                    // perhaps what caused it says more
                }
            }
        }
        if (failure instanceof ConnectException) return unreachable(at, "the connection is refused");
        if (failure instanceof IOException)
            return new TransientFailure("the connection to " + host(at) + " was cut", Optional.empty());
        throw new IllegalStateException(failure);
    }

    /** Where the hub never answered there is no network; where it did, the network may come back. */
    private TransientFailure unreachable(URI at, String why) {
        String message = "cannot reach " + host(at) + ": " + why;
        if (answered) return new TransientFailure(message, Optional.empty());
        String help =
                "check the network (and https_proxy, where there is a proxy); --offline uses only what is on this machine";
        throw HubRefusals.unavailable(message, help);
    }

    private static String host(URI address) {
        return address.getScheme() + "://" + address.getAuthority();
    }

    /** Turns an answer that is neither a success nor a redirect into what is to be done about it. */
    RuntimeException refused(HttpResponse<?> answer, HubRefusals refusals, String file) throws TransientFailure {
        int status = answer.statusCode();
        if (!PASSING.contains(status)) return refusals.of(status, answer.headers(), file);
        String what = status == 429 ? " has received too many requests" : " answers with status " + status;
        throw new TransientFailure(
                host(answer.uri()) + what,
                answer.headers().firstValue("Retry-After").flatMap(HubClient::wait));
    }

    /** Seconds, or a date. */
    private static Optional<Duration> wait(String text) {
        if (text.matches("\\d{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        try {
            Duration wait =
                    Duration.between(Instant.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
