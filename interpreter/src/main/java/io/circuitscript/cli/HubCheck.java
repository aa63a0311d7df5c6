package io.circuitscript.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Asks whether the hub answers. Sends nothing but one request for a page's head, without a token. */
final class HubCheck {
    private static final String PUBLIC = "https://huggingface.co";
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final String OFFLINE = "models that are on this machine work without it";

    private HubCheck() {}

    static Finding of(Map<String, String> variables, boolean offline) {
        if (offline) return Finding.ok("hub", "not asked: --offline");
        if (isOn(variables.getOrDefault("HF_HUB_OFFLINE", ""))) return Finding.ok("hub", "not asked: HF_HUB_OFFLINE is set");
        String given = variables.getOrDefault("HF_ENDPOINT", "");
        String endpoint = given.isBlank() ? PUBLIC : given;
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint)).timeout(LIMIT).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status < 500) return Finding.ok("hub", endpoint + " answers");
            return Finding.warn("hub", endpoint + " answers with its error " + status, "try again later; " + OFFLINE);
        } catch (IllegalArgumentException e) {
            return Finding.warn("hub", "HF_ENDPOINT is " + endpoint + ", which is no address", "give one as " + PUBLIC + ", or unset it");
        } catch (IOException e) {
            return Finding.warn("hub", endpoint + " does not answer", "check the network, or a proxy; " + OFFLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.warn("hub", endpoint + " was not waited for", "");
        }
    }

    /** As Hugging Face's own library reads it. */
    private static boolean isOn(String value) {
        return value.equals("1") || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("yes") || value.equalsIgnoreCase("on");
    }
}
