package io.circuitscript.cli;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;

/**
 * A long session at the prompt, in a process of its own: types the same statements again and again, interrupts some of them, and prints after
 * each round how much memory there is in use. By hand, with a thousand statements and more:
 * {@code java -cp <the tests' class path> io.circuitscript.cli.LongSession FOLDER 1000}.
 */
final class LongSession extends InputStream implements Signals {
    /** What is typed; ^C after it interrupts it. */
    private static final List<String> ROUND = """
            load demo
            data "gt.csv" limit=12
            baseline
            attribute method=eap
            greedy 40
            prune
            evaluate
            sweep sizes=[1%, 5%, 20%]
            plot "curve.svg"
            attribute ig=3
            top 40
            ablate m3->logits
            ablate m0->a2.h1<v> with=zero
            ablate m1->logits with=mean-positional over="gt.csv"
            generate "The war lasted from the year 1741 to the year 17" tokens=3
            patch "The war lasted from the year 1741 to the year 17" "The war lasted from the year 1701 to the year 17"
            render "g.dot"
            report "r.html"
            evaluate with=mean
            check-scores edges=2
            prnt 1
            ablate m2->m1
            data "none.csv"
            load none
            expect 1 > 2
            keep mine
            compare mine mine
            predict "The war" top=3
            let r = evaluate
            for i in 1..50 { let x = [i, i * 2] }
            attribute level=neuron method=eap
            attribute method=information-flow-routes
            attribute ig=5000 ^C
            attribute level=node ig=5000 ^C
            for i in 1..1000000 { evaluate } ^C
            for i in 1..1000000 { let y = "{i}" } ^C
            attribute method=exact ^C
            save "g.json"
            open "g.json"
            data generate count=20 { y = choose(2..98); start_year = y; clean = "from the year 17{y:02} to the year 17"; corrupted = "from the year 1701 to the year 17" }
            baseline
            load demo dtype=float64
            data "gt.csv" limit=10 split=50%
            attribute method=clean-corrupted
            top 20
            evaluate on=test
            """.lines().toList();

    private static final long INTERRUPT_AFTER_MILLIS = 120;

    private final int statements;
    private final PrintStream report;
    private final Timer timer = new Timer(true);
    private volatile Runnable interrupt = () -> {};
    private int typed;
    private byte[] line = {};
    private int at;

    private LongSession(int statements, PrintStream report) {
        this.statements = statements;
        this.report = report;
    }

    /** The prompt reads on only once it is done with what was typed before. */
    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (at == line.length && !next()) return -1;
        int count = Math.min(length, line.length - at);
        System.arraycopy(line, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    private boolean next() {
        if (typed % ROUND.size() == 0 && typed > 0) measure();
        if (typed >= statements && typed % ROUND.size() == 0) return false;
        String statement = ROUND.get(typed++ % ROUND.size());
        if (statement.endsWith("^C")) {
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            interrupt.run();
                        }
                    },
                    INTERRUPT_AFTER_MILLIS);
        }
        line = (statement.replace(" ^C", "") + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
        return true;
    }

    private void measure() {
        // What is cleaned up by a thread of Java's own is gone only after it ran, and after another collection.
        for (int i = 0; i < 3; i++) {
            System.gc();
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10;
        report.println(typed + " " + heap + " " + resident());
    }

    /** Memory of the process that is no file's, in kilobytes. */
    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(it -> it.startsWith("RssAnon:"))
                    .mapToLong(it -> Long.parseLong(it.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Registration onInterrupt(Runnable action) {
        Runnable before = interrupt;
        interrupt = action;
        return () -> interrupt = before;
    }

    /** Prints, for each round: statements so far, kilobytes of heap in use, kilobytes resident. What the prompt said is printed where it ended badly. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.write(folder.resolve("gt.csv"), Files.readAllBytes(Path.of("..", "examples", "greater-than.csv")));
        var session = new LongSession(Integer.parseInt(arguments[1]), System.out);
        var said = new Tail();
        var environment = new ProcessEnvironment(
                session,
                new ResultStream(said),
                ScreenStream.over(said),
                new ProcessEnvironment.Terminals(true, true, true),
                folder,
                Map.of("TERM", "dumb"),
                session);
        int code = CircuitCommand.run(new String[0], environment);
        if (code != 0 || said.toString(StandardCharsets.UTF_8).contains("defect"))
            System.out.println(said.toString(StandardCharsets.UTF_8));
        System.exit(code);
    }

    /** Keeps what was written last, so that the test's own memory stays as it is. */
    private static final class Tail extends ByteArrayOutputStream {
        private static final int MOST = 1 << 16;

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (size() > MOST) reset();
            super.write(bytes, offset, length);
        }
    }
}
