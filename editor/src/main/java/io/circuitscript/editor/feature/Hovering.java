package io.circuitscript.editor.feature;

import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Markdown;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.syntax.Lexeme;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;

/** What is said of the word under the pointer. */
public final class Hovering {
    private final Document document;
    private final Analysis analysis;

    public Hovering(Document document, Analysis analysis) {
        this.document = document;
        this.analysis = analysis;
    }

    public Optional<Hover> at(int offset) {
        Optional<Lexeme> lexeme = document.lexemeAt(offset);
        if (lexeme.isEmpty()) return Optional.empty();
        Optional<String> text = text(lexeme.get(), offset);
        return text.map(it -> new Hover(
                new MarkupContent(MarkupKind.MARKDOWN, it),
                document.positions().range(lexeme.get().start(), lexeme.get().end())));
    }

    private Optional<String> text(Lexeme lexeme, int offset) {
        if (!lexeme.kind().isWordLike()) return Optional.empty();
        Examiner.Examined examined = analysis.at(document, offset);
        SessionKnowledge before = analysis.knowledge(document, examined.before());
        Optional<String> variable = variable(lexeme.text(), before);
        if (variable.isPresent()) return variable;
        return before.graph()
                .flatMap(graph -> node(graph, lexeme.text()))
                .or(() -> Completion.page(lexeme.text(), analysis.pages()));
    }

    private static Optional<String> variable(String name, SessionKnowledge known) {
        AbstractValue value = known.variables().get(name);
        return value == null ? Optional.empty() : Optional.of(described(name, value));
    }

    /** A variable, with what the check knows of its value. */
    static String described(String name, AbstractValue value) {
        return switch (value) {
            case Value.Function(var def) ->
                Markdown.script(def.span().text().lines().findFirst().orElse(""));
            case Value known ->
                Markdown.script(name + " = " + ValuePreview.of(known, 400)) + Markdown.plain(known.phrase());
            case Unknown unknown -> "`" + name + "`: " + Markdown.plain(unknown.phrase()) + fields(unknown.fields());
        };
    }

    private static String fields(Map<String, AbstractValue> fields) {
        return fields.isEmpty()
                ? ""
                : "\n\nFields: "
                        + fields.entrySet().stream()
                                .map(it -> "`" + it.getKey() + "` ("
                                        + Markdown.plain(it.getValue().phrase()) + ")")
                                .collect(Collectors.joining(", "));
    }

    static Optional<String> node(ModelGraph graph, String word) {
        if (!NodeNames.readsAsPattern(word)) return Optional.empty();
        return Optional.of(
                switch (NodeNames.match(graph, word)) {
                    case NodeNames.Match.Nothing(var why) -> Markdown.plain(why.message());
                    case NodeNames.Match.Found(List<Node> nodes) -> word + " " + nodes.size();
                });
    }
}
