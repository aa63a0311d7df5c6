package io.circuitscript.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A hub of one repository on the loopback, and a storage for its large files on another port, with the faults that a test asks for. */
public final class HubServer implements AutoCloseable {
    public static final String NAME = "acme/tiny";
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** A request as it came; absent headers are empty. */
    public record Seen(String method, String path, String token, String range, boolean atStorage) {}

    private final HttpServer hub;
    private final HttpServer storage;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** Refuses so many requests first, with {@link #refusal}. */
    final AtomicInteger refusing = new AtomicInteger();

    volatile int refusal = 429;
    volatile String errorCode = "";
    /** So many answers of the storage end after half of what they promise. */
    final AtomicInteger cuts = new AtomicInteger();
    /** So many answers of the storage have a wrong byte. */
    final AtomicInteger spoilt = new AtomicInteger();

    volatile boolean deafToRanges;
    /** The storage sends half and then nothing, and keeps the connection. */
    volatile boolean stalls;
    /** The storage sends the first half, and of the second a thousand bytes each time that this many milliseconds have passed; 0: all at once. */
    volatile long trickleMillis;
    /** What is announced of a file in place of its size. */
    public final Map<String, Long> announced = new ConcurrentHashMap<>();
    /** So many bytes more come of each file than are announced. */
    volatile int surplus;
    /** So many spaces stand before a list of files. */
    volatile int blanks;
    /** How long the storage takes before it begins. */
    volatile long slowMillis;
    /** The only token that sees the repository; empty: it is public. */
    volatile String onlyToken = "";

    private final String kind;
    private final String place;

    /** @param kind as the hub's addresses have it @param place of the repository */
    private HubServer(String kind, String place) throws IOException {
        this.kind = kind;
        this.place = place;
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        storage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> answer(exchange, false));
        storage.createContext("/", exchange -> answer(exchange, true));
        for (HttpServer server : List.of(hub, storage)) {
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
        }
    }

    public static HubServer of(Map<String, byte[]> files) throws IOException {
        HubServer server = new HubServer("models", "/" + NAME);
        server.files.putAll(files);
        return server;
    }

    /** Of a data set. */
    public static HubServer ofDataSet(Map<String, byte[]> files) throws IOException {
        HubServer server = new HubServer("datasets", "/datasets/" + NAME);
        server.files.putAll(files);
        return server;
    }

    public URI address() {
        return address(hub);
    }

    private static URI address(HttpServer server) {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** The files whose content was asked for, in order. */
    public List<String> fetched() {
        return seen.stream()
                .filter(it -> it.method().equals("GET")
                        && !it.path().startsWith("/api/" + kind + "/")
                        && !it.path().contains("/resolve/"))
                .map(it -> file(it.path()))
                .toList();
    }

    static String sha256(byte[] content) {
        return hash("SHA-256", content);
    }

    static String gitHash(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hash("SHA-1", all);
    }

    private static String hash(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, boolean atStorage) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.contains("//") || path.contains("..")) throw new IOException("no such address: " + path);
        String token = header(exchange, "Authorization");
        seen.add(new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                token,
                header(exchange, "Range"),
                atStorage));
        try (exchange) {
            if (atStorage) content(exchange, file(path), true);
            else if (refusing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) refuse(exchange, refusal, errorCode);
            else if (!onlyToken.isEmpty() && !token.equals("Bearer " + onlyToken)) refuse(exchange, 401, errorCode);
            else if (path.startsWith("/api/" + kind + "/")) listing(exchange, path);
            else if (path.startsWith("/api/resolve-cache/")) content(exchange, file(path), false);
            else resolve(exchange, path);
        } catch (IOException clientIsGone) {
            // that is its right
        }
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static String file(String path) {
        return path.replaceFirst("^.*(/signed/|" + COMMIT + "/|/resolve/[^/]+/)", "");
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        if (!code.isEmpty()) exchange.getResponseHeaders().set("X-Error-Code", code);
        if (status == 429) exchange.getResponseHeaders().set("Retry-After", "0");
        exchange.sendResponseHeaders(status, -1);
    }

    private void listing(HttpExchange exchange, String path) throws IOException {
        if (!path.startsWith("/api/" + kind + "/" + NAME + "/revision/")) {
            refuse(exchange, 401, "RepoNotFound");
            return;
        }
        String revision = path.substring(("/api/" + kind + "/" + NAME + "/revision/").length());
        if (!List.of("main", "step1", "refs/pr/1", COMMIT).contains(revision)) {
            refuse(exchange, 404, "RevisionNotFound");
            return;
        }
        String siblings = files.keySet().stream()
                .map(name -> "{\"rfilename\": \"" + name + "\"}")
                .collect(Collectors.joining(", "));
        byte[] json = (" ".repeat(blanks) + "{\"sha\": \"" + COMMIT + "\", \"siblings\": [" + siblings + "]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    /** As the hub does: a large file by a redirect to the storage, a small one by a relative redirect. */
    private void resolve(HttpExchange exchange, String path) throws IOException {
        byte[] content = files.get(file(path));
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (content == null || !path.startsWith(place + "/resolve/")) {
            refuse(exchange, 404, "EntryNotFound");
        } else if (path.endsWith(".safetensors") || path.endsWith(".parquet")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", size(path, content));
            exchange.getResponseHeaders().set("Location", address(storage) + "/signed/" + file(path));
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders()
                    .set("Location", "/api/resolve-cache/" + kind + "/" + NAME + "/" + COMMIT + "/" + file(path));
            exchange.sendResponseHeaders(307, -1);
        }
    }

    private String size(String path, byte[] content) {
        return Long.toString(announced.getOrDefault(file(path), (long) content.length));
    }

    private void content(HttpExchange exchange, String name, boolean atStorage) throws IOException {
        byte[] content = Arrays.copyOf(
                files.get(name),
                files.get(name).length + (exchange.getRequestMethod().equals("HEAD") ? 0 : surplus));
        exchange.getResponseHeaders()
                .set("ETag", "W/\"" + (atStorage ? "storage-has-its-own" : gitHash(files.get(name))) + "\"");
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", size(name, content));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (atStorage) pause(slowMillis);
        if (atStorage && spoilt.getAndUpdate(left -> Math.max(0, left - 1)) > 0) content[content.length / 2] ^= 1;
        String range = header(exchange, "Range");
        int from = range.isEmpty() || deafToRanges ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from > 0)
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        OutputStream body = exchange.getResponseBody();
        int half = trickleMillis > 0 ? Math.max(from, content.length / 2) : from + (content.length - from) / 2;
        boolean cut = atStorage && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        body.write(content, from, half - from);
        body.flush();
        if (cut) return;
        if (atStorage && stalls) pause(30_000);
        if (atStorage && trickleMillis > 0) trickle(body, content, half);
        else body.write(content, half, content.length - half);
    }

    private void trickle(OutputStream body, byte[] content, int from) throws IOException {
        for (int at = from; at < content.length; at += 1000) {
            pause(trickleMillis);
            body.write(content, at, Math.min(1000, content.length - at));
            body.flush();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }
}
