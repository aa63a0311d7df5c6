package io.circuitscript.assist;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.help.LanguagePage;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.task.SpanSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Suggests what may be typed at the cursor, from the grammar, the declarations, and what the session holds. */
public final class Completions {
    /** A model that is one file; folders are offered as well. */
    private static final Set<String> ONE_FILE = Set.of("gguf");

    private final SessionKnowledge knowledge;
    private final NodeSuggestions nodes;

    public Completions(SessionKnowledge knowledge) {
        this.knowledge = knowledge;
        this.nodes = new NodeSuggestions(knowledge);
    }

    /** Suggestions in the order in which they are shown. Not all of them begin with what is typed. */
    public List<Suggestion> at(CursorContext cursor) {
        return switch (cursor.frame().shape()) {
            case COMMENT -> List.of();
            case STRING -> inString(cursor);
            case STATEMENTS -> statement(cursor, cursor.frame().pieces());
            case EDGES -> edges(cursor);
            case SET, ROUND -> inside(cursor);
        };
    }

    private List<Suggestion> inString(CursorContext cursor) {
        Optional<Lexeme> before = cursor.outer().flatMap(CursorContext.Frame::last);
        Optional<Declaration.Argument> place =
                cursor.outer().flatMap(outer -> call(outer.pieces())).flatMap(Completions::place);
        Optional<FunctionSuggestions> function = FunctionSuggestions.around(cursor, knowledge);
        if (function.isPresent()) return function.get().values(true);
        if (before.map(piece -> piece.text().equals("import")).orElse(false))
            return new FileSuggestions(knowledge.folder()).scripts(cursor.prefix());
        if (place.isEmpty()) return List.of();
        if (place.get().offers() == Offers.MODELS)
            return new FileSuggestions(knowledge.folder()).files(cursor.prefix(), ONE_FILE);
        return isFile(place.get().kind()) ? files(cursor.prefix(), place.get()) : List.of();
    }

    private List<Suggestion> files(String typed, Declaration.Argument argument) {
        FileSuggestions files = new FileSuggestions(knowledge.folder());
        boolean tables = argument.offers() == Offers.TABLES && argument.kind() != Kind.OUTPUT_FILE;
        return tables
                ? files.tables(typed, argument.offers().endings())
                : files.files(typed, argument.offers().endings());
    }

    private static boolean isFile(Kind kind) {
        return kind == Kind.INPUT_FILE || kind == Kind.DATA_NAME || kind == Kind.OUTPUT_FILE;
    }

    private static Optional<Declaration.Argument> place(TypedStatement call) {
        return call.option().or(call::positional);
    }

    private Optional<TypedStatement> call(List<Lexeme> pieces) {
        List<Lexeme> value = TypedStatement.value(pieces);
        if (value.isEmpty()) return Optional.empty();
        return knowledge
                .declaration(value.getFirst().text())
                .map(declaration -> TypedStatement.of(declaration, value.subList(1, value.size())));
    }

    private List<Suggestion> statement(CursorContext cursor, List<Lexeme> pieces) {
        Optional<List<Suggestion>> near = byNeighbour(cursor);
        if (near.isPresent()) return near.get();
        if (pieces.isEmpty()) return startOfStatement();
        String head = pieces.getFirst().text();
        List<Lexeme> value = TypedStatement.value(pieces);
        boolean named = head.equals("let") || head.equals("param");
        if (named && value == pieces) return List.of(); // a name of the user's choice, then `=`
        if (value.isEmpty()) return join(variables(Type.ANY), functions(), statements(true), blocks());
        Optional<TypedStatement> call = call(pieces);
        if (call.isPresent()) return argument(cursor, call.get());
        return switch (head) {
            case "help" -> topics();
            case "for" -> pieces.size() == 2 ? List.of(Suggestion.of("in", "")) : expression();
            case "def", "task", "import", "metric", "loss" -> List.of();
            default -> expression();
        };
    }

    private List<Suggestion> edges(CursorContext cursor) {
        return byNeighbour(cursor)
                .orElseGet(() ->
                        join(nodes.all(), variables(Type.NODES), variables(Type.EDGES), words(knowledge.circuits())));
    }

    /** Suggestions inside brackets: those of the argument that the brackets belong to. */
    private List<Suggestion> inside(CursorContext cursor) {
        Optional<List<Suggestion>> near = byNeighbour(cursor);
        if (near.isPresent()) return near.get();
        if (cursor.outer()
                .flatMap(CursorContext.Frame::last)
                .filter(it -> it.kind() == Lexeme.Kind.AT)
                .isPresent()) return join(words(knowledge.spans()), variables(Type.TEXT));
        List<Lexeme> own = cursor.frame().pieces();
        Optional<TypedStatement> inner = call(own);
        if (inner.isPresent()) return argument(cursor, inner.get());
        if (cursor.frame().shape() == CursorContext.Shape.SET)
            return join(nodes.all(), variables(Type.NODES), variables(Type.EDGES));
        Optional<Declaration.Argument> place =
                cursor.outer().flatMap(outer -> call(outer.pieces())).flatMap(Completions::place);
        if (place.isPresent()
                && (place.get().kind() == Kind.EDGES || place.get().kind() == Kind.NODES))
            return join(nodes.all(), variables(Type.ANY));
        List<Suggestion> any = own.isEmpty() ? join(expression(), statements(true)) : expression();
        Optional<FunctionSuggestions> function = FunctionSuggestions.around(cursor, knowledge);
        if (function.isEmpty()) return any;
        List<Suggestion> values = function.get().values(false);
        return values.isEmpty() ? join(function.get().options(), any) : values;
    }

    /** Suggestions that depend only on the piece before the cursor: the end of an edge, a field of a result. */
    private Optional<List<Suggestion>> byNeighbour(CursorContext cursor) {
        List<Lexeme> pieces = cursor.frame().pieces();
        int size = pieces.size();
        if (size >= 2 && pieces.getLast().kind() == Lexeme.Kind.ARROW) {
            return Optional.of(join(nodes.targets(pieces.get(size - 2), cursor.prefix()), variables(Type.NODES)));
        }
        if (size >= 1 && pieces.getLast().kind() == Lexeme.Kind.AT)
            return Optional.of(join(words(knowledge.spans()), variables(Type.TEXT)));
        int point = cursor.prefix().lastIndexOf('.');
        if (point < 0) return Optional.empty();
        String owner = cursor.prefix().substring(0, point);
        Collection<String> fields = owner.isEmpty() && size > 0
                ? fieldsOf(pieces.getLast().text())
                : fieldsOf(knowledge.variables().get(owner));
        if (fields.isEmpty()) return Optional.empty();
        return Optional.of(fields.stream()
                .map(field -> Suggestion.open(owner + "." + field, ""))
                .toList());
    }

    private static Collection<String> fieldsOf(AbstractValue member) {
        return switch (member) {
            case Value.Fields fields -> fields.fields().keySet();
            case Value.ListOf list ->
                Tables.columns(list.items()).<Collection<String>>map(it -> it).orElse(List.of());
            case Unknown unknown -> unknown.fields().keySet();
            case null, default -> List.of();
        };
    }

    /** The fields of a statement in parentheses: {@code (evaluate with=zero)}. */
    private Collection<String> fieldsOf(String closed) {
        if (!closed.startsWith("(")) return List.of();
        String word = closed.substring(1).strip().split("[\\s)]")[0];
        return knowledge
                .declaration(word)
                .map(declaration -> (Collection<String>) declaration.result().keySet())
                .orElse(List.of());
    }

    private List<Suggestion> argument(CursorContext cursor, TypedStatement call) {
        if (call.option().isPresent()) return values(cursor, call, call.option().get());
        List<Suggestion> offers = new ArrayList<>();
        call.positional().ifPresent(argument -> offers.addAll(values(cursor, call, argument)));
        boolean due = call.positional().map(argument -> !argument.optional()).orElse(false);
        if (call.awaitsOperand() || due) return offers;
        for (Declaration.Argument option : call.declaration().options()) {
            if (!call.given().contains(option.name())) offers.add(Suggestion.open(option.name() + "=", option.doc()));
        }
        return offers;
    }

    private List<Suggestion> values(CursorContext cursor, TypedStatement call, Declaration.Argument argument) {
        List<Suggestion> own = switch (argument.kind()) {
            case EDGES, NODES -> nodes.all();
            case TRUTH -> words(List.of("true", "false"));
            case CHOICE, WORDS -> words(argument.allowed());
            case INPUT_FILE, DATA_NAME, OUTPUT_FILE -> quoted(files("", argument));
            case NAME -> names(call, argument);
            case TABLE -> statements(true);
            case COLUMN -> columns(argument);
            case SPANS -> join(words(List.of(SpanSource.TOKENS.word())), names(call, argument));
            case CONDITION -> join(columns(argument), words(RowNames.NUMBERS), functions());
            case FIELD ->
                call.pieces().isEmpty()
                        ? List.of()
                        : words(fieldsOf(knowledge
                                .variables()
                                .get(call.pieces().getFirst().text())));
            case TEXT -> texts(cursor, argument);
            case PROSE, NUMBER, COUNT, WHOLE, SIZE, SHARE, BYTES, LIST, VALUE ->
                argument.byDefault()
                        .map(value -> List.of(Suggestion.of(value.repr(), "where nothing is said")))
                        .orElse(List.of());
        };
        return join(own, variables(type(argument.kind())));
    }

    private static Type type(Kind kind) {
        return switch (kind) {
            case NUMBER, COUNT, WHOLE, SIZE, SHARE, BYTES -> Type.NUMBER;
            case TRUTH -> Type.TRUTH;
            case TEXT, PROSE, CHOICE, NAME, FIELD, COLUMN, INPUT_FILE, DATA_NAME, OUTPUT_FILE -> Type.TEXT;
            case NODES -> Type.NODES;
            case EDGES -> Type.EDGES;
            case LIST, TABLE -> Type.LIST;
            case VALUE, CONDITION, WORDS, SPANS -> Type.ANY;
        };
    }

    private List<Suggestion> columns(Declaration.Argument argument) {
        List<Suggestion> columns =
                words(List.copyOf(RowNames.ofColumns(knowledge.columns()).keySet()));
        return argument.offers() == Offers.ROW_NUMBERS ? join(columns, words(RowNames.NUMBERS)) : columns;
    }

    private List<Suggestion> names(TypedStatement call, Declaration.Argument argument) {
        return switch (argument.offers()) {
            case CIRCUITS -> words(knowledge.circuits());
            case METRICS -> words(knowledge.metrics());
            case TASKS -> words(knowledge.tasks());
            case COLUMNS ->
                words(call.pieces().stream()
                        .filter(piece -> piece.kind() == Lexeme.Kind.QUOTE_END)
                        .findFirst()
                        .map(file -> new FileSuggestions(knowledge.folder())
                                .columns(file.text().substring(1, file.text().length() - 1)))
                        .orElse(List.of()));
            case NOTHING_MORE, ROW_NUMBERS, MODELS, DEVICES, TABLES, CIRCUIT_FILES -> words(argument.allowed());
        };
    }

    private List<Suggestion> texts(CursorContext cursor, Declaration.Argument argument) {
        if (argument.offers() == Offers.DEVICES) return words(List.of("auto", "cpu", "cuda"));
        if (argument.offers() != Offers.MODELS)
            return argument.byDefault()
                    .map(value -> words(List.of(value.display())))
                    .orElse(List.of());
        boolean path = cursor.prefix().matches("(\\.{0,2}|~)/.*|\\.{1,2}");
        List<Suggestion> folders = cursor.prefix().isEmpty()
                ? List.of()
                : new FileSuggestions(knowledge.folder()).files(cursor.prefix(), ONE_FILE);
        return path ? folders : join(words(knowledge.models()), folders);
    }

    private List<Suggestion> startOfStatement() {
        return join(statements(false), keywords(), variables(Type.ANY));
    }

    private List<Suggestion> expression() {
        return join(variables(Type.ANY), functions());
    }

    private List<Suggestion> statements(boolean withResult) {
        return knowledge.declarations().stream()
                .filter(declaration -> !withResult || declaration.hasResult())
                .map(declaration -> Suggestion.of(declaration.word(), declaration.doc()))
                .toList();
    }

    /** The statements with a block whose value may stand here. */
    private List<Suggestion> blocks() {
        return keywords().stream()
                .filter(it -> List.of("for", "if", "quiet").contains(it.text()))
                .toList();
    }

    /** The statements without a declaration, such as {@code let}. */
    private List<Suggestion> keywords() {
        HelpPages pages = knowledge.pages();
        List<Suggestion> offers = new ArrayList<>();
        for (HelpPages.Group group : pages.groups()) {
            for (String word : group.words()) {
                if (pages.declaration(word).isEmpty())
                    offers.add(Suggestion.of(
                            word,
                            pages.languagePage(word).map(LanguagePage::doc).orElse("")));
            }
        }
        offers.add(Suggestion.of("help", "shows these pages"));
        return offers;
    }

    private List<Suggestion> topics() {
        return join(statements(false), keywords(), words(knowledge.pages().words()));
    }

    /** The variables that may have a type, and functions with their opening bracket. */
    private List<Suggestion> variables(Type type) {
        List<Suggestion> offers = new ArrayList<>();
        knowledge.variables().forEach((name, variable) -> {
            boolean ofField = variable.type() == Type.RESULT && (type == Type.NUMBER || type == Type.LIST);
            boolean fits = variable.type().mayBe(type) || type == Type.EDGES && variable.type() == Type.NODES;
            if (!knowledge.offers(name)) return;
            if (variable.type() == Type.FUNCTION) offers.add(Suggestion.open(name + "(", variable.phrase()));
            else if (fits || ofField) offers.add(Suggestion.open(name, variable.phrase()));
        });
        return offers;
    }

    private List<Suggestion> functions() {
        return knowledge.functions().stream()
                .map(function -> Suggestion.open(function.word() + "(", function.doc()))
                .toList();
    }

    private static List<Suggestion> words(Collection<String> words) {
        return words.stream().map(word -> Suggestion.of(word, "")).toList();
    }

    private static List<Suggestion> quoted(List<Suggestion> files) {
        return files.stream()
                .map(file -> new Suggestion('"' + file.text() + (file.finished() ? "\"" : ""), "", file.finished()))
                .toList();
    }

    @SafeVarargs
    private static List<Suggestion> join(List<Suggestion>... lists) {
        List<Suggestion> all = new ArrayList<>();
        for (List<Suggestion> list : lists) {
            for (Suggestion offer : list)
                if (all.stream().noneMatch(known -> known.text().equals(offer.text()))) all.add(offer);
        }
        return all;
    }
}
