package io.circuitscript.editor.document;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Checks the open texts, each with the others as the editor shows them. Safe from any thread. */
public final class Analysis {
    /** How long the check of a whole text may take. */
    private static final long LONGEST_CHECK = 5_000;

    /** How long the check may take for an answer. What is known by then is answered with. */
    private static final long LONGEST_ANSWER = 1_000;

    private final Examiner examiner;
    private final Documents documents;
    private final Map<String, String> environment;
    private final List<Declaration> declarations;
    private final HelpPages pages;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lsp-clock").factory());

    /** The last whole check of a document. */
    private record Checked(Document document, long changes, Examiner.Examined examined) {}

    /** What was known at a place that is being written at: each further letter asks again. */
    private record Met(String uri, String text, Optional<Examiner.Known> known, long when) {}

    private volatile Met met;

    /** By the last check of each document whose text could be read. */
    private final Map<String, Track> tracks = new ConcurrentHashMap<>();

    private final Map<String, Checked> checked = new ConcurrentHashMap<>();

    /** How long that may be used, since files that the text names may change. In nanoseconds. */
    private static final long KEPT = 2_000_000_000L;

    /** The folder of texts that are not saved. */
    private volatile Path folder;

    /** @param environment the process's variables */
    public Analysis(Documents documents, Map<String, String> environment, Path folder) {
        this.documents = documents;
        this.environment = environment;
        this.folder = folder.toAbsolutePath().normalize();
        examiner = new Examiner(environment);
        declarations = examiner.statements().declarations();
        pages = new HelpPages(declarations);
    }

    public Path folder() {
        return folder;
    }

    public void setFolder(Path ofWorkspace) {
        folder = ofWorkspace;
    }

    public List<Declaration> declarations() {
        return declarations;
    }

    public Optional<Declaration> declaration(String word) {
        return declarations.stream().filter(it -> it.word().equals(word)).findFirst();
    }

    public HelpPages pages() {
        return pages;
    }

    /** The folder in which files that a text names are looked for. */
    public Path folder(Document document) {
        return document.file().map(Path::getParent).orElse(folder);
    }

    /** Checks a whole text. @param cancel ends the check; it is also ended where it takes too long */
    public Examiner.Examined check(Document document, CancelToken cancel) {
        long changes = documents.changes();
        Future<?> end = clock.schedule(cancel::cancel, LONGEST_CHECK, TimeUnit.MILLISECONDS);
        try {
            Examiner.Examined examined = examiner.examine(text(document, document.parsed()), cancel);
            if (examined.complete()) {
                checked.put(document.uri(), new Checked(document, changes, examined));
                // A text that cannot be read says little of what would be known.
                if (!document.parsed().hasErrors())
                    tracks.put(document.uri(), new Track(document.source(), examined.passed()));
            }
            return examined;
        } finally {
            end.cancel(false);
        }
    }

    /** What the check of the text as it is now found; where it was checked and nothing has changed since, that. */
    public Examiner.Examined checked(Document document) {
        return latest(document).orElseGet(() -> check(document, new CancelToken()));
    }

    /** What is wrong in a part of the text: it need not wait for the check of the whole. @param from, to in code points */
    public Examiner.Examined wrong(Document document, int from, int to) {
        return latest(document).orElseGet(() -> near(document, from, to));
    }

    public void forget(String uri) {
        checked.remove(uri);
        tracks.remove(uri);
    }

    /** What is known at a place of a text. @param offset in code points */
    public Examiner.Examined at(Document document, int offset) {
        return near(document, offset, offset);
    }

    /** Checks the statements from one offset to another, with what is known before them. */
    private Examiner.Examined near(Document document, int from, int to) {
        Parsed parsed = document.parsed();
        Optional<Examiner.Passed> passed = Optional.ofNullable(tracks.get(document.uri()))
                .flatMap(it -> it.before(document.source().text(), from));
        if (passed.isEmpty()) return at(document, parsed, to, Optional.empty());
        int start = passed.get().start();
        List<Statement> near = parsed.statements().stream()
                .filter(it -> start <= it.span().start() && it.span().start() <= to)
                .toList();
        Parsed part =
                new Parsed(parsed.source(), near, parsed.diagnostics(), parsed.incomplete(), parsed.unsureNames());
        return at(document, part, to, passed.map(Examiner.Passed::known));
    }

    /** What is known before the statement that is being written at a place, as completion asks for it. @param offset in code points */
    public CheckedKnowledge before(Document document, int offset) {
        Beginning beginning = Beginning.of(document, offset);
        Met last = met;
        boolean same = last != null
                && last.uri().equals(document.uri())
                && last.text().equals(beginning.text())
                && System.nanoTime() - last.when() < KEPT;
        if (same) return knowledge(document, last.known());
        Optional<Examiner.Known> known = known(document, beginning);
        // What it imports may change while it stays as it is.
        if (!beginning.text().contains("import"))
            met = new Met(document.uri(), beginning.text(), known, System.nanoTime());
        return knowledge(document, known);
    }

    private Optional<Examiner.Known> known(Document document, Beginning beginning) {
        Optional<Examiner.Passed> passed = Optional.ofNullable(tracks.get(document.uri()))
                .flatMap(it -> it.before(beginning.text(), beginning.offset()));
        int start = passed.map(Examiner.Passed::start).orElse(0);
        Parsed rest = beginning.parsed(document, start);
        return at(document, rest, beginning.offset() - start, passed.map(Examiner.Passed::known))
                .before();
    }

    /** What the last check of the text as it is now found; empty where it is not checked yet. */
    public Optional<Examiner.Examined> latest(Document document) {
        Checked last = checked.get(document.uri());
        boolean same = last != null && last.document() == document && last.changes() == documents.changes();
        return same ? Optional.of(last.examined()) : Optional.empty();
    }

    private Examiner.Examined at(Document document, Parsed parsed, int offset, Optional<Examiner.Known> start) {
        CancelToken cancel = new CancelToken();
        Future<?> end = clock.schedule(cancel::cancel, LONGEST_ANSWER, TimeUnit.MILLISECONDS);
        try {
            return examiner.examineAt(text(document, parsed), offset, start, cancel);
        } finally {
            end.cancel(false);
        }
    }

    /** The files that a text imports, directly or not. */
    public List<Examiner.Imported> imports(Document document) {
        boolean none = document.lexemes().stream().noneMatch(it -> it.text().equals("import"));
        return none ? List.of() : checked(document).imported();
    }

    private Examiner.Text text(Document document, Parsed parsed) {
        return new Examiner.Text(parsed, document.file(), folder(document), documents::text);
    }

    /** The same as completion asks for it. */
    public CheckedKnowledge knowledge(Document document, Optional<Examiner.Known> known) {
        return new CheckedKnowledge(declarations, pages, known, folder(document), environment);
    }
}
