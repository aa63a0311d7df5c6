package io.circuitscript.cli.console;

import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A script's text and the folder beside which the files that it names are looked for. Every mistake is a {@link UserError}. */
public record ScriptText(Source source, Path folder) {
    /** As many characters as a script may have, each of as many bytes as one may take. */
    private static final int MOST_BYTES = 4 * Parser.MOST_CHARACTERS;

    public static ScriptText ofCode(String code, Path workingFolder) {
        return new ScriptText(new Source("<command>", code), workingFolder);
    }

    public static ScriptText ofPipe(InputStream in, Path workingFolder) {
        try {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1); // not all: what comes through a pipe may never end
            if (bytes.length > MOST_BYTES) throw tooLong("standard input");
            return new ScriptText(decode("<stdin>", bytes), workingFolder);
        } catch (IOException e) {
            throw UserError.missing(ErrorCode.FILE_UNREADABLE, "cannot read standard input: " + Unreadable.why(e), "");
        }
    }

    public static ScriptText ofFile(String file, Path workingFolder) {
        Path path = resolve(file, workingFolder);
        if (Files.isDirectory(path)) throw isFolder(file, path);
        Unreadable.refuse(file, path);
        if (!Files.exists(path)) throw isMissing(file, path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1); // what is no plain file may never end
            if (bytes.length > MOST_BYTES) throw tooLong(file);
            return new ScriptText(decode(file, bytes), path.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw UserError.missing(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    public static Path resolve(String file, Path workingFolder) {
        try {
            return workingFolder.resolve(file);
        } catch (InvalidPathException e) {
            throw UserError.missing(
                    ErrorCode.NO_SUCH_FILE, "no file can have the name '" + file + "': " + e.getReason(), "");
        }
    }

    private static UserError tooLong(String what) {
        String message = what + " is not a script: it is longer than " + (MOST_BYTES >> 20) + " MB";
        return UserError.input(
                ErrorCode.TOO_LONG, message, "keep data in a file of its own, and read it with `data \"pairs.csv\"`");
    }

    private static UserError isFolder(String file, Path folder) {
        List<String> scripts = scriptsIn(folder);
        String help = scripts.isEmpty() ? "name a script" : "scripts in it: " + String.join(", ", scripts);
        return UserError.missing(ErrorCode.IS_A_FOLDER, file + " is a folder, not a script", help);
    }

    private static UserError isMissing(String file, Path path) {
        if (file.contains(VerbatimParameters.NOT_UTF_8)) {
            return UserError.missing(
                    ErrorCode.NO_SUCH_FILE,
                    "the name of " + file + " is not UTF-8, so the file cannot be opened",
                    "rename it, or give its text instead: circuit run /dev/stdin < FILE");
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return UserError.missing(
                    ErrorCode.NO_SUCH_FILE, "there is no file " + file + ", nor the folder it would be in", "");
        }
        List<String> nearest = Spelling.nearest(path.getFileName().toString(), scriptsIn(folder), 2);
        return UserError.missing(ErrorCode.NO_SUCH_FILE, "there is no file " + file, Spelling.question(nearest));
    }

    private static List<String> scriptsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".circuit"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Reads bytes as UTF-8. A byte order mark in front is no part of the text. */
    private static Source decode(String name, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) throw notUtf8(new Source(name, text), bytes[in.position()]);
        return new Source(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static UserError notUtf8(Source before, byte wrong) {
        int line = before.line(before.length());
        int column = before.column(before.length());
        return UserError.input(
                ErrorCode.NOT_UTF_8,
                String.format(
                        Locale.ROOT,
                        "%s is not UTF-8: byte 0x%02X at line %d, column %d",
                        before.name(),
                        wrong,
                        line,
                        column),
                "save the script as UTF-8");
    }
}
