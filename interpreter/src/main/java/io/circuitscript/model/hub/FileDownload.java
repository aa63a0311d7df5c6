package io.circuitscript.model.hub;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings files of one commit into the cache, each only when it is whole and its content is what the hub says. */
final class FileDownload {
    private static final long LOCK_POLL_MILLIS = 100;
    private static final long SMALL = 1_000_000;
    /** What a disk keeps free beyond the file itself. */
    private static final long SPARE = 10_000_000;

    private final HubClient client;
    private final HubCache cache;
    private final HubListener listener;
    private final HubRefusals refusals;
    private final HubName name;
    private final String commit;

    FileDownload(HubClient client, HubCache cache, HubListener listener, HubRefusals refusals, String commit) {
        this.client = client;
        this.cache = cache;
        this.listener = listener;
        this.refusals = refusals;
        this.name = refusals.name();
        this.commit = commit;
    }

    private URI address(String file) {
        String path = Stream.of(file.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return URI.create(refusals.settings().endpoint() + "/" + name.path() + "/resolve/" + commit + "/" + path);
    }

    /** What the hub says of a file, without the file. A redirect to the storage of large files says it itself. */
    RemoteFile ask(String file) {
        HttpRequest.Builder request = HttpRequest.newBuilder().HEAD().setHeader("Accept-Encoding", "identity");
        HttpResponse<Void> answer = client.retrying(() -> {
            HttpResponse<Void> response = client.send(
                    request,
                    address(file),
                    redirect -> header(redirect, "X-Linked-Etag").isEmpty(),
                    HttpResponse.BodyHandlers.discarding(),
                    () -> 0);
            if (response.statusCode() >= 400) throw client.refused(response, refusals, file);
            return response;
        });
        String etag = header(answer, "X-Linked-Etag")
                .or(() -> header(answer, "ETag"))
                .map(FileDownload::plain)
                .orElse("");
        String size = header(answer, "X-Linked-Size")
                .or(() -> header(answer, "Content-Length"))
                .orElse("");
        if (!etag.matches("[\\w.-]{1,200}") || etag.startsWith(".") || !size.matches("\\d{1,18}")) {
            throw HubRefusals.unavailable(
                    refusals.settings().endpoint() + " does not say the size and hash of " + file,
                    "HF_ENDPOINT must be the address of a hub");
        }
        return new RemoteFile(file, etag, Long.parseLong(size));
    }

    private static Optional<String> header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private static String plain(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    boolean isThere(String file) {
        return Files.exists(cache.snapshot(name, commit).resolve(file));
    }

    /** How many bytes of it are still to come. */
    long rest(RemoteFile file) {
        Path blob = cache.blob(name, file.etag());
        if (isThere(file.name()) || Files.exists(blob)) return 0;
        try {
            Path part = incomplete(blob, true);
            return Files.exists(part) ? Math.max(0, file.size() - Files.size(part)) : file.size();
        } catch (IOException unreadable) {
            return file.size();
        }
    }

    /** @param shared whether a lock keeps others from writing it at the same time */
    private static Path incomplete(Path blob, boolean shared) {
        String own = shared
                ? ""
                : "." + ProcessHandle.current().pid() + "-"
                        + Thread.currentThread().threadId();
        return blob.resolveSibling(blob.getFileName() + own + ".incomplete");
    }

    /** Brings one file, or waits until somebody else who brings it is done. */
    void bring(RemoteFile file) {
        if (isThere(file.name())) return;
        Path blob = cache.blob(name, file.etag());
        try {
            Files.createDirectories(blob.getParent());
            try (BlobLock lock = lock(file)) {
                if (isThere(file.name())) return;
                if (!Files.exists(blob)) whole(file, blob, incomplete(blob, lock.outcome() == BlobLock.Outcome.HELD));
                cache.link(name, commit, file.name(), file.etag());
            }
        } catch (IOException e) {
            throw DiskFailure.of(cache.root(), e);
        }
    }

    private BlobLock lock(RemoteFile file) throws IOException {
        long start = System.nanoTime();
        boolean told = false;
        while (true) {
            BlobLock lock = BlobLock.tryLock(cache.lock(name, file.etag()));
            if (lock.outcome() != BlobLock.Outcome.TAKEN) return lock;
            listener.check();
            if (!told && System.nanoTime() - start > 1_000_000_000L) {
                told = true;
                listener.say("waiting for another process, which is fetching " + file.name() + " of " + name);
            }
            HubClient.pause(LOCK_POLL_MILLIS);
        }
    }

    private void whole(RemoteFile file, Path blob, Path incomplete) throws IOException {
        for (boolean again : new boolean[] {false, true}) {
            boolean fresh = again || !Files.exists(incomplete);
            receive(file, incomplete);
            if (ContentHash.of(file.etag()).matches(incomplete, file.etag(), listener)) {
                Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            Files.delete(incomplete);
            if (!again)
                listener.say(file.name() + " has a different hash from the hub's"
                        + (fresh ? "" : ", perhaps by its first part") + "; fetching it again");
        }
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.HUB_WRONG_HASH,
                file.name() + " of " + name + " arrived twice with a different hash from the hub's",
                List.of("expected " + file.etag()),
                "something between this machine and the hub changes files: try another network");
    }

    /** Leaves the whole file's bytes at {@code incomplete}, those that are there already kept. */
    private void receive(RemoteFile file, Path incomplete) throws IOException {
        boolean shown = file.size() >= SMALL;
        if (shown) listener.begin("fetch " + file.name(), file.size());
        try (FileBody body = new FileBody(incomplete, file.size())) {
            space(file.size() - body.length());
            while (body.length() < file.size()) client.retrying(() -> further(file, body));
            if (file.size() == 0) body.clear();
            body.flush();
        } finally {
            if (shown) listener.end();
        }
    }

    /** As long as bytes come, a line that is often cut is still a line: only an attempt that brought next to nothing counts as one. */
    private FileBody further(RemoteFile file, FileBody body) throws TransientFailure {
        long before = body.length();
        try {
            once(file, body);
            if (body.length() < file.size()) throw new TransientFailure("the connection was cut", Optional.empty());
        } catch (TransientFailure cut) {
            if (body.length() - before < SMALL) throw cut;
            listener.say(cut.getMessage() + "; going on from " + ByteSize.text(body.length()));
        }
        return body;
    }

    private void once(RemoteFile file, FileBody body) throws TransientFailure {
        HttpRequest.Builder request = HttpRequest.newBuilder().GET().setHeader("Accept-Encoding", "identity");
        if (body.length() > 0) request.setHeader("Range", "bytes=" + body.length() + "-");
        HttpResponse<Void> answer = client.send(request, address(file.name()), redirect -> true, body, () -> {
            long now = body.length();
            listener.reached(now);
            return now;
        });
        if (answer.statusCode() >= 300) throw client.refused(answer, refusals, file.name());
        listener.reached(body.length());
    }

    private void space(long wanted) throws IOException {
        long free = Files.getFileStore(cache.root()).getUsableSpace();
        if (wanted + SPARE <= free) return;
        throw DiskFailure.full(
                cache.root(), ": " + ByteSize.text(wanted) + " are needed, and " + ByteSize.text(free) + " are free");
    }
}
