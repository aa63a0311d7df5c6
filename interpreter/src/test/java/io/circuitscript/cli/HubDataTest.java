package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.model.hub.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data sets of a hub, as a user meets them. */
@Timeout(60)
final class HubDataTest {
    private static final String TRAIN = "data/train-00000-of-00002.parquet";
    private static final String MORE = "data/train-00001-of-00002.parquet";

    @TempDir
    private Path folder;

    private final Map<String, byte[]> files = new TreeMap<>();
    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        files.put(TRAIN, parquet("1741", "1532"));
        files.put(MORE, parquet("1633"));
        files.put("data/test-00000-of-00001.parquet", parquet("1811"));
        files.put("README.md", "# Pairs\n".getBytes(StandardCharsets.UTF_8));
        server = HubServer.ofDataSet(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Rows of greater-than, with numbers as such. */
    private static byte[] parquet(String... years) {
        List<List<Object>> rows = new java.util.ArrayList<>();
        for (String year : years)
            rows.add(List.of(
                    "The war lasted from the year " + year + " to the year " + year.substring(0, 2),
                    "The war lasted from the year " + year.substring(0, 2) + "01 to the year " + year.substring(0, 2),
                    Double.valueOf(year.substring(2))));
        return TableWriter.bytes(
                "x", new TableData(List.of("clean", "corrupted", "start_year"), rows), TableFormat.PARQUET);
    }

    private Map<String, String> variables() {
        return Map.of(
                "HF_ENDPOINT",
                server.address().toString(),
                "HF_HOME",
                folder.resolve("hf").toString());
    }

    private CommandRun circuit(String... arguments) {
        return CommandRun.of(folder, "", variables(), arguments);
    }

    private CommandRun data(String options) {
        return circuit("--json", "-c", "load demo; data \"acme/tiny\" hub=true " + options);
    }

    private static void assertSays(CommandRun run, int exitCode, String words) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(words), run.err());
    }

    @Test
    void shardsAreReadInOrderAndOnlyTheSplitIsFetched() {
        CommandRun run = data("split-name=train");
        assertSays(run, 0, "of acme/tiny from " + server.address() + " into " + folder.resolve("hf/hub"));
        assertTrue(run.out().contains("\"examples\":3"), run.out());
        assertEquals(List.of("README.md", TRAIN, MORE), server.fetched());
        Path repository = folder.resolve("hf/hub/datasets--acme--tiny");
        assertTrue(Files.exists(repository.resolve("snapshots/" + HubServer.COMMIT + "/" + MORE)));
        int asked = server.seen().size();
        CommandRun again = data("split-name=train");
        assertEquals(0, again.exitCode(), again.err());
        assertEquals(asked, server.seen().size(), "what is here is not asked for");
        CommandRun limited = data("split-name=train limit=2 revision=step1");
        assertTrue(limited.out().contains("\"examples\":2"), limited.out());
    }

    @Test
    void whatWasFetchedIsThereOffline() {
        assertEquals(0, data("split-name=test").exitCode());
        server.close();
        CommandRun offline =
                circuit("--offline", "-c", "load demo; data \"acme/tiny\" hub=true split-name=test; print 1");
        assertSays(offline, 0, "");
        CommandRun other = circuit("--offline", "-c", "load demo; data \"acme/tiny\" hub=true split-name=train");
        assertSays(other, 69, "error[E0525]: the data set acme/tiny is not on this machine");
        Map<String, String> dataOffline = new HashMap<>(variables());
        dataOffline.put("HF_DATASETS_OFFLINE", "1");
        CommandRun variable =
                CommandRun.of(folder, "", dataOffline, "-c", "load demo; data \"acme/tiny\" hub=true split-name=train");
        assertSays(variable, 69, "E0525");
    }

    @Test
    void severalSplitsAreListed() {
        assertSays(data(""), 65, "error[E0424]: acme/tiny has 2 splits: test, train");
        assertSays(data("split-name=dev"), 65, "acme/tiny has no split dev");
        assertSays(data("config=other split-name=train"), 65, "acme/tiny has no config other");
        assertTrue(server.seen().stream().noneMatch(HubServer.Seen::atStorage), "no rows were fetched");
    }

    @Test
    void theCheckKnowsTheColumnsOfWhatIsHere() {
        String wrong = "load demo; data \"acme/tiny\" hub=true split-name=test clean=cleen; baseline";
        assertEquals(0, data("split-name=test").exitCode());
        int asked = server.seen().size();
        CommandRun run = circuit("-c", wrong);
        assertSays(run, 65, "error[E0405]: acme/tiny has no column cleen");
        assertFalse(run.out().contains("load demo"), "nothing has run");
        assertEquals(asked, server.seen().size());
    }

    @Test
    void theCheckFetchesNothing() throws IOException {
        Files.writeString(
                folder.resolve("a.circuit"), "load demo\ndata \"acme/tiny\" hub=true split-name=train\nbaseline\n");
        assertSays(circuit("check", "a.circuit"), 0, "");
        assertEquals(0, server.seen().size());
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertSays(
                circuit("-c", "load demo; data \"acme/other\" hub=true"),
                66,
                "error[E0423]: there is no data set acme/other at ");
        assertSays(
                circuit("-c", "load demo; data \"pairs\" hub=true"),
                65,
                "there can be no data set \"pairs\" on the hub");
        assertSays(data("split-name=train revision=v9"), 66, "has no revision v9");
        assertSays(
                circuit("-c", "load demo; data \"std/ioi.csv\" config=a"), 65, "config= is for data sets on the hub");
    }

    @Test
    void aLockHoldsCommitAndHashes() throws IOException {
        Path script = folder.resolve("a.circuit");
        Files.writeString(script, "load demo\ndata \"acme/tiny\" hub=true split-name=train\n");
        CommandRun lock = circuit("lock", "a.circuit");
        assertSays(lock, 0, "");
        assertEquals("locked 1 model, 1 data set and 0 files in a.lock.json\n", lock.out());
        String text = Files.readString(folder.resolve("a.lock.json"));
        assertTrue(text.contains(HubServer.COMMIT) && text.contains(MORE), text);
        assertSays(circuit("run", "a.circuit"), 0, "");
        Path blob = folder.resolve("hf/hub/datasets--acme--tiny/snapshots/" + HubServer.COMMIT + "/" + MORE)
                .toRealPath();
        Files.write(blob, parquet("1634"));
        assertSays(circuit("run", "a.circuit"), 65, "acme/tiny (its " + MORE + ") is not what a.lock.json holds");
    }

    @Test
    void aRecordIsVerifiedWithTheSameData() throws IOException {
        Files.writeString(
                folder.resolve("a.circuit"), "load demo\ndata \"acme/tiny\" hub=true split-name=train\nbaseline\n");
        assertSays(circuit("run", "a.circuit", "--record"), 0, "");
        String record = Files.readString(folder.resolve("a.record.json"));
        assertTrue(record.contains("\"datasets\"") && record.contains(HubServer.COMMIT), record);
        server.close();
        assertSays(circuit("--offline", "verify", "a.record.json"), 0, "");
        Path blob = folder.resolve("hf/hub/datasets--acme--tiny/snapshots/" + HubServer.COMMIT + "/" + MORE)
                .toRealPath();
        Files.write(blob, parquet("1634"));
        assertSays(circuit("--offline", "verify", "a.record.json"), 65, MORE);
    }

    @Test
    void aFileThatIsTooLargeIsNotFetched() {
        server.announced.put(TRAIN, 1L << 40);
        assertSays(data("split-name=train"), 65, "error[E0544]: " + TRAIN + " of acme/tiny would be ");
        assertTrue(server.seen().stream()
                .noneMatch(it -> it.atStorage() && it.method().equals("GET")));
    }

    @Test
    void aReadmeNamesTheFiles() throws IOException {
        server.close();
        files.put("README.md", """
                ---
                license: mit
                configs:
                - config_name: early
                  data_files:
                  - split: train
                    path: data/train-*
                - config_name: late
                  data_files: "data/test-*.parquet"
                ---
                # Pairs
                """.getBytes(StandardCharsets.UTF_8));
        server = HubServer.ofDataSet(files);
        assertSays(data(""), 65, "acme/tiny has 2 configs: early, late");
        assertTrue(data("config=early").out().contains("\"examples\":3"));
        assertTrue(data("config=late").out().contains("\"examples\":1"));
    }
}
