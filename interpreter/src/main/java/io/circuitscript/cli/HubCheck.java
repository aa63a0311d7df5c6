package io.circuitscript.cli;

import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Asks whether the hub answers. Sends nothing but one request for a page's head, without a token. */
final class HubCheck {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final String OFFLINE = "models that are on this machine work without it";

    private HubCheck() {}

    static Finding of(Map<String, String> variables) {
        HubSettings settings;
        try {
            settings = HubSettings.of(variables);
        } catch (UserError e) {
            return Finding.warn("hub", e.getMessage(), e.help());
        }
        if (settings.offline()) return Finding.ok("hub", "not asked: --offline, or HF_HUB_OFFLINE is set");
        String endpoint = settings.endpoint().toString();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).proxy(settings.proxies()).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(settings.endpoint()).timeout(LIMIT).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status < 500) return Finding.ok("hub", endpoint + " answers");
            return Finding.warn("hub", endpoint + " answers with its error " + status, "try again later; " + OFFLINE);
        } catch (IOException e) {
            return Finding.warn("hub", endpoint + " does not answer", "check the network, or a proxy; " + OFFLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.warn("hub", endpoint + " was not waited for", "");
        }
    }
}
