package io.circuitscript.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;

/** What the hub says is in a repository. @param commit that a revision is now */
record HubListing(String commit, Set<String> files) {
    static final long LARGEST = 64L << 20;

    /** @throws io.circuitscript.source.UserError where there is no such repository or revision, or no hub */
    static HubListing ask(HubClient client, HubRefusals refusals) {
        HubName.Kind kind = refusals.name().kind();
        URI address = URI.create(refusals.settings().endpoint() + "/api/" + kind.plural() + "/" + refusals.name()
                + "/revision/" + refusals.revision().encoded());
        MemoryBody body = new MemoryBody("a list of a " + kind.word() + "'s files", LARGEST);
        byte[] answer = client.retrying(() -> {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder().GET(), address, redirect -> true, body, () -> 0);
            if (response.statusCode() >= 300) throw client.refused(response, refusals, "");
            return response.body();
        });
        try {
            JsonNode json = new ObjectMapper().readTree(answer);
            String commit = json.path("sha").asText();
            Set<String> files = new HashSet<>();
            for (JsonNode sibling : json.path("siblings"))
                files.add(sibling.path("rfilename").asText());
            if (Revision.isCommit(commit)) return new HubListing(commit, files);
        } catch (IOException notJson) {
            // as little a hub as one that says no commit
        }
        throw HubRefusals.unavailable(
                refusals.settings().endpoint() + " does not answer as a hub does",
                "HF_ENDPOINT must be the address of a hub");
    }
}
