package io.circuitscript.notebook;

import static io.circuitscript.notebook.KernelClient.KEY;
import static io.circuitscript.notebook.KernelClient.frames;
import static io.circuitscript.notebook.KernelClient.header;
import static io.circuitscript.notebook.KernelClient.object;
import static io.circuitscript.notebook.KernelClient.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.notebook.protocol.BadConnectionFile;
import io.circuitscript.notebook.protocol.Channels;
import io.circuitscript.notebook.protocol.ConnectionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel does with messages, right ones and wrong ones. */
final class ProtocolTest {
    private static final int SHORT = 300;

    @TempDir
    private Path folder;

    private RunningKernel kernel;
    private KernelClient client;

    @BeforeEach
    void start() throws IOException {
        kernel = new RunningKernel(folder);
        client = kernel.client;
    }

    @AfterEach
    void end() {
        kernel.close();
        assertEquals("", kernel.printed());
    }

    @Test
    void aWrongSignatureIsRefused() {
        ObjectNode evil = object().put("code", "!touch owned");
        client.sendRaw(frames("another key", header("execute_request"), evil));
        List<byte[]> unsigned = new ArrayList<>(frames(KEY, header("execute_request"), evil));
        unsigned.set(1, new byte[0]);
        client.sendRaw(unsigned);
        List<byte[]> changed = new ArrayList<>(frames(KEY, header("execute_request"), object().put("code", "!true")));
        changed.set(5, utf8(evil.toString()));
        client.sendRaw(changed);
        assertFalse(client.isAnswered(SHORT));
        assertEquals("ok", client.run("1").status());
        assertFalse(Files.exists(folder.resolve("owned")));
    }

    @Test
    void aMessageCountsOnce() {
        List<byte[]> once = frames(KEY, header("execute_request"), object().put("code", "!echo x >> count"));
        client.sendRaw(once);
        client.sendRaw(once);
        assertTrue(client.isAnswered(10_000));
        assertFalse(client.isAnswered(SHORT));
    }

    @Test
    void whatIsNoMessageIsDropped() {
        byte[] header = utf8(header("kernel_info_request").toString());
        byte[] none = utf8("{}");
        byte[] deep = utf8("[".repeat(100_000) + "]".repeat(100_000));
        List<List<byte[]>> wrong = new ArrayList<>(List.of(
                List.of(new byte[0]),
                List.of(utf8("<IDS|MSG>")),
                List.of(utf8("<IDS|MSG>"), utf8("")),
                List.of(utf8("hello"), utf8("world")),
                Collections.nCopies(500, utf8("x")),
                Collections.nCopies(30, utf8("<IDS|MSG>")),
                frames(KEY, header, none, none, utf8("[1]")),
                frames(KEY, header, none, none, utf8("not json")),
                frames(KEY, header, none, none, utf8("{\"code\": 1")),
                frames(KEY, header, none, none, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}),
                frames(KEY, header, none, none, deep),
                frames(KEY, header, none, none, utf8("{\"a\":" + "{\"a\":".repeat(500) + "1" + "}".repeat(501))),
                frames(KEY, utf8("{}"), none, none, none),
                frames(KEY, utf8("{\"msg_type\": 7}"), none, none, none),
                frames(KEY, new byte[0], none, none, none)));
        Random random = new Random(26);
        for (int i = 0; i < 200; i++) {
            List<byte[]> frames = new ArrayList<>();
            for (int n = random.nextInt(1, 9); n > 0; n--) {
                byte[] frame = new byte[random.nextInt(40)];
                random.nextBytes(frame);
                frames.add(random.nextInt(4) == 0 ? utf8("<IDS|MSG>") : frame);
            }
            wrong.add(frames);
        }
        for (List<byte[]> frames : wrong) client.sendRaw(frames);
        assertFalse(client.isAnswered(SHORT));
        assertEquals("3", client.run("1 + 2").text());
    }

    /** Nothing of it is signed: whoever reaches the port may send what he likes. */
    @Test
    void noHeartbeatEndsTheKernel() {
        for (int parts : List.of(1, 2, 3, 70, 500)) {
            List<byte[]> frames = new ArrayList<>(Collections.nCopies(parts, utf8("x")));
            frames.addFirst(new byte[0]);
            assertTrue(client.isEchoed(frames, 5_000), parts + " parts");
        }
        assertFalse(client.isEchoed(List.of(utf8("no delimiter")), SHORT));
        assertTrue(client.isAlive(5_000));
        assertEquals("3", client.run("1 + 2").text());
    }

    @Test
    void aFrameBeyondTheLimitEndsItsConnectionAlone() throws IOException {
        client.sendRaw(frames(KEY, header("execute_request"), object().put("code", "#" + "x".repeat(33 << 20))));
        assertEquals("3", client.run("1 + 2").text());
        KernelClient.Ran large = client.run("print \"" + "x".repeat(3 << 20) + "\"");
        assertEquals("error", large.status());
        assertEquals("E0141", large.reply().path("ename").asText());
    }

    @Test
    void requestsWithStrangeContentAreAnswered() {
        ObjectNode strange = object().put("code", 5)
                .put("cursor_pos", -3)
                .put("detail_level", "x")
                .put("n", -1);
        for (String type : List.of(
                "execute", "complete", "inspect", "is_complete", "history", "comm_info", "kernel_info", "nonsense")) {
            for (ObjectNode content :
                    List.of(object(), strange, object().put("code", "a\uD800b").put("cursor_pos", 2))) {
                String answer = client.ask(type + "_request", content).type();
                assertEquals(type + "_reply", answer);
            }
        }
        client.request("comm_msg", object());
        client.request("nothing", object());
        for (String access : List.of("tail", "range", "search", "other"))
            client.ask(
                    "history_request", object().put("hist_access_type", access).put("pattern", "*".repeat(500)));
        assertEquals("history_reply", client.ask("history_request", object()).type());
        assertEquals(
                "debug_reply",
                client.answerControl(client.requestControl("debug_request", object()))
                        .type());
        assertEquals("3", client.run("1 + 2").text());
    }

    @Test
    void aSocketsFileThatCannotBeMadeIsTold() throws IOException, BadConnectionFile {
        String text = KernelClient.connection(folder.resolve("ipc.json"))
                .toString()
                .replace("\"tcp\"", "\"ipc\"")
                .replace("127.0.0.1", folder.resolve("none/kernel").toString());
        Files.writeString(folder.resolve("ipc.json"), text);
        ConnectionFile file = ConnectionFile.read(folder.resolve("ipc.json"));
        Channels.Requests ignored = new Channels.Requests(it -> {}, it -> {}, () -> {});
        String said = assertThrows(BadConnectionFile.class, () -> Channels.open(file, ignored))
                .getMessage();
        assertTrue(said.contains("the folder of its ip"), said);
    }

    @Test
    void aCommThatNobodyServesIsClosed() {
        String id = client.request("comm_open", object().put("comm_id", "c1").put("target_name", "nobody"));
        KernelClient.Received next = client.nextOutput();
        while (!next.type().equals("comm_close")) next = client.nextOutput();
        assertEquals("c1", next.content().path("comm_id").asText());
        assertEquals(id, next.parent().path("msg_id").asText());
    }

    /** A long cell: its progress comes a few times a second as one display, the heart beats, the control channel answers, and an interrupt ends it. */
    @Test
    void anInterruptEndsACellWithinASecondAndTheKernelGoesOn() throws InterruptedException {
        client.run("load demo\ntask greater-than");
        String cell = client.begin("attribute method=exact\nprint \"never\"");
        long started = System.nanoTime();
        List<Long> drawn = new ArrayList<>();
        Set<String> displays = new HashSet<>();
        while (System.nanoTime() - started < 2_500_000_000L) {
            KernelClient.Received next = client.nextOutput();
            if (!next.type().endsWith("display_data")) continue;
            drawn.add(System.nanoTime());
            displays.add(next.content().path("transient").path("display_id").asText());
            assertTrue(next.text().startsWith("exact  "), next.text());
            assertEquals(cell, next.parent().path("msg_id").asText());
        }
        assertTrue(drawn.size() >= 2 && drawn.size() <= 13, drawn.size() + " times");
        assertEquals(1, displays.size());
        assertTrue(client.isAlive(500));
        String info = client.requestControl("kernel_info_request", object());
        assertEquals(
                "5.3",
                client.answerControl(info).content().path("protocol_version").asText());

        long asked = System.nanoTime();
        String interrupt = client.requestControl("interrupt_request", object());
        KernelClient.Ran ran = client.end(cell);
        double seconds = (System.nanoTime() - asked) / 1e9;
        assertTrue(seconds < 1, seconds + " s");
        assertEquals(
                "ok", client.answerControl(interrupt).content().path("status").asText());
        assertEquals("Interrupted", ran.reply().path("ename").asText());
        assertEquals("", ran.outputs().get(ran.outputs().size() - 2).text()); // the progress is gone
        assertFalse(ran.text().contains("never"));
        assertEquals("3", client.run("1 + 2").text());
        client.answerControl(client.requestControl("interrupt_request", object())); // nothing runs
        assertEquals("ok", client.run("1 + 2").status());
        assertTrue(client.run("%state").text().contains("greater-than"));
    }

    @Test
    void anInterruptEndsAShellCommandAndAnEndlessLoop() {
        for (String code :
                List.of("!sleep 60", "let i = 0\nwhile true { let i = i + 1 }", "!sh -c 'sleep 60' & wait")) {
            String cell = client.begin(code);
            while (!client.nextOutput().type().equals("execute_input")) continue;
            client.answerControl(client.requestControl("interrupt_request", object()));
            assertEquals("Interrupted", client.end(cell).reply().path("ename").asText(), code);
        }
        assertTrue(ProcessHandle.current()
                .descendants()
                .noneMatch(it -> it.info().commandLine().orElse("").contains("sleep 60")));
    }

    @Test
    void aCommandThatDoesNotListenIsEndedAfterAWhile() throws InterruptedException {
        String cell = client.begin("!sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'; true");
        while (!client.nextOutput().type().equals("execute_input")) continue;
        Thread.sleep(SHORT);
        client.answerControl(client.requestControl("interrupt_request", object()));
        client.end(cell);
        boolean left = true;
        for (int i = 0; left && i < 50; i++) {
            Thread.sleep(100);
            left = ProcessHandle.allProcesses()
                    .anyMatch(it -> it.info().commandLine().orElse("").contains("trap \"\" TERM"));
        }
        assertFalse(left);
    }

    @Test
    void aShutdownEndsACellThatRuns() throws InterruptedException {
        client.begin("while true { }");
        String id = client.requestControl("shutdown_request", object().put("restart", true));
        KernelClient.Received reply = client.answerControl(id);
        assertEquals("shutdown_reply", reply.type());
        assertTrue(reply.content().path("restart").asBoolean());
        assertTrue(kernel.ended(5_000));
    }
}
