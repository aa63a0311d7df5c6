package io.circuitscript.cli.prompt;

import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.locate.KnownModels;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.Session;
import io.circuitscript.runtime.evaluate.AssignedNames;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.HeapFull;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One session at the prompt, from its start or the last reset: what was entered and what it gave. */
final class PromptSession implements SessionKnowledge, AutoCloseable {
    private final Session session;
    private final PromptHost host;
    private final CancelToken cancel;
    private final Map<String, String> environment;
    private final StatementLog log = new StatementLog(this::declarations);
    private final NumberedResults results = new NumberedResults();
    private HelpPages pages;

    PromptSession(Session.Options options, Map<String, String> environment, PromptHost host) {
        this.environment = environment;
        this.host = host;
        this.cancel = new CancelToken();
        this.session = new Session(options, host.output(), cancel, environment);
    }

    /** @throws UserError where the session reads the file */
    void checkKept(String name, Path file) {
        session.checkKept(name, file);
    }

    StatementLog log() {
        return log;
    }

    NumberedResults results() {
        return results;
    }

    State state() {
        return session.state();
    }

    /** Where a file of that name lies once it is written. */
    Path written(String name) {
        return session.state().files().target(name);
    }

    void setFolder(Path folder) {
        session.setWorkingFolder(folder);
    }

    /**
     * Checks and runs a text, and shows what is wrong with it. The session goes on in any case.
     *
     * @return the exit code that a script of the text would have
     * @throws BadMetaCommand where it has a name of a result that it may not set, or that holds nothing
     */
    int enter(Source source, Path folder) {
        List<Statement> statements = Parser.parse(source).statements();
        results.check(source.text(), AssignedNames.names(statements), host.mark());
        Set<Span> named = statements.stream()
                .filter(LastResult::isSetBy)
                .flatMap(it -> LastResult.shown(it).stream())
                .collect(Collectors.toSet());
        host.nameResults(result -> Optional.of(results.nextName()).filter(it -> named.contains(result.span())));
        cancel.renew();
        try (QuietCloseable cancelling = host.cancelling(cancel)) {
            return session.enter(source, folder, (statement, value) -> note(statement, value, folder));
        } catch (OutOfMemoryError full) {
            host.mistake(HeapFull.error(full));
            return ExitCode.FAILURE;
        } catch (RuntimeException | Error defect) {
            host.defect(defect);
            return ExitCode.FAILURE;
        }
    }

    /** The same for a text that is only looked at: what it gives is neither kept nor listed. */
    int look(Source source) {
        cancel.renew();
        try (QuietCloseable cancelling = host.cancelling(cancel)) {
            return session.enter(source, folder(), (statement, value) -> {});
        } catch (OutOfMemoryError full) {
            host.mistake(HeapFull.error(full));
            return ExitCode.FAILURE;
        } catch (RuntimeException | Error defect) {
            host.defect(defect);
            return ExitCode.FAILURE;
        }
    }

    private void note(Statement statement, Value value, Path folder) {
        if (statement instanceof Statement.Help) return;
        boolean last =
                LastResult.isSetBy(statement) && !(value instanceof Value.None) && !(value instanceof Value.Function);
        boolean numbered = last && LastResult.shown(statement).isPresent();
        boolean looks = LastResult.looks(statement) || LastResult.computes(statement, session.variables()::containsKey);
        log.add(statement, folder, last, numbered ? results.last() + 1 : 0, looks);
        if (last) session.setVariable(LastResult.NAME, value);
        if (!numbered) return;
        session.setVariable(results.nextName(), value);
        results.add(statement.span().text().strip(), value).ifPresent(old -> session.removeVariable(old.name()));
    }

    @Override
    public List<Declaration> declarations() {
        return session.statements().declarations();
    }

    @Override
    public HelpPages pages() {
        if (pages == null) pages = new HelpPages(declarations()); // only once something is typed
        return pages;
    }

    @Override
    public Map<String, AbstractValue> variables() {
        return session.variables();
    }

    @Override
    public boolean offers(String variable) {
        return !variable.equals(LastResult.NAME) && !NumberedResults.isName(variable);
    }

    @Override
    public List<LanguageFunction> functions() {
        return session.functions();
    }

    @Override
    public List<String> spans() {
        return session.facts().spanNames().orElse(List.of()).stream()
                .map(ValueText::spanName)
                .toList();
    }

    @Override
    public Optional<ModelGraph> graph() {
        return session.facts().graph();
    }

    @Override
    public Set<String> circuits() {
        return session.facts().circuits();
    }

    @Override
    public List<String> models() {
        Path folder = session.workingFolder();
        var searchPath = ModelLocator.SearchPath.of(session.facts().settings().models(), folder, environment, folder);
        Set<String> names = new LinkedHashSet<>(ModelLocator.names(searchPath.folders()));
        KnownModels.all().forEach(model -> names.add(model.name()));
        return List.copyOf(names);
    }

    @Override
    public List<String> metrics() {
        return List.copyOf(session.facts().tasks().metricNames());
    }

    @Override
    public List<String> tasks() {
        return List.copyOf(session.facts().tasks().taskNames());
    }

    @Override
    public List<String> columns() {
        return session.facts().columns().orElse(List.of());
    }

    @Override
    public Path folder() {
        return session.workingFolder();
    }

    @Override
    public void close() {
        session.close();
    }
}
