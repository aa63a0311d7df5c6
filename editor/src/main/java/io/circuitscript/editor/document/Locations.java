package io.circuitscript.editor.document;

import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.files.StandardData;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.ErrorPages;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.Location;

/**
 * Places in documents, in files and in what comes with the program. The standard library and the pages of mistakes are in no file. An editor that can show
 * texts which it asks the server for says so when it starts; for any other, they have no place.
 */
public final class Locations {
    /** What URIs of such texts begin with. */
    public static final String SCHEME = "circuitscript:";

    private static final String STANDARD = SCHEME + "/" + StandardData.PREFIX;
    private static final String PAGES = SCHEME + "/mistakes/";
    private static final String PAGE_ENDING = ".md";
    private static final String SCRIPT_ENDING = ".circuit";

    private final Documents documents;
    private volatile Positions.Unit unit = Positions.Unit.UTF_16;
    private volatile boolean ownTexts;

    public Locations(Documents documents) {
        this.documents = documents;
    }

    public void setUnit(Positions.Unit chosen) {
        unit = chosen;
    }

    public Positions.Unit unit() {
        return unit;
    }

    /** @param shown whether the editor asks the server for texts that are in no file */
    public void setOwnTexts(boolean shown) {
        ownTexts = shown;
    }

    /** A place in a document, or in one of the files that it imports. */
    public Optional<Location> of(Span span, Document document, List<Examiner.Imported> imported) {
        Source source = span.source();
        if (source == document.source())
            return Optional.of(new Location(document.uri(), document.positions().range(span)));
        return imported.stream()
                .filter(it -> it.file().source() == source)
                .findFirst()
                .flatMap(it -> uri(it.key()))
                .map(uri -> new Location(uri, new Positions(source, unit).range(span)))
                .or(() -> standard(span));
    }

    /** A place in the standard library. */
    public Optional<Location> standard(Span span) {
        String name = span.source().name();
        return name.startsWith(StandardData.PREFIX)
                ? uri(name).map(uri -> new Location(uri, new Positions(span.source(), unit).range(span)))
                : Optional.empty();
    }

    /** Of a file by its path, or of a script of the standard library by its name; empty where the editor cannot show it. */
    public Optional<String> uri(String key) {
        if (!key.startsWith(StandardData.PREFIX)) {
            Path file = Path.of(key);
            return Optional.of(documents
                    .of(file)
                    .map(Document::uri)
                    .orElseGet(() -> file.toUri().toString()));
        }
        String script = key.substring(StandardData.PREFIX.length());
        return ownTexts
                ? Optional.of(SCHEME + "/" + StandardData.PREFIX + withEnding(script, SCRIPT_ENDING))
                : Optional.empty();
    }

    private static String withEnding(String name, String ending) {
        return name.endsWith(ending) ? name : name + ending;
    }

    /** The page of a kind of mistake. */
    public Optional<String> errorPage(ErrorCode code) {
        return ownTexts ? Optional.of(PAGES + code.number() + PAGE_ENDING) : Optional.empty();
    }

    /** The text of such a URI. */
    public static Optional<String> text(String uri) {
        if (uri.startsWith(STANDARD) && uri.endsWith(SCRIPT_ENDING)) {
            String script = uri.substring(STANDARD.length(), uri.length() - SCRIPT_ENDING.length());
            return StandardLibrary.SCRIPTS.contains(script)
                    ? StandardLibrary.parsed(script).map(it -> it.source().text())
                    : Optional.empty();
        }
        if (uri.startsWith(PAGES) && uri.endsWith(PAGE_ENDING)) {
            String number = uri.substring(PAGES.length(), uri.length() - PAGE_ENDING.length());
            return ErrorPages.find(number).map(Markdown::page);
        }
        return Optional.empty();
    }
}
