package io.circuitscript.model.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class HubTest {
    private static final HubName NAME = HubName.of(HubServer.NAME).orElseThrow();
    private static final String COMMIT = HubServer.COMMIT;
    private static final byte[] WEIGHTS = random(3_000_000);
    private static final Map<String, byte[]> FILES = Map.of(
            "config.json", text("{}"),
            "tokenizer.json", text("{\"a\": 1}"),
            "tokenizer_config.json", text("{\"b\": 1}"),
            "model.safetensors", WEIGHTS,
            "pytorch_model.bin", text("a pickle"),
            "generation_config.json", text("{}"),
            "README.md", text("# Tiny"));

    @TempDir
    private Path folder;

    private HubServer server;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void start() throws IOException {
        server = HubServer.of(FILES);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private final class Listener implements HubListener {
        @Override
        public void begin(String what, long bytes) {}

        @Override
        public void reached(long bytes) {}

        @Override
        public void end() {}

        @Override
        public void say(String note) {
            said.add(note);
        }

        @Override
        public void check() {
            if (cancelled) throw new CancellationException();
        }
    }

    private Hub hub(Optional<HubSettings.Token> token, boolean offline) {
        return hub(token, offline, DownloadPace.Least.USUAL);
    }

    private Hub hub(Optional<HubSettings.Token> token, boolean offline, DownloadPace.Least least) {
        Duration responseTimeout = Duration.ofSeconds(5);
        return new Hub(new HubSettings(
                server.address(),
                folder,
                token,
                offline,
                responseTimeout,
                least,
                Duration.ofMillis(5),
                ProxySelector.of(null)));
    }

    private Hub hub() {
        return hub(Optional.empty(), false);
    }

    private static Optional<HubSettings.Token> token(String text) {
        return Optional.of(new HubSettings.Token(text, "HF_TOKEN"));
    }

    private Hub.Snapshot fetch(Hub hub, String revision) {
        try (Hub.Fetching fetching = hub.fetch(NAME, new Revision(revision), new Listener())) {
            return fetching.finish();
        }
    }

    private UserError refused() {
        return refused(hub());
    }

    private UserError refused(Hub hub) {
        return assertThrows(UserError.class, () -> fetch(hub, "main"));
    }

    private Path repository() {
        return folder.resolve("models--acme--tiny");
    }

    private void assertWhole() throws IOException {
        assertArrayEquals(
                WEIGHTS, Files.readAllBytes(repository().resolve("snapshots/" + COMMIT + "/model.safetensors")));
        assertEquals(List.of(), incomplete());
    }

    private List<Path> incomplete() throws IOException {
        try (Stream<Path> blobs = Files.list(repository().resolve("blobs"))) {
            return blobs.filter(blob -> blob.toString().endsWith(".incomplete")).toList();
        }
    }

    @Test
    void fetchesOnlyWhatIsNeededInTheLayoutOfTheOfficialClient() throws IOException {
        assertEquals(Optional.empty(), hub().cached(NAME, Revision.MAIN));
        Hub.Snapshot snapshot = fetch(hub(), "main");
        Path model = snapshot.folder().resolve("model.safetensors");
        assertEquals(repository().resolve("snapshots/" + COMMIT), snapshot.folder());
        assertEquals(Path.of("../../blobs/" + HubServer.sha256(WEIGHTS)), Files.readSymbolicLink(model));
        assertEquals(
                Path.of("../../blobs/" + HubServer.gitHash(text("{}"))),
                Files.readSymbolicLink(snapshot.folder().resolve("config.json")));
        assertEquals(COMMIT, Files.readString(repository().resolve("refs/main")));
        assertWhole();
        try (Stream<Path> files = Files.list(snapshot.folder())) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertEquals(List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"), names);
        }
        int before = server.seen().size();
        assertEquals(Optional.of(snapshot), hub().cached(NAME, Revision.MAIN));
        assertEquals(Optional.of(snapshot), hub(Optional.empty(), true).cached(NAME, new Revision(COMMIT)));
        assertEquals(List.of(NAME), hub().here());
        assertEquals(before, server.seen().size(), "what is here is taken without asking");
    }

    @Test
    void aTagAndAPullRequestAreRevisionsToo() throws IOException {
        fetch(hub(), "step1");
        fetch(hub(), "refs/pr/1");
        assertEquals(COMMIT, Files.readString(repository().resolve("refs/refs/pr/1")));
        assertTrue(hub().cached(NAME, new Revision("step1")).isPresent());
        assertFalse(hub().cached(NAME, Revision.MAIN).isPresent());
        assertEquals(
                1, server.fetched().stream().filter("model.safetensors"::equals).count(), "one commit, fetched once");
        assertTrue(server.seen().stream().anyMatch(it -> it.path().endsWith("/revision/refs%2Fpr%2F1")));
    }

    @Test
    void theTokenGoesToTheHubAndNoFurther() {
        server.onlyToken = "hf_secret";
        fetch(hub(token("hf_secret"), false), "main");
        assertTrue(server.seen().stream().anyMatch(HubServer.Seen::atStorage));
        for (HubServer.Seen request : server.seen())
            assertEquals(request.atStorage() ? "" : "Bearer hf_secret", request.token(), request.toString());
    }

    @Test
    void goesOnWhereAnEarlierRunWasStopped() throws IOException {
        Path blobs = Files.createDirectories(repository().resolve("blobs"));
        Files.write(blobs.resolve(HubServer.sha256(WEIGHTS) + ".incomplete"), Arrays.copyOf(WEIGHTS, 1_000_000));
        try (Hub.Fetching fetching = hub().fetch(NAME, Revision.MAIN, new Listener())) {
            assertEquals(2_000_000, fetching.rest());
            fetching.finish();
        }
        assertWhole();
        assertTrue(server.seen().stream()
                .anyMatch(it -> it.atStorage() && it.range().equals("bytes=1000000-")));
    }

    @Test
    void aServerWithoutRangesSendsAllAnew() throws IOException {
        Path blobs = Files.createDirectories(repository().resolve("blobs"));
        Files.write(blobs.resolve(HubServer.sha256(WEIGHTS) + ".incomplete"), Arrays.copyOf(WEIGHTS, 1_000_000));
        server.deafToRanges = true;
        fetch(hub(), "main");
        assertWhole();
    }

    @Test
    void aSpoiltBeginningIsFetchedAnew() throws IOException {
        Path blobs = Files.createDirectories(repository().resolve("blobs"));
        Files.write(blobs.resolve(HubServer.sha256(WEIGHTS) + ".incomplete"), new byte[1_000_000]);
        fetch(hub(), "main");
        assertWhole();
        assertTrue(said.toString().contains("perhaps by its first part"), said.toString());
    }

    @Test
    void aCutConnectionIsTakenUpAgain() throws IOException {
        server.cuts.set(3);
        fetch(hub(), "main");
        assertWhole();
        assertTrue(
                server.seen().stream()
                                .filter(it -> it.atStorage() && it.range().startsWith("bytes="))
                                .count()
                        >= 3,
                server.seen().toString());
    }

    @Test
    void aConnectionThatIsAlwaysCutEndsAtLast() throws IOException {
        server.cuts.set(1000);
        UserError error = refused();
        assertEquals(69, error.kind().exitCode());
        assertEquals(1, incomplete().size(), "what has arrived is kept");
        assertFalse(Files.exists(repository().resolve("snapshots/" + COMMIT + "/model.safetensors")));
    }

    @Test
    void whatComesTooSlowlyIsGivenUpAndKept() throws IOException {
        server.trickleMillis = 10;
        UserError error =
                refused(hub(Optional.empty(), false, new DownloadPace.Least(200_000, Duration.ofMillis(300))));
        assertEquals(ErrorCode.HUB_UNAVAILABLE, error.code());
        assertTrue(
                error.getMessage()
                        .matches(
                                "http://localhost:[0-9]+ sends too slowly: [0-9.]+ kB in [0-9]+ ms, and at least 200 kB are required, 5 times"),
                error.getMessage());
        assertEquals("try again later: what has arrived is kept, and the next run goes on from there", error.help());
        long kept = Files.size(incomplete().getFirst());
        assertTrue(kept >= WEIGHTS.length / 2, kept + " bytes");
        server.trickleMillis = 0;
        try (Hub.Fetching fetching = hub().fetch(NAME, Revision.MAIN, new Listener())) {
            assertEquals(WEIGHTS.length - kept, fetching.rest());
            fetching.finish();
        }
        assertWhole();
    }

    @Test
    void anAnswerThatIsTooLongIsNoCutConnection() {
        server.blanks = 65 << 20;
        UserError error = refused();
        assertEquals(ErrorCode.HUB_UNAVAILABLE, error.code());
        assertEquals(
                server.address() + " sends a list of a model's files of more than 67 MB, which no hub does",
                error.getMessage());
        assertEquals("HF_ENDPOINT must be the address of a hub", error.help());
        assertEquals(1, server.seen().size(), "it is not asked again");
    }

    @Test
    void moreThanWasAnnouncedIsNoCutConnection() {
        server.surplus = 10;
        UserError error = refused();
        assertTrue(error.getMessage().endsWith(" sends more of a file than it announced, 5 times"), error.getMessage());
    }

    @Test
    void aSmallFileThatIsAnnouncedLargeIsNotFetched() {
        server.announced.put("tokenizer.json", 10_000_000_000L);
        UserError error = refused();
        assertEquals(ErrorCode.HUB_TOO_LARGE, error.code());
        assertEquals(
                "tokenizer.json of acme/tiny would be 10 GB, but such a file has 67 MB at most: it is not fetched",
                error.getMessage());
        assertFalse(server.fetched().contains("tokenizer.json"));
    }

    @Test
    void contentWithAnotherHashIsNeverTaken() throws IOException {
        server.spoilt.set(2);
        UserError error = refused();
        assertEquals(ErrorCode.HUB_WRONG_HASH, error.code());
        assertEquals(65, error.kind().exitCode());
        assertEquals(List.of(), incomplete());
        assertFalse(Files.exists(repository().resolve("blobs/" + HubServer.sha256(WEIGHTS))));
        assertEquals(Optional.empty(), hub().cached(NAME, Revision.MAIN));
        server.spoilt.set(1);
        fetch(hub(), "main");
        assertWhole();
    }

    @Test
    void waitsWhereTheHubIsBusy() throws IOException {
        for (int status : new int[] {429, 503}) {
            server.refusal = status;
            server.refusing.set(3);
            fetch(hub(), status == 429 ? "main" : "step1");
        }
        assertWhole();
        assertTrue(said.getFirst().contains("has received too many requests; trying again"), said.toString());
        server.refusing.set(100);
        UserError error = assertThrows(UserError.class, () -> fetch(hub(), "refs/pr/1"));
        assertEquals(69, error.kind().exitCode());
        assertTrue(error.getMessage().endsWith("answers with status 503, 5 times"), error.getMessage());
    }

    @Test
    void aRefusalSaysWhatToDo() {
        server.refusing.set(1000);
        server.refusal = 401;
        server.errorCode = "GatedRepo";
        UserError gated = refused();
        assertEquals(ErrorCode.HUB_GATED, gated.code());
        assertTrue(
                gated.help().startsWith("accept its licence at " + server.address() + "/acme/tiny, then set HF_TOKEN"),
                gated.help());
        server.refusal = 403;
        UserError noAccess = refused(hub(token("hf_x"), false));
        assertTrue(
                noAccess.getMessage().contains("the account of the token in HF_TOKEN has no access"),
                noAccess.getMessage());
        server.errorCode = "";
        server.refusal = 401;
        assertEquals(ErrorCode.HUB_TOKEN, refused(hub(token("hf_x"), false)).code());
        server.errorCode = "RepoNotFound";
        UserError missing = refused();
        assertEquals(ErrorCode.MODEL_MISSING, missing.code());
        assertEquals(66, missing.kind().exitCode());
        server.refusing.set(0);
        UserError revision = assertThrows(UserError.class, () -> fetch(hub(), "step7"));
        assertEquals(ErrorCode.REVISION_MISSING, revision.code());
        assertEquals("acme/tiny has no revision step7", revision.getMessage());
    }

    @Test
    void offlineSaysWhatIsMissingAndAsksNobody() throws IOException {
        UserError nothing = refused(hub(Optional.empty(), true));
        assertEquals(69, nothing.kind().exitCode());
        assertEquals(0, server.seen().size());
        fetch(hub(), "main");
        Files.delete(repository().resolve("snapshots/" + COMMIT + "/tokenizer.json"));
        UserError part = refused(hub(Optional.empty(), true));
        assertTrue(
                part.notes().getFirst().startsWith("the cache lacks tokenizer.json in "),
                part.notes().toString());
    }

    @Test
    void withoutANetworkItSaysSoAtOnce() {
        server.close();
        UserError error = refused();
        assertEquals(ErrorCode.HUB_UNAVAILABLE, error.code());
        assertEquals(69, error.kind().exitCode());
        assertTrue(error.getMessage().endsWith("the connection is refused"), error.getMessage());
        HubSettings settings =
                HubSettings.of(Map.of("HF_ENDPOINT", "http://no-such-host.invalid", "HF_HOME", folder.toString()));
        UserError unknown = refused(new Hub(settings));
        assertEquals("cannot reach http://no-such-host.invalid: no such host is known here", unknown.getMessage());
    }

    @Test
    void severalAtOnceFetchEachFileOnce() throws Exception {
        server.slowMillis = 300;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Hub.Snapshot>> all = Stream.generate(() -> threads.submit(() -> fetch(hub(), "main")))
                    .limit(4)
                    .toList();
            for (Future<Hub.Snapshot> one : all) one.get();
        }
        assertWhole();
        assertEquals(
                1, server.fetched().stream().filter("model.safetensors"::equals).count());
    }

    @Test
    void stopsWithinASecondAndKeepsWhatArrived() throws Exception {
        server.stalls = true;
        long asked;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Hub.Snapshot> fetching = threads.submit(() -> fetch(hub(), "main"));
            while (server.fetched().stream().noneMatch("model.safetensors"::equals)) Thread.sleep(10);
            Thread.sleep(200);
            cancelled = true;
            asked = System.nanoTime();
            Exception stopped = assertThrows(Exception.class, fetching::get);
            assertEquals(CancellationException.class, stopped.getCause().getClass());
        }
        assertTrue(System.nanoTime() - asked < 1_000_000_000L);
        assertEquals(WEIGHTS.length / 2, Files.size(incomplete().getFirst()), 100_000);
    }

    @Test
    void shardsComeByTheirIndex() throws IOException {
        Map<String, byte[]> files = new HashMap<>(FILES);
        files.remove("model.safetensors");
        files.put("model-00001-of-00002.safetensors", text("one"));
        files.put("model-00002-of-00002.safetensors", text("two"));
        files.put("model.safetensors.index.json", text("""
                {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}"""));
        try (HubServer sharded = HubServer.of(files)) {
            Hub hub = new Hub(HubSettings.of(
                    Map.of("HF_ENDPOINT", sharded.address().toString(), "HF_HUB_CACHE", folder.toString())));
            Hub.Snapshot snapshot = fetch(hub, "main");
            assertEquals("two", Files.readString(snapshot.folder().resolve("model-00002-of-00002.safetensors")));
            Files.delete(snapshot.folder().resolve("model-00001-of-00002.safetensors"));
            assertEquals(Optional.empty(), hub.cached(NAME, Revision.MAIN));
        }
    }

    @Test
    void anIndexNamesNothingOutside() throws IOException {
        Map<String, byte[]> files = new HashMap<>(FILES);
        files.remove("model.safetensors");
        files.put("model.safetensors.index.json", text("{\"weight_map\": {\"a\": \"../../../x.safetensors\"}}"));
        try (HubServer sharded = HubServer.of(files)) {
            Hub hub = new Hub(HubSettings.of(
                    Map.of("HF_ENDPOINT", sharded.address().toString(), "HF_HUB_CACHE", folder.toString())));
            assertEquals(ErrorCode.WEIGHTS_MALFORMED, refused(hub).code());
        }
    }

    @Test
    void aPickleIsRefusedBeforeAnythingIsFetched() throws IOException {
        Map<String, byte[]> files = new HashMap<>(FILES);
        files.remove("model.safetensors");
        try (HubServer pickled = HubServer.of(files)) {
            Hub hub = new Hub(HubSettings.of(
                    Map.of("HF_ENDPOINT", pickled.address().toString(), "HF_HUB_CACHE", folder.toString())));
            UserError error = refused(hub);
            assertEquals(ErrorCode.WEIGHTS_PICKLED, error.code());
            assertTrue(error.help().contains("safe_serialization=True"), error.help());
            assertEquals(List.of(), pickled.fetched());
        }
    }

    @Test
    void whatIsNoModelIsNamedBeforeAnythingIsFetched() throws IOException {
        Map<String, ErrorCode> codes = Map.of(
                "adapter_config.json",
                ErrorCode.ADAPTER,
                "tiny.Q4_K_M.gguf",
                ErrorCode.GGUF,
                "model.onnx",
                ErrorCode.HUB_INCOMPLETE);
        for (Map.Entry<String, ErrorCode> file : codes.entrySet()) {
            Map<String, byte[]> files =
                    Map.of("README.md", text("x"), "config.json", text("{}"), file.getKey(), text("{}"));
            try (HubServer other = HubServer.of(files)) {
                Hub hub = new Hub(HubSettings.of(
                        Map.of("HF_ENDPOINT", other.address().toString(), "HF_HUB_CACHE", folder.toString())));
                UserError error = refused(hub);
                assertEquals(file.getValue(), error.code());
                assertTrue(error.getMessage().contains("acme/tiny"), error.getMessage());
                if (file.getValue() == ErrorCode.GGUF)
                    assertTrue(error.help().contains("load \"./tiny.Q4_K_M.gguf\""), error.help());
                assertEquals(List.of(), other.fetched());
            }
        }
    }

    /** Downloads that nobody went on with: not those that somebody has the lock of, nor the one that goes on now. */
    @Test
    void oldUnfinishedDownloadsAreRemovedLater() throws IOException {
        Path own = part("models--acme--tiny", HubServer.sha256(WEIGHTS) + ".incomplete", 30);
        Path old = part("models--acme--other", "a".repeat(64) + ".incomplete", 8);
        Path recent = part("models--acme--other", "b".repeat(64) + ".incomplete", 6);
        Path held = part("models--acme--other", "c".repeat(64) + ".incomplete", 30);
        Path ofAProcess = part("models--acme--other", "d".repeat(64) + ".12-34.incomplete", 2);
        Path whole = part("models--acme--other", "e".repeat(64), 30);
        Path elsewhere = part("datasets--acme--other", "f".repeat(64) + ".incomplete", 30);
        Path reference = folder.resolve(".ref123.tmp");
        Files.writeString(reference, "x");
        Files.setLastModifiedTime(reference, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        try (BlobLock lock =
                BlobLock.tryLock(folder.resolve(".locks/models--acme--other/" + "c".repeat(64) + ".lock"))) {
            assertEquals(BlobLock.Outcome.HELD, lock.outcome());
            fetch(hub(), "main");
        }
        assertWhole();
        assertTrue(server.seen().stream().anyMatch(it -> it.range().equals("bytes=1000-")), "its own is gone on with");
        assertFalse(Files.exists(own));
        for (Path gone : List.of(old, ofAProcess, reference)) assertFalse(Files.exists(gone), gone.toString());
        for (Path kept : List.of(recent, held, whole, elsewhere)) assertTrue(Files.exists(kept), kept.toString());
        assertEquals(List.of("removed 2.0 kB of old unfinished downloads from " + folder), said);
    }

    private Path part(String repository, String name, int days) throws IOException {
        Path part = Files.createDirectories(folder.resolve(repository).resolve("blobs"))
                .resolve(name);
        Files.write(part, Arrays.copyOf(WEIGHTS, 1000));
        Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        return part;
    }

    @Test
    void aCacheThatTakesNothingIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Hub hub =
                new Hub(HubSettings.of(Map.of("HF_ENDPOINT", server.address().toString(), "HF_HOME", file.toString())));
        UserError error = refused(hub);
        assertEquals(70, error.kind().exitCode());
        assertEquals(ErrorCode.CACHE_FAILED, error.code());
        assertEquals("set HF_HOME to another folder for the cache", error.help());
        assertEquals(
                ErrorCode.CACHE_NOT_WRITABLE,
                DiskFailure.of(file, new AccessDeniedException("x")).code());
        assertEquals(
                ErrorCode.DISK_FULL,
                DiskFailure.of(file, new IOException("No space left on device")).code());
    }

    @Test
    void aModelWithoutATokenizerIsRefusedBeforeAnythingIsFetched() throws IOException {
        Map<String, byte[]> files = new HashMap<>(FILES);
        files.remove("tokenizer.json");
        try (HubServer half = HubServer.of(files)) {
            Hub hub = new Hub(HubSettings.of(
                    Map.of("HF_ENDPOINT", half.address().toString(), "HF_HUB_CACHE", folder.toString())));
            assertEquals(ErrorCode.HUB_INCOMPLETE, refused(hub).code());
            assertEquals(List.of(), half.fetched());
        }
    }

    /** Another thread, as another process: {@code flock} knows no difference. */
    @Test
    void aLockThatSomebodyHasIsTaken() throws IOException {
        Path file = folder.resolve("locks/one.lock");
        try (BlobLock held = BlobLock.tryLock(file)) {
            assertEquals(BlobLock.Outcome.HELD, held.outcome());
            try (BlobLock other = BlobLock.tryLock(file)) {
                assertEquals(BlobLock.Outcome.TAKEN, other.outcome());
            }
        }
        try (BlobLock again = BlobLock.tryLock(file)) {
            assertEquals(BlobLock.Outcome.HELD, again.outcome());
        }
    }
}
