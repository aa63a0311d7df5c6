package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.Fixture;
import io.circuitscript.model.hub.HubServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code circuit lock}, and what it holds the other commands to. */
@Timeout(60)
final class LockTest extends ScriptFolder {
    private static final List<String> FILES =
            List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");
    private static final String OTHER = "89abcdef0123456789abcdef0123456789abcdef";

    private Map<String, String> variables = Map.of();

    @BeforeEach
    void files() throws IOException {
        file("lib.circuit", "let rows = 2\n");
        pairs(41, 52);
        Path model = Files.createDirectory(folder.resolve("model"));
        for (String file : FILES) Files.copy(Fixture.of("gpt2").resolve(file), model.resolve(file));
        script("load \"./model\"\ntokens \"The war\"\nprint \"{rows}\"\n");
    }

    private void script(String text) throws IOException {
        file(
                "x.circuit",
                "param from = \"pairs.csv\"\nimport \"lib\"\n" + text + "if false { data \"nowhere.csv\" }\n");
    }

    private String lock() throws IOException {
        return text("x.lock.json");
    }

    @Override
    CommandRun circuit(String line) {
        return CommandRun.of(folder, "", variables, line.split(" "));
    }

    private CommandRun works(String line) {
        CommandRun run = circuit(line);
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private void refused(String line, String what) {
        CommandRun run = circuit(line);
        assertEquals(65, run.exitCode(), run.err());
        assertEquals("", run.out(), "found before anything runs");
        assertTrue(
                run.err().startsWith("error[E0643]: " + what + " is not what x.lock.json holds\n --> x.circuit:"),
                run.err());
    }

    @Test
    void whatIsLockedRunsAndAnythingElseIsNamed() throws IOException {
        assertEquals(
                "locked 1 model and 1 file in x.lock.json\n",
                works("lock x.circuit").out());
        works("check x.circuit");
        assertEquals("", works("run x.circuit --record").err().replace("note: recorded in x.record.json\n", ""));
        works("verify x.circuit");
        file("lib.circuit", "let rows = 3\n");
        for (String command : List.of("run", "check")) refused(command + " x.circuit", "lib.circuit");
        assertEquals(65, circuit("verify x.circuit").exitCode());
        CommandRun again = works("lock x.circuit");
        assertTrue(
                again.out()
                        .matches(
                                "(?s)locked 1 model and 1 file in x.lock.json\n[^\n]*\nchanged +lib.circuit +[0-9a-f]{12}… +[0-9a-f]{12}…\n"),
                again.out());
        works("run x.circuit");
        flipWeight();
        refused("run x.circuit", "./model (its model.safetensors)");
        refused("check x.circuit", "./model (its model.safetensors)");
        Files.delete(folder.resolve("model/tokenizer_config.json"));
        assertEquals(65, circuit("check x.circuit").exitCode());
    }

    @Test
    void nothingIsRunForItAndItIsTheSameTwice() throws IOException {
        script("load \"./model\"\nsave \"circuit.json\"\n");
        assertEquals(65, circuit("lock x.circuit --read-only").exitCode(), "as check says it");
        works("lock x.circuit");
        assertFalse(Files.exists(folder.resolve("circuit.json")));
        String first = lock();
        assertEquals(
                "x.lock.json is unchanged: 1 model and 1 file\n",
                works("lock x.circuit").out());
        assertEquals(first, lock());
        assertEquals(
                "{\"lock\":\"x.lock.json\",\"models\":1,\"files\":1,\"changes\":[]}\n",
                works("lock x.circuit --json").out());
    }

    @Test
    void whatTheLockDoesNotNameIsANote() throws IOException {
        script("load \"./model\"\nif from != \"\" { data from }\n");
        works("lock x.circuit -D from=");
        CommandRun run = works("run x.circuit");
        assertTrue(run.err().startsWith("note: pairs.csv is not in x.lock.json: 'circuit lock' adds it\n"), run.err());
        CommandRun lock = works("lock x.circuit");
        assertTrue(
                lock.out().matches("(?s).*\ngone +-D from\n.*") && lock.out().matches("(?s).*\nnew +pairs.csv .*"),
                lock.out());
    }

    @Test
    void aScriptWithMistakesIsNotLocked() throws IOException {
        script("load \"./model\"\nprnt 1\n");
        assertEquals(65, circuit("lock x.circuit").exitCode());
        script("load \"./nowhere\"\n");
        assertEquals(66, circuit("lock x.circuit").exitCode());
        assertFalse(Files.exists(folder.resolve("x.lock.json")));
        assertEquals(66, circuit("lock none.circuit").exitCode());
    }

    @Test
    void aFileThatIsNoLockIsSaid() throws IOException {
        String head = "{\"format\": \"circuitscript-lock\", \"version\": 1, \"files\": ";
        for (String text : List.of(
                "",
                "[]",
                "{}",
                head + "{}}",
                head + "{\"a\": 1}, \"models\": []}",
                head + "{}, \"models\": [{\"name\": 1}]}",
                head + "{}, \"models\": [{\"name\": \"a\", \"revision\": \"main\", \"commit\": \"main\"}]}")) {
            file("x.lock.json", text);
            CommandRun run = circuit("run x.circuit");
            assertEquals(65, run.exitCode(), text);
            assertTrue(run.err().startsWith("error[E0644]: x.lock.json is not the lock of a script: "), run.err());
        }
        CommandRun anew = works("lock x.circuit");
        assertEquals("locked 1 model and 1 file in x.lock.json\n", anew.out());
        works("run x.circuit");
    }

    /** Whatever a disk or a person has done to a lock or a record, there is a result or a message, and no defect. */
    @Test
    void noDamageOfALockOrARecordIsADefect() throws IOException {
        works("lock x.circuit");
        damaged("x.lock.json", "check x.circuit", 50);
        script("print \"{rows}\"\nprint 1.5\n");
        works("lock x.circuit");
        works("run x.circuit --record");
        damaged("x.record.json", "verify x.circuit", 100);
    }

    private void damaged(String name, String command, int times) throws IOException {
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        String[] pieces = {"", "null", "{", "]", "\"", "-1e999", "\\u0000", "[[[[", "1", "\"..\"", "\u00e4"};
        Random random = new Random(7);
        for (int i = 0; i < times; i++) {
            int from = random.nextInt(whole.length);
            int to = Math.min(whole.length, from + random.nextInt(12));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(whole, 0, from);
            bytes.writeBytes(pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8));
            bytes.write(whole, to, whole.length - to);
            Files.write(file, bytes.toByteArray());
            CommandRun run = circuit(command);
            boolean said = List.of(0, 1, 65, 66, 69).contains(run.exitCode())
                    && !run.err().contains("defect");
            assertTrue(said, () -> run.exitCode() + " " + run.err() + bytes.toString(StandardCharsets.UTF_8));
        }
        Files.write(file, whole);
    }

    /** The commit that a run loads is the locked one, whatever the hub's main is by then. */
    @Test
    void aModelOfTheHubIsHeldToItsCommit() throws IOException {
        script("load acme/tiny\ntokens \"The war\"\n");
        Map<String, byte[]> files = new HashMap<>();
        for (String file : FILES)
            files.put(file, Files.readAllBytes(Fixture.of("gpt2").resolve(file)));
        try (HubServer server = HubServer.of(files)) {
            variables = Map.of(
                    "HF_ENDPOINT",
                    server.address().toString(),
                    "HF_HOME",
                    folder.resolve("hf").toString());
            assertEquals(
                    "locked 1 model and 1 file in x.lock.json\n",
                    works("lock x.circuit").out());
            assertTrue(
                    server.seen().stream()
                            .noneMatch(
                                    it -> it.method().equals("GET") && it.path().endsWith("model.safetensors")),
                    "no weights come");
            assertTrue(lock().contains("\"commit\" : \"" + HubServer.COMMIT + "\""), lock());
            mainMoves();
            works("run x.circuit --record");
            String record = Files.readString(folder.resolve("x.record.json"));
            assertTrue(record.contains("\"commit\" : \"" + HubServer.COMMIT + "\""), record);
            works("verify x.circuit");
            String locked = lock();
            file("x.lock.json", locked.replaceAll("(model.safetensors\" : \").", "$1x"));
            refused("run x.circuit", "acme/tiny (its model.safetensors)");
            Files.delete(folder.resolve("x.lock.json"));
            works("verify x.circuit"); // the record's own commit
            file("x.lock.json", locked);
            CommandRun again = works("lock x.circuit");
            assertTrue(
                    again.out()
                            .matches("(?s).*\nchanged +acme/tiny: commit +" + HubServer.COMMIT + " +" + OTHER + "\n.*"),
                    again.out());
            works("run x.circuit --offline");
            assertEquals(65, circuit("verify x.circuit").exitCode(), "the record is of another commit");
        }
    }

    /** Of shards the hub says the hashes, and the index which they are: another file beside them is none of the model's. */
    @Test
    void shardsOfTheHubAreLockedWithoutFetchingThem() throws IOException {
        script("load acme/tiny\n");
        Map<String, byte[]> files = new HashMap<>();
        for (String file : FILES)
            files.put(file, Files.readAllBytes(Fixture.of("gpt2").resolve(file)));
        byte[] weights = files.remove("model.safetensors");
        int header = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getInt();
        String tensors = Pattern.compile("\"([^\"]+)\": ?\\{\"dtype")
                .matcher(new String(weights, 8, header, StandardCharsets.UTF_8))
                .results()
                .map(it -> "\"" + it.group(1) + "\": \"model-00001-of-00001.safetensors\"")
                .collect(Collectors.joining(", "));
        files.put(
                "model.safetensors.index.json",
                ("{\"weight_map\": {" + tensors + "}}").getBytes(StandardCharsets.UTF_8));
        files.put("model-00001-of-00001.safetensors", weights);
        files.put("other.safetensors", new byte[8]);
        try (HubServer server = HubServer.of(files)) {
            variables = Map.of(
                    "HF_ENDPOINT",
                    server.address().toString(),
                    "HF_HOME",
                    folder.resolve("hf").toString());
            works("lock x.circuit");
            assertTrue(server.seen().stream().noneMatch(HubServer.Seen::atStorage), "no weights come");
            works("run x.circuit");
            Path snapshot =
                    folder.resolve("hf/hub/models--acme--tiny/snapshots").resolve(HubServer.COMMIT);
            Files.write(snapshot.resolve("other.safetensors"), new byte[8]);
            works("check x.circuit");
            String before = lock();
            works("lock x.circuit");
            assertEquals(before, lock(), "the hashes of the files are those that the hub said");
        }
    }

    /** In the cache, main is another commit, with other weights. */
    private void mainMoves() throws IOException {
        Path repository = folder.resolve("hf/hub/models--acme--tiny");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + OTHER));
        for (String file : FILES) Files.copy(Fixture.of("gpt2").resolve(file), snapshot.resolve(file));
        byte[] weights = Files.readAllBytes(snapshot.resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(snapshot.resolve("model.safetensors"), weights);
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), OTHER);
    }
}
