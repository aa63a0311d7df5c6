package io.circuitscript.runtime.evaluate;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.runtime.functions.ForeignWords;
import io.circuitscript.runtime.functions.Functions;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.FieldAccess;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Sets;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.syntax.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives bare words their meaning: a variable of that name if there is one, else a node, a name or whatever fits there. */
final class WordReader {
    static final String IN_QUOTES = "text is written in quotes";

    private final EvaluationContext context;

    WordReader(EvaluationContext context) {
        this.context = context;
    }

    /** A variable, by the longest of its name that begins the word; the rest are fields. */
    Optional<AbstractValue> variable(Expression.Word word) {
        String text = word.text();
        for (int end = text.length(); end > 0; end = text.lastIndexOf('.', end - 1)) {
            Optional<AbstractValue> value = context.scope().find(text.substring(0, end));
            if (value.isPresent()) return Optional.of(fields(value.get(), word, end));
        }
        return Optional.empty();
    }

    private static AbstractValue fields(AbstractValue value, Expression.Word word, int end) {
        AbstractValue target = value;
        int start = end + 1;
        while (start <= word.text().length()) {
            int dot = word.text().indexOf('.', start);
            int stop = dot < 0 ? word.text().length() : dot;
            Span at = new Span(
                    word.span().source(),
                    word.span().start() + points(word, start),
                    word.span().start() + points(word, stop));
            target = FieldAccess.of(target, word.text().substring(start, stop), at);
            start = stop + 1;
        }
        return target;
    }

    private static int points(Expression.Word word, int index) {
        return word.text().codePointCount(0, index);
    }

    /** Where any value will do: a variable, else a node or a pattern of nodes. */
    AbstractValue value(Expression.Word word) {
        Optional<AbstractValue> variable = variable(word);
        if (variable.isPresent()) return variable.get();
        if (NodeNames.readsAsPattern(word.text())) return nodes(word.text(), word.span());
        return context.circuit(word.text(), false).orElseThrow(() -> unknown(word, false));
    }

    /** Beside a set, or where edges are wanted: as any value, and in the check also a circuit that there may be. */
    AbstractValue besideSet(Expression.Word word) {
        if (variable(word).isPresent() || NodeNames.readsAsPattern(word.text())) return value(word);
        return context.circuit(word.text(), true).orElseThrow(() -> unknown(word, true));
    }

    /** Where edges are wanted: a variable that holds some, else the circuit of that name. */
    AbstractValue edges(Expression.Word word) {
        Optional<AbstractValue> variable = variable(word);
        boolean holdsSome =
                variable.isPresent() && variable.get().type().mayBe(Type.EDGES, Type.NODES, Type.TEXT, Type.LIST);
        if (holdsSome) return variable.get();
        if (variable.isEmpty()) return besideSet(word);
        return context.circuit(word.text(), true).orElse(variable.get());
    }

    /** Where a word is text that no variable takes the place of. */
    AbstractValue valueOrText(Expression.Word word) {
        String text = word.text();
        for (int end = text.length(); end > 0; end = text.lastIndexOf('.', end - 1)) {
            Optional<AbstractValue> value = context.scope().find(text.substring(0, end));
            // What has no fields does not begin a longer word: with a number gpt2, gpt2.small is a name.
            if (value.isPresent() && (end == text.length() || hasFields(value.get())))
                return fields(value.get(), word, end);
        }
        return new Value.Text(text);
    }

    private static boolean hasFields(AbstractValue value) {
        return value.type().mayBe(Type.RESULT)
                || value instanceof Value list && Tables.isTable(list)
                || value instanceof Unknown unknown
                        && unknown.item().map(it -> it.type() == Type.RESULT).orElse(false);
    }

    /** Where a table is wanted: a variable, else the result of the statement of that name. */
    AbstractValue table(Expression.Word word) {
        Optional<AbstractValue> variable = variable(word);
        if (variable.isPresent()) return variable.get();
        boolean statement =
                context.declaration(word.text()).filter(Declaration::hasResult).isPresent();
        if (!statement) return value(word);
        Statement.Name name = new Statement.Name(word.text(), word.span());
        return context.statement(new Statement.Command(name, List.of(), List.of(), word.span()));
    }

    /** Where a file's name is wanted, which has quotes. */
    AbstractValue file(Expression.Word word) {
        return variable(word)
                .orElseThrow(() -> Mistake.form(
                        ErrorCode.UNQUOTED_FILE,
                        "a file's name is written in quotes",
                        word.span(),
                        "write " + ValueText.quoted(word.text())));
    }

    boolean readsAsNodes(Expression.Word from, Expression.Word to) {
        boolean variables = variable(from).isPresent() || variable(to).isPresent();
        return !variables && NodeNotation.readsAsNode(from.text()) && NodeNotation.readsAsNode(to.text());
    }

    AbstractValue nodes(String text, Span span) {
        Optional<ModelGraph> graph = context.facts().graph();
        if (graph.isPresent()) return Sets.named(graph.get(), text, span);
        context.facts().require(Need.GRAPH, "a node", span);
        return Unknown.of(Type.NODES);
    }

    /** @param edges whether the name of a circuit would do */
    private Mistake unknown(Expression.Word written, boolean edges) {
        String text = written.text();
        String name = text.contains(".") && !text.contains("..") ? text.substring(0, text.indexOf('.')) : text;
        List<String> known = new ArrayList<>(context.scope().names());
        context.circuits().stream().sorted().filter(it -> !known.contains(it)).forEach(known::add);
        List<String> near = Spelling.nearest(name, known, 3);
        List<String> nodes =
                context.facts().graph().map(graph -> nodesNear(graph, text)).orElse(List.of());
        // A name is seldom a slip for a statement: only one that begins like it is worth a guess.
        List<String> alike = Words.VALUE_STATEMENTS.stream()
                .filter(word -> !name.isEmpty() && word.charAt(0) == name.charAt(0))
                .toList();
        List<String> statements = Spelling.nearest(name, alike, 1);
        Optional<String> spaced = calculation(text);
        Optional<String> edge = edge(text);
        boolean field = text.matches("[^.]+\\.[^.]+");
        String help = field
                ? "`let` gives a result a name: let " + name + " = evaluate"
                : IN_QUOTES + ": " + ValueText.quoted(text);
        if (name.equals("_"))
            help = "`_` is the last result at the prompt; in a script, `let r = evaluate` gives a result a name";
        else if (context.circuit(name, false).isPresent())
            help = "`" + name + "` is a circuit, which stands for its edges: len(" + name + "), ablate " + name;
        else if (Words.SOFT_STATEMENTS.contains(name))
            help = "as a statement, `" + name + "` begins a line, and no operator follows it: " + name + " (…)";
        else if (name.equals("none")) help = "`none` is a value without fields";
        else if (Functions.has(text))
            help = "it is a function: " + Functions.named(text).usage();
        else if (ForeignWords.help(text).isPresent())
            help = ForeignWords.help(text).get();
        else if (edge.isPresent()) help = "an edge is written " + edge.get();
        else if (spaced.isPresent()) help = "to calculate, write `" + spaced.get() + "`";
        else if (!near.isEmpty()) help = "did you mean " + String.join(" or ", near) + "?";
        else if (!statements.isEmpty()) help = "did you mean the statement " + String.join(" or ", statements) + "?";
        else if (!nodes.isEmpty()) help = "did you mean the node " + String.join(" or ", nodes) + "?";
        String message = "there is no variable " + (edges && edge.isEmpty() ? "or circuit " : "") + "`" + name + "`"
                + (nodes.isEmpty() ? "" : ", and no such node");
        return Mistake.form(ErrorCode.UNKNOWN_NAME, message, written.span(), help);
    }

    /** A word that is variables and numbers joined by operators, with its spaces. */
    private Optional<String> calculation(String text) {
        return Words.spaced(text)
                .filter(spaced -> Stream.of(spaced.split(" [-*/] "))
                        .allMatch(part -> part.matches("[0-9.]+")
                                || context.scope().find(part.split("\\.")[0]).isPresent()));
    }

    /** The edge that is meant by a word of two nodes and a hyphen between them: {@code m3-logits}. */
    private static Optional<String> edge(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) return Optional.empty();
        String from = text.substring(0, hyphen);
        String to = text.substring(hyphen + 1);
        return NodeNames.readsAsPattern(from) && NodeNames.readsAsPattern(to)
                ? Optional.of(from + "->" + to)
                : Optional.empty();
    }

    private static List<String> nodesNear(ModelGraph graph, String text) {
        return NodeNames.match(graph, text) instanceof NodeNames.Match.Nothing(var why) ? why.nearest() : List.of();
    }
}
