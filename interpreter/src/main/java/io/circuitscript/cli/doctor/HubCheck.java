package io.circuitscript.cli.doctor;

import io.circuitscript.model.hub.HubSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks whether the hub answers, with one HEAD request and without a token. */
final class HubCheck {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final String OFFLINE = "models that are on this machine work without it";

    private HubCheck() {}

    static DoctorFinding of(HubSettings settings) {
        if (settings.offline())
            return DoctorFinding.ok("hub", "not checked, because of --offline or " + HubSettings.OFFLINE);
        URI endpoint = settings.endpoint();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .proxy(settings.proxies())
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint)
                    .timeout(LIMIT)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status < 500) return DoctorFinding.ok("hub", endpoint + " answers");
            return DoctorFinding.warn(
                    "hub", endpoint + " answers with its error " + status, "try again later; " + OFFLINE);
        } catch (IOException e) {
            return DoctorFinding.warn(
                    "hub", endpoint + " does not answer", "check the network, or a proxy; " + OFFLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DoctorFinding.warn("hub", endpoint + ": interrupted before it answered", "");
        }
    }
}
