package io.circuitscript.cli.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * The environment of a command: its streams, its folder, its variables. Tests give their own.
 *
 * @param out where results go
 * @param err where all else goes
 * @param folder the working folder
 * @param variables the environment variables
 */
public record ProcessEnvironment(
        InputStream in,
        ResultStream out,
        PrintStream err,
        Terminals terminals,
        Path folder,
        Map<String, String> variables,
        Signals signals) {

    /** Which of the three standard streams are terminals. */
    public record Terminals(boolean in, boolean out, boolean err) {
        public static final Terminals NONE = new Terminals(false, false, false);

        /** As the launcher saw them ({@code io-}: all but standard error); without it the JVM can only tell whether both ends are terminals. */
        public static Terminals ofProcess() {
            String seen = System.getProperty("circuit.terminals");
            if (seen != null) return new Terminals(seen.contains("i"), seen.contains("o"), seen.contains("e"));
            boolean console = System.console() != null;
            return new Terminals(console, console, console);
        }
    }

    /** Output is UTF-8 whatever the locale says, so that the same script gives the same bytes everywhere. */
    public static ProcessEnvironment ofProcess() {
        return new ProcessEnvironment(
                new FileInputStream(FileDescriptor.in),
                new ResultStream(new FileOutputStream(FileDescriptor.out)),
                ScreenStream.over(new FileOutputStream(FileDescriptor.err)),
                Terminals.ofProcess(),
                Path.of(""),
                System.getenv(),
                new ProcessSignals());
    }

    public static PrintStream utf8(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
