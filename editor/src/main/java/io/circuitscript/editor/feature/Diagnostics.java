package io.circuitscript.editor.feature;

import com.google.gson.JsonObject;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorPages;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.DiagnosticCodeDescription;
import org.eclipse.lsp4j.DiagnosticRelatedInformation;
import org.eclipse.lsp4j.DiagnosticSeverity;

/** What the check found, as an editor shows it. */
public final class Diagnostics {
    /** What editors call the sender. */
    public static final String SENDER = "circuit";

    private static final String STOPPED =
            "the check of this script takes too long and was stopped: mistakes further down may not be shown";

    private final Locations locations;

    public Diagnostics(Locations locations) {
        this.locations = locations;
    }

    /** Those of a document. What is wrong with a file that it imports is shown where it is imported. */
    public List<org.eclipse.lsp4j.Diagnostic> of(Document document, Examiner.Examined examined) {
        List<org.eclipse.lsp4j.Diagnostic> shown = new ArrayList<>();
        Map<Source, List<Diagnostic>> elsewhere = new LinkedHashMap<>();
        for (Diagnostic found : examined.diagnostics()) {
            Source source = found.span().source();
            if (source == document.source()) shown.add(own(document, found, examined));
            else elsewhere.computeIfAbsent(source, it -> new ArrayList<>()).add(found);
        }
        elsewhere.forEach((source, found) -> shown.add(imported(document, source, found, examined)));
        if (!examined.complete()) shown.add(stopped(document));
        return shown;
    }

    org.eclipse.lsp4j.Diagnostic own(Document document, Diagnostic found, Examiner.Examined examined) {
        var shown = new org.eclipse.lsp4j.Diagnostic(
                document.positions().range(visible(document, found.span())), text(found));
        shown.setSeverity(found.isError() ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
        shown.setSource(SENDER);
        shown.setCode(found.code().number());
        locations
                .errorPage(found.code())
                .ifPresent(page -> shown.setCodeDescription(new DiagnosticCodeDescription(page)));
        List<DiagnosticRelatedInformation> related = new ArrayList<>();
        for (Diagnostic.Label label : found.secondary())
            locations
                    .of(label.span(), document, examined.imported())
                    .ifPresent(place -> related.add(new DiagnosticRelatedInformation(place, label.text())));
        if (!related.isEmpty()) shown.setRelatedInformation(related);
        shown.setData(data(found));
        return shown;
    }

    /** An empty stretch becomes one character, so that it can be seen and pointed at. */
    private static Span visible(Document document, Span span) {
        if (span.end() > span.start()) return span;
        Source source = document.source();
        int line = span.line();
        int end = source.lineStart(line)
                + source.lineText(line).codePointCount(0, source.lineText(line).length());
        if (span.start() < end) return new Span(source, span.start(), span.start() + 1);
        if (span.start() > source.lineStart(line)) return new Span(source, Math.min(span.start(), end) - 1, end);
        return span;
    }

    /** The message, what is said at the place, the notes, and the way out. */
    public static String text(Diagnostic found) {
        StringBuilder text = new StringBuilder(found.message());
        if (!found.label().isEmpty()) text.append(": ").append(found.label());
        found.notes().forEach(note -> text.append("\nnote: ").append(note));
        if (!found.help().isEmpty()) text.append("\nhelp: ").append(found.help());
        return text.toString();
    }

    /** What an editor that shows no pages may show of the kind of mistake, and how it is mended. */
    private static JsonObject data(Diagnostic found) {
        JsonObject data = new JsonObject();
        data.addProperty("word", found.code().word());
        data.addProperty("help", found.help());
        ErrorPages.find(found.code().word()).ifPresent(page -> data.addProperty("page", page.text()));
        return data;
    }

    private org.eclipse.lsp4j.Diagnostic imported(
            Document document, Source source, List<Diagnostic> found, Examiner.Examined examined) {
        Span place = examined.imported().stream()
                .filter(it -> it.file().source() == source && it.path().source() == document.source())
                .map(Examiner.Imported::path)
                .findFirst()
                .or(() -> examined.imported().stream()
                        .map(Examiner.Imported::path)
                        .filter(it -> it.source() == document.source())
                        .findFirst())
                .orElse(new Span(document.source(), 0, 0));
        String more = found.size() == 1 ? "" : ", and " + (found.size() - 1) + " more";
        Diagnostic first = found.getFirst();
        var shown = new org.eclipse.lsp4j.Diagnostic(
                document.positions().range(visible(document, place)),
                source.name() + ", line " + first.span().line() + ": " + text(first) + more);
        shown.setSeverity(first.isError() ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
        shown.setSource(SENDER);
        shown.setCode(first.code().number());
        List<DiagnosticRelatedInformation> related = new ArrayList<>();
        for (Diagnostic each : found)
            locations
                    .of(each.span(), document, examined.imported())
                    .ifPresent(there -> related.add(new DiagnosticRelatedInformation(there, each.message())));
        if (!related.isEmpty()) shown.setRelatedInformation(related);
        return shown;
    }

    private static org.eclipse.lsp4j.Diagnostic stopped(Document document) {
        var shown = new org.eclipse.lsp4j.Diagnostic(document.positions().range(0, 0), STOPPED);
        shown.setSeverity(DiagnosticSeverity.Information);
        shown.setSource(SENDER);
        return shown;
    }
}
