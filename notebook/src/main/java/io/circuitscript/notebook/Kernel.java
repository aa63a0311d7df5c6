package io.circuitscript.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.notebook.protocol.BadConnectionFile;
import io.circuitscript.notebook.protocol.Channels;
import io.circuitscript.notebook.protocol.ConnectionFile;
import io.circuitscript.notebook.protocol.Message;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A kernel: answers what Jupyter asks. Requests of the shell channel wait for one another; those of the control channel are answered at once. */
final class Kernel {
    private static final String PROTOCOL = "5.3";
    private static final Pattern REQUEST = Pattern.compile("([a-z_]{1,64})_request");
    private static final Pattern NAME = Pattern.compile("<[a-z]{1,16}( [0-9]{1,9})?>");

    /** How long a cell that was told to stop has before the process ends. */
    private static final int PATIENCE_MILLIS = 2_000;

    /** A request that waits. @param aborted whether a cell before it failed, so that it is not to run */
    private static final class Waiting {
        private final Message request;
        private volatile boolean aborted;

        Waiting(Message request) {
            this.request = request;
        }
    }

    private static final Message STOP =
            new Message(java.util.List.of(), Message.object(), Message.object(), Message.object(), Message.object());

    private final ProcessEnvironment environment;
    private final Runnable leave;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Interrupts interrupts = new Interrupts();
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final History history = new History();
    private final NotebookSession session;
    private final Assistance assistance;
    private Channels channels;
    private volatile Message current;
    private int count;

    /** @param leave ends the process at once */
    Kernel(ProcessEnvironment environment, RunFlags flags, Runnable leave) {
        this.leave = leave;
        this.environment = environment;
        this.session = new NotebookSession(environment, flags, interrupts);
        this.assistance = new Assistance(session);
    }

    /** Serves until it is asked to end, or the process that started it is gone. */
    void serve(ConnectionFile file) throws BadConnectionFile, InterruptedException {
        channels = Channels.open(
                file, new Channels.Requests(request -> waiting.add(new Waiting(request)), this::control, this::stop));
        ParentWatch.begin(environment.variables(), this::stop);
        try (Signals.Registration signals = environment.signals().onInterruptOrEnd(interrupts::interrupt, this::stop)) {
            channels.publish(Message.object(), "status", Message.object(), state("starting"));
            for (Waiting next = waiting.take(); next.request != STOP; next = waiting.take()) answer(next);
        } finally {
            session.close();
            channels.close();
            ended.countDown();
        }
    }

    /** Ends the kernel, in the midst of a cell too. */
    private void stop() {
        waiting.clear();
        waiting.add(new Waiting(STOP));
        interrupts.close();
        Thread.ofPlatform().daemon().name("end").start(() -> {
            try {
                if (!ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) leave.run(); // what runs does not listen
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static ObjectNode state(String state) {
        return Message.object().put("execution_state", state);
    }

    private void status(Message request, String state) {
        channels.publish(request.header(), "status", Message.object(), state(state));
    }

    /** On the sockets' own thread, while a cell may run. */
    private void control(Message request) {
        status(request, "busy");
        switch (request.type()) {
            case "kernel_info_request" -> channels.replyControl(request, "kernel_info_reply", info());
            case "interrupt_request" -> {
                interrupts.interrupt();
                channels.replyControl(request, "interrupt_reply", ok());
            }
            case "shutdown_request" -> {
                ObjectNode content =
                        ok().put("restart", request.content().path("restart").asBoolean());
                channels.replyControl(request, "shutdown_reply", content);
                channels.publish(request.header(), "shutdown_reply", Message.object(), content);
                stop();
            }
            default ->
                unknown(request)
                        .ifPresent(it -> channels.replyControl(
                                request, it, error("there is no " + request.type() + " on this channel")));
        }
        status(request, "idle");
        Message running = current;
        if (running != null) status(running, "busy"); // the cell still is
    }

    private void answer(Waiting next) {
        Message request = next.request;
        current = request;
        status(request, "busy");
        try {
            if (next.aborted && request.type().equals("execute_request"))
                channels.reply(request, "execute_reply", Message.object().put("status", "aborted")); // it got no number
            else dispatch(request);
        } catch (RuntimeException | Error defect) {
            CellOutput output = new CellOutput((type, metadata, content) -> {}, null, 0, true);
            output.defect(defect, environment);
            unknown(request)
                    .ifPresent(reply -> channels.reply(
                            request,
                            reply,
                            Message.object()
                                    .put("status", "error")
                                    .setAll(NotebookSession.error(
                                            output.failures().getFirst()))));
        } finally {
            current = null;
            status(request, "idle");
        }
    }

    private void dispatch(Message request) {
        JsonNode content = request.content();
        switch (request.type()) {
            case "kernel_info_request" -> channels.reply(request, "kernel_info_reply", info());
            case "execute_request" -> execute(request);
            case "is_complete_request" ->
                channels.reply(request, "is_complete_reply", assistance.completeness(text(content)));
            case "complete_request" ->
                channels.reply(request, "complete_reply", assistance.completions(text(content), cursor(content)));
            case "inspect_request" ->
                channels.reply(
                        request,
                        "inspect_reply",
                        assistance.explanation(
                                text(content),
                                cursor(content),
                                content.path("detail_level").asInt()));
            case "history_request" -> channels.reply(request, "history_reply", history.answer(content));
            case "comm_info_request" -> {
                ObjectNode none = ok();
                none.putObject("comms");
                channels.reply(request, "comm_info_reply", none);
            }
            case "comm_open" ->
                channels.publish(
                        request.header(),
                        "comm_close",
                        Message.object(),
                        Message.object()
                                .put("comm_id", content.path("comm_id").asText())
                                .set("data", Message.object()));
            case "comm_msg", "comm_close" -> {}
            default ->
                unknown(request)
                        .ifPresent(it -> channels.reply(
                                request, it, error("there is no " + request.type() + " on this channel")));
        }
    }

    /** The type of the answer to a request that is not known here; empty where it is no request at all. */
    private static Optional<String> unknown(Message request) {
        var type = REQUEST.matcher(request.type());
        return type.matches() ? Optional.of(type.group(1) + "_reply") : Optional.empty();
    }

    private static String text(JsonNode content) {
        return content.path("code").asText("");
    }

    /** Code points, from the beginning; at the end where none is given. */
    private static int cursor(JsonNode content) {
        return Math.max(0, content.path("cursor_pos").asInt(Integer.MAX_VALUE));
    }

    private void execute(Message request) {
        JsonNode content = request.content();
        if (!content.path("code").isTextual()) {
            channels.reply(
                    request, "execute_reply", error("the request has no code").put("execution_count", count));
            return;
        }
        String code = content.path("code").textValue();
        boolean silent = content.path("silent").asBoolean(false);
        boolean stored = !silent && content.path("store_history").asBoolean(true);
        if (stored) {
            count++;
            history.add(count, code);
        }
        if (!silent)
            channels.publish(
                    request.header(),
                    "execute_input",
                    Message.object(),
                    Message.object().put("code", code).put("execution_count", count));
        CellChannel channel = (type, metadata, output) -> channels.publish(request.header(), type, metadata, output);
        NotebookSession.Outcome outcome = session.run(
                new NotebookSession.Cell(
                        code,
                        count,
                        name(content.path("circuitscript_name").asText()),
                        silent,
                        content.path("circuitscript_results").asBoolean(false)),
                channel);
        Optional<CellOutput.Failure> failure = outcome.failure();
        ObjectNode reply = failure.isPresent()
                ? Message.object().put("status", "error").<ObjectNode>setAll(NotebookSession.error(failure.get()))
                : ok();
        reply.put("execution_count", count);
        reply.putArray("payload").addAll(outcome.pages());
        if (failure.isEmpty()) reply.set("user_expressions", session.values(content.path("user_expressions")));
        if (failure.isPresent() && content.path("stop_on_error").asBoolean(true)) abortWaiting();
        channels.reply(request, "execute_reply", reply);
    }

    /** What messages call a cell: the Python package knows the number that it has in a notebook of Python. */
    private String name(String given) {
        return NAME.matcher(given).matches() ? given : "<cell " + count + ">";
    }

    /** Whatever cells were sent before this one failed are not run. */
    private void abortWaiting() {
        try {
            channels.settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.forEach(it -> it.aborted = true);
    }

    private static ObjectNode ok() {
        return Message.object().put("status", "ok");
    }

    private static ObjectNode error(String message) {
        ObjectNode content = Message.object().put("status", "error");
        content.put("ename", "error")
                .put("evalue", message)
                .putArray("traceback")
                .add(message);
        return content;
    }

    private static ObjectNode info() {
        ObjectNode info = ok().put("protocol_version", PROTOCOL)
                .put("implementation", "circuitscript")
                .put("implementation_version", ProgramVersion.number())
                .put(
                        "banner",
                        "CircuitScript " + ProgramVersion.number() + ": finds and tests circuits in language models")
                .put("debugger", false);
        info.putObject("language_info")
                .put("name", "circuitscript")
                .put("version", ProgramVersion.number())
                .put("mimetype", "text/x-circuitscript")
                .put("file_extension", ".circuit")
                .put("pygments_lexer", "circuitscript")
                .put("codemirror_mode", "r");
        info.putArray("help_links");
        return info;
    }
}
