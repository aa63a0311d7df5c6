package io.circuitscript.model.tokenizer;

import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The tokenizers library in a process of its own, for a tokenizer that it may panic at, hang in, or take all memory for: all of these end that
 * process, with one error here, and the next call starts another one. A call has a time limit. The process ends with this one, however that ends,
 * since its input then does.
 */
public final class TokenizerProcess implements TokenizerLibrary {
    /** So much address space: several times what any tokenizer needs. */
    private static final String KILOBYTES = "4194304";

    /**
     * What is for the session's process is not for this one: interrupts, and the end of the terminal. It leaves no image of its memory where it
     * crashes. Where a system cannot limit address space, it is not limited.
     */
    private static final String LIMITED = "trap '' HUP INT QUIT TERM; ulimit -c 0; (ulimit -v " + KILOBYTES
            + ") 2>/dev/null && ulimit -v " + KILOBYTES + "; exec \"$@\"";

    private static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx1g",
            "-XX:CompressedClassSpaceSize=64m",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+SuppressFatalErrorMessage",
            "-XX:+DisplayVMOutputToStderr",
            "-Xrs");

    /** Where DJL looks for its native libraries, if not where the environment says. */
    private static final List<String> PROPERTIES =
            List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR", "user.home", "java.io.tmpdir");

    /** What Java, and a shell that finds no Java, end with. */
    private static final Set<Integer> NO_START = Set.of(1, 126, 127);

    /** How often the user is asked for during a call, so that Ctrl-C ends it soon. */
    private static final int ASK_EVERY_MILLIS = 100;

    /** So many seconds for a process that says no more to end, and for its last words. */
    private static final int SECONDS_TO_END = 5;

    private final byte[] json;
    private final String file;
    private final CallLimit limit;
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tokenizer-limit").factory());
    private Optional<Running> running = Optional.empty();

    private TokenizerProcess(byte[] json, String file, CallLimit limit) {
        this.json = json;
        this.file = file;
        this.limit = limit;
    }

    /**
     * @param json the text of a tokenizer.json
     * @param file it comes from, for messages
     * @param limit for each call
     */
    public static TokenizerProcess open(byte[] json, String file, Duration limit) {
        return open(json, file, CallLimit.of(limit));
    }

    /** The same with a question that ends a call. */
    static TokenizerProcess open(byte[] json, String file, CallLimit limit) {
        var library = new TokenizerProcess(json, file, limit);
        try {
            library.ready();
            return library;
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
    }

    /** A process, and what it says of its end. */
    private record Running(Process process, DataOutputStream to, DataInputStream from, Future<String> lastWords) {
        static Running start() throws IOException {
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITED, "sh"));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(OPTIONS);
            for (String name : PROPERTIES)
                if (System.getProperty(name) != null) command.add("-D" + name + "=" + System.getProperty(name));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), TokenizerServer.class.getName()));
            var builder = new ProcessBuilder(command);
            // What was meant for this process, as a debugger's port or a heap of its own.
            Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
            builder.environment().put("RUST_BACKTRACE", "0");
            Process process = builder.start();
            var said = new FutureTask<>(() -> lastWords(process));
            Thread.ofPlatform().daemon().name("tokenizer-errors").start(said);
            return new Running(
                    process,
                    new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                    new DataInputStream(new BufferedInputStream(process.getInputStream())),
                    said);
        }

        /** What the library or Java says before it ends the process: the first line that is no place in a program. */
        private static String lastWords(Process process) throws IOException {
            String found = "";
            try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    boolean says = !line.isBlank()
                            && !line.startsWith("thread ")
                            && !line.startsWith("note: ")
                            && !line.startsWith("WARNING: ");
                    if (found.isEmpty() && says) found = line.strip();
                }
            }
            return found;
        }

        void end() {
            process.destroyForcibly();
        }
    }

    private interface Question {
        void ask(DataOutputStream to) throws IOException;
    }

    private interface Answer<T> {
        T read(DataInputStream from) throws IOException;
    }

    @Override
    public int[] encode(String text) {
        return encode(text, TokenizerWire.ENCODE, TokenizerWire::ids);
    }

    @Override
    public TokenTexts encodeWithTexts(String text) {
        return encode(text, TokenizerWire.ENCODE_WITH_TEXTS, TokenizerWire::texts);
    }

    private <T> T encode(String text, int request, Answer<T> answer) {
        String shown = QuotedText.beginning(text);
        String what = shown.equals(QuotedText.of(text))
                ? "the text " + shown
                : "a text of " + text.length() + " characters, which begins " + shown;
        return call(
                        ready(),
                        what,
                        to -> {
                            to.writeByte(request);
                            TokenizerWire.text(to, text);
                        },
                        answer)
                .orElseThrow();
    }

    @Override
    public Optional<String> decode(int[] ids) {
        return call(
                ready(),
                "the text of " + (ids.length == 1 ? "the token " + ids[0] : ids.length + " tokens"),
                to -> {
                    to.writeByte(TokenizerWire.DECODE);
                    TokenizerWire.ids(to, ids);
                },
                TokenizerWire::text);
    }

    /** The process, started where there is none any more. */
    private Running ready() {
        if (running.filter(it -> it.process().isAlive()).isPresent()) return running.get();
        running.ifPresent(Running::end);
        running = Optional.empty();
        Running started;
        try {
            started = Running.start();
        } catch (IOException e) {
            throw notStarted(Unreadable.why(e));
        }
        running = Optional.of(started);
        call(
                started,
                "its own file",
                to -> {
                    to.writeByte(TokenizerWire.OPEN);
                    TokenizerWire.text(to, file);
                    TokenizerWire.bytes(to, json);
                },
                _ -> file);
        return started;
    }

    /** @param what the tokenizer is asked about, for messages */
    private <T> Optional<T> call(Running process, String what, Question question, Answer<T> answer) {
        limit.asked().run();
        var late = new AtomicBoolean();
        var alarm = alarms.schedule(
                () -> {
                    late.set(true);
                    process.end();
                },
                limit.longest().toMillis(),
                TimeUnit.MILLISECONDS);
        var cancelled = new AtomicBoolean();
        var asking = alarms.scheduleWithFixedDelay(
                () -> {
                    if (!isCancelled()) return;
                    cancelled.set(true);
                    process.end(); // the call ends with it, and the next one starts another
                },
                ASK_EVERY_MILLIS,
                ASK_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        try {
            question.ask(process.to());
            process.to().flush();
            return switch (process.from().readByte()) {
                case TokenizerWire.DONE -> Optional.of(answer.read(process.from()));
                case TokenizerWire.NOTHING -> Optional.empty();
                case TokenizerWire.REFUSED -> throw TokenizerWire.error(process.from());
                default -> throw new IOException("not an answer");
            };
        } catch (IOException ended) {
            if (!cancelled.get()) throw failed(process, what, late.get());
            throw new CancellationException("cancelled");
        } finally {
            alarm.cancel(false);
            asking.cancel(false);
            if (cancelled.get()) running = Optional.empty(); // it may have answered just before its end
        }
    }

    private boolean isCancelled() {
        try {
            limit.asked().run();
            return false;
        } catch (CancellationException cancelled) {
            return true;
        }
    }

    private UserError failed(Running process, String what, boolean late) {
        running = Optional.empty();
        int code = -1;
        String said = "";
        try {
            if (!process.process().waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) process.end();
            code = process.process().waitFor();
            said = process.lastWords().get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.end();
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException saysNothing) {
            // The message has to do without.
        }
        if (!late && NO_START.contains(code)) throw notStarted(said);
        List<String> notes = said.isEmpty() || late ? List.of() : List.of("reported: " + said);
        String why = late
                ? "it took longer than " + limit.longest().toSeconds() + " s"
                : "its process ended (exit code " + code + ")";
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.TOKENIZER_FAILED,
                "the tokenizer " + file + " failed on " + what + ": " + why,
                notes,
                "a pattern or a table in the file does not work for this: use the tokenizer that the model was published with, or give another text");
    }

    private static UserError notStarted(String reason) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.TOKENIZER_UNAVAILABLE,
                "the process that runs the tokenizer cannot be started",
                List.of("reported: " + reason),
                "give this user more memory and processes");
    }

    @Override
    public void close() {
        alarms.shutdownNow();
        running.ifPresent(Running::end);
        running = Optional.empty();
    }
}
