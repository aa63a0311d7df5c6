package io.circuitscript.editor.document;

import io.circuitscript.source.Source;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;

/** One version of a text that is open in the editor. It never changes; what is read from it is read once, when somebody asks. */
public final class Document {
    private final String uri;
    private final int version;
    private final Optional<Path> file;
    private final Source source;
    private final Positions positions;
    private Parsed parsed;
    private List<Lexeme> lexemes;

    public Document(String uri, int version, String text, Positions.Unit unit) {
        this.uri = uri;
        this.version = version;
        this.file = file(uri);
        this.source = new Source(file.map(it -> it.getFileName().toString()).orElse("script"), text);
        this.positions = new Positions(source, unit);
    }

    /** The file that a URI names; empty where it names none of this machine. */
    public static Optional<Path> file(String uri) {
        try {
            URI parsed = URI.create(uri);
            if (!"file".equals(parsed.getScheme())) return Optional.empty();
            return Optional.of(Path.of(parsed).toAbsolutePath().normalize()).filter(it -> it.getFileName() != null);
        } catch (IllegalArgumentException | FileSystemNotFoundException notAFile) {
            return Optional.empty();
        }
    }

    /** What it becomes by changes that follow one another. */
    public Document changed(int newVersion, List<TextDocumentContentChangeEvent> changes) {
        Document next = this;
        for (TextDocumentContentChangeEvent change : changes) next = next.changed(newVersion, change);
        return next;
    }

    private Document changed(int newVersion, TextDocumentContentChangeEvent change) {
        String text = change.getText();
        Range range = change.getRange();
        if (range != null) {
            int start = offset(range.getStart());
            int end = Math.max(start, offset(range.getEnd()));
            text = source.text(0, start) + text + source.text(end, source.length());
        }
        return new Document(uri, newVersion, text, positions.unit());
    }

    public String uri() {
        return uri;
    }

    public int version() {
        return version;
    }

    /** Where it is saved; empty where it is not yet, or elsewhere than on this machine. */
    public Optional<Path> file() {
        return file;
    }

    public Source source() {
        return source;
    }

    public Positions positions() {
        return positions;
    }

    public int offset(Position position) {
        return positions.offset(position);
    }

    public synchronized Parsed parsed() {
        if (parsed == null) parsed = Parser.parse(source);
        return parsed;
    }

    /** The pieces of the text, in order and without gaps. */
    public synchronized List<Lexeme> lexemes() {
        if (lexemes == null) lexemes = Lexeme.of(source.text());
        return lexemes;
    }

    /** The piece at an offset that is neither space nor a line end; of two that meet there, the one that can be a name. */
    public Optional<Lexeme> lexemeAt(int offset) {
        Lexeme found = null;
        for (Lexeme lexeme : lexemes()) {
            if (lexeme.start() > offset) break;
            boolean touches = lexeme.start() <= offset && offset <= lexeme.end();
            if (!touches || lexeme.kind() == Lexeme.Kind.SPACE || lexeme.kind() == Lexeme.Kind.LINE_END) continue;
            boolean better =
                    found == null || lexeme.kind().isWordLike() || !found.kind().isWordLike() && found.end() == offset;
            if (better) found = lexeme;
        }
        return Optional.ofNullable(found);
    }
}
