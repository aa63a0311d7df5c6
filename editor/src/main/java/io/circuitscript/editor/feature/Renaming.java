package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Locations;
import io.circuitscript.editor.names.Names;
import io.circuitscript.editor.names.Occurrence;
import io.circuitscript.editor.names.Scripts;
import io.circuitscript.editor.names.Symbol;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;

/** Gives what a name means another name, wherever it is named. It is refused where one place would be missed, or would come to mean something else. */
public final class Renaming {
    /** Why something cannot be renamed, in a sentence for the user. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    private final Scripts scripts;
    private final List<Scripts> others;
    private final Locations locations;
    private final Analysis analysis;

    /** @param others the other scripts that may share names with this one */
    public Renaming(Scripts scripts, List<Scripts> others, Locations locations, Analysis analysis) {
        this.scripts = scripts;
        this.others = others;
        this.locations = locations;
        this.analysis = analysis;
    }

    /** What would be renamed. @throws Refused where nothing there can be */
    public PrepareRenameResult prepare(int offset) {
        Occurrence at = at(offset);
        return new PrepareRenameResult(
                scripts.document().positions().range(at.span()), at.symbol().name());
    }

    private Occurrence at(int offset) {
        Occurrence at =
                scripts.names().at(offset).orElseThrow(() -> new Refused("there is no name of the script here"));
        Symbol symbol = at.symbol();
        String name = symbol.name();
        if (symbol.space() == Symbol.Space.COLUMN)
            throw new Refused("`" + name + "` is a column of the data, which other statements may name as well");
        Optional<Occurrence> definition = scripts.definition(symbol, at.span().start());
        if (definition.isEmpty())
            throw new Refused(
                    standard(symbol)
                            ? "`" + name + "` belongs to the language"
                            : "nothing here defines `" + name + "`");
        if (definition.get().span().source().name().startsWith("std/"))
            throw new Refused("`" + name + "` is defined in the standard library");
        return at;
    }

    private static boolean standard(Symbol symbol) {
        return switch (symbol.space()) {
            case TASK -> StandardLibrary.get().tasks().containsKey(symbol.name());
            case METRIC -> StandardLibrary.get().metrics().containsKey(symbol.name());
            case VARIABLE, COLUMN, CIRCUIT -> false;
        };
    }

    /** The changes. @throws Refused where it cannot be done surely */
    public WorkspaceEdit rename(int offset, String name) {
        Symbol symbol = at(offset).symbol();
        if (name.equals(symbol.name())) return new WorkspaceEdit(Map.of());
        checkName(name, symbol.space());
        checkReadable(symbol);
        Map<String, List<TextEdit>> edits = new LinkedHashMap<>();
        rename(scripts, symbol, name, edits);
        for (Scripts other : scripts.sharing(symbol, others)) rename(other, symbol, name, edits);
        return new WorkspaceEdit(edits);
    }

    /** @throws Refused where text that cannot be read may name it */
    private void checkReadable(Symbol symbol) {
        for (Span lost : scripts.document().parsed().lost()) {
            scripts.document().lexemes().stream()
                    .filter(it -> lost.start() <= it.start() && it.start() < lost.end())
                    .filter(it -> it.text().split("\\.", 2)[0].equals(symbol.name()))
                    .filter(it -> scripts.names().all().stream()
                            .noneMatch(known -> known.span().start() == it.start()))
                    .findFirst()
                    .ifPresent(it -> {
                        int line = lost.source().line(it.start());
                        throw new Refused("line " + line + " cannot be read and names `" + symbol.name()
                                + "`: mend it first, or rename it by hand");
                    });
        }
    }

    /** @throws Refused where nothing can be called so */
    private static void checkName(String name, Symbol.Space space) {
        String script = switch (space) {
            case VARIABLE, COLUMN -> "let " + name + " = 1";
            case CIRCUIT -> "circuit " + name + " { m0->logits }";
            case METRIC -> "metric " + name + "(x) = 1";
            case TASK -> "task " + name + " { }";
        };
        Parsed parsed = Parser.parse(new Source("<name>", script));
        if (name.isBlank()) throw new Refused("a name has at least one letter");
        if (parsed.hasErrors())
            throw new Refused("`" + name + "` cannot name a " + space.word() + ": "
                    + parsed.diagnostics().getFirst().message());
        Names names = Names.of(parsed, word -> Optional.empty());
        boolean one = names.all().stream()
                .anyMatch(it -> it.defines()
                        && it.symbol().name().equals(name)
                        && it.symbol().space() == space);
        if (!one || parsed.statements().size() != 1) throw new Refused("`" + name + "` cannot name a " + space.word());
    }

    private void rename(Scripts of, Symbol symbol, String name, Map<String, List<TextEdit>> edits) {
        for (Scripts.File file : of.files()) {
            List<Occurrence> places = file.names().of(symbol);
            if (places.isEmpty()) continue;
            checkSure(file, places, symbol, name);
            for (Occurrence place : places) {
                Location location = locations
                        .of(place.span(), of.document(), of.imported())
                        .orElseThrow(() -> new Refused("`" + symbol.name() + "` is named in "
                                + place.span().source().name() + ", which cannot be changed"));
                TextEdit edit = new TextEdit(location.getRange(), name);
                List<TextEdit> ofFile = edits.computeIfAbsent(location.getUri(), it -> new ArrayList<>());
                if (!ofFile.contains(edit)) ofFile.add(edit);
            }
        }
    }

    /** @throws Refused where a place may mean something else, or would after the change */
    private void checkSure(Scripts.File file, List<Occurrence> places, Symbol symbol, String name) {
        for (Occurrence place : places)
            if (place.role() == Occurrence.Role.MAY_READ)
                throw new Refused("line " + place.span().line() + " of "
                        + place.span().source().name() + ": `" + symbol.name()
                        + "` may be a column or a word of the statement there; rename it by hand");
        Names before = file.names();
        String changed = changed(places, name);
        Parsed parsed = Parser.parse(new Source(file.parsed().source().name(), changed));
        if (parsed.diagnostics().size() > file.parsed().diagnostics().size())
            throw new Refused("with `" + name + "`, the script could not be read any more");
        if (!before.all().stream()
                .filter(it -> it.symbol().space() == symbol.space()
                        && it.symbol().name().equals(name))
                .toList()
                .isEmpty())
            throw new Refused("there is already a " + symbol.space().word() + " `" + name + "`");
        Names after = Names.of(parsed, analysis::declaration);
        Names alone = Names.of(file.parsed(), analysis::declaration);
        int old = alone.of(symbol).size();
        Symbol renamed = new Symbol(symbol.space(), name, symbol.scope());
        int now = after.of(renamed).size();
        if (now != old || after.all().size() != alone.all().size())
            throw new Refused("with the name `" + name + "`, some places would mean something else");
    }

    private static String changed(List<Occurrence> places, String name) {
        Source source = places.getFirst().span().source();
        List<Occurrence> ordered = places.stream()
                .sorted(Comparator.comparingInt(it -> it.span().start()))
                .toList();
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Occurrence place : ordered) {
            text.append(source.text(from, place.span().start())).append(name);
            from = place.span().end();
        }
        return text.append(source.text(from, source.length())).toString();
    }
}
