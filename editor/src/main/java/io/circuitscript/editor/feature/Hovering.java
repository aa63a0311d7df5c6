package io.circuitscript.editor.feature;

import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Usage;
import io.circuitscript.editor.document.Analysis;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Markdown;
import io.circuitscript.editor.names.Occurrence;
import io.circuitscript.editor.names.Scripts;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.runtime.Examiner;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorPages;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.syntax.Lexeme;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;

/** What is said of the word under the pointer. */
public final class Hovering {
    private final Document document;
    private final Analysis analysis;
    private final Scripts scripts;

    public Hovering(Document document, Analysis analysis) {
        this.document = document;
        this.analysis = analysis;
        this.scripts = Scripts.of(document, analysis);
    }

    public Optional<Hover> at(int offset) {
        Optional<Lexeme> lexeme = document.lexemeAt(offset);
        if (lexeme.isEmpty() || lexeme.get().kind() == Lexeme.Kind.COMMENT) return Optional.empty();
        List<String> parts = new ArrayList<>();
        word(lexeme.get(), offset).ifPresent(parts::add);
        mistake(offset).ifPresent(parts::add);
        if (parts.isEmpty()) return Optional.empty();
        return Optional.of(new Hover(
                new MarkupContent(MarkupKind.MARKDOWN, String.join("\n\n---\n\n", parts)),
                document.positions().range(lexeme.get().start(), lexeme.get().end())));
    }

    /** The page of the mistake that is underlined here: what it says stands in the diagnostic itself. */
    private Optional<String> mistake(int offset) {
        return analysis.latest(document).stream()
                .flatMap(it -> it.diagnostics().stream())
                .filter(it -> it.span().source() == document.source()
                        && it.span().start() <= offset
                        && offset <= it.span().end())
                .map(Diagnostic::code)
                .findFirst()
                .flatMap(code -> ErrorPages.find(code.word()))
                .map(Markdown::explanation);
    }

    private Optional<String> word(Lexeme lexeme, int offset) {
        Examiner.Examined examined = analysis.at(document, offset);
        SessionKnowledge before = analysis.knowledge(document, examined.before());
        Optional<Occurrence> name =
                scripts.names().at(offset).filter(it -> it.span().start() >= lexeme.start());
        if (name.isPresent() && lexeme.kind().isWordLike()) {
            SessionKnowledge known = name.get().defines() ? analysis.knowledge(document, examined.after()) : before;
            return named(name.get(), known);
        }
        return switch (lexeme.kind()) {
            case ARROW, PORT -> before.graph().flatMap(graph -> edge(graph, offset));
            case QUOTE, QUOTE_END, TEXT -> inQuotes(lexeme, offset, before, examined);
            case STATEMENT, KEYWORD, SOFT, CONNECTIVE, CONSTANT, WORD -> plain(lexeme, offset, before);
            default -> Optional.empty();
        };
    }

    private Optional<String> named(Occurrence name, SessionKnowledge known) {
        Optional<Occurrence> definition =
                scripts.definition(name.symbol(), name.span().start());
        return new Described(known).name(name, definition);
    }

    /** A word that names nothing of the script. */
    private Optional<String> plain(Lexeme lexeme, int offset, SessionKnowledge before) {
        String text = document.source().text();
        String word = lexeme.text();
        // A field of a variable is one word with it.
        Optional<Occurrence> owner = scripts.names().at(lexeme.start());
        if (owner.isPresent() && owner.get().span().end() < offset) {
            String path = document.source().text(owner.get().span().end(), end(lexeme, offset));
            AbstractValue value = before.variables().get(owner.get().symbol().name());
            return value == null
                    ? Optional.empty()
                    : Described.field(owner.get().symbol().name(), value, path);
        }
        boolean key = next(lexeme).filter(it -> it.kind() == Lexeme.Kind.ASSIGN).isPresent();
        boolean value =
                previous(lexeme).filter(it -> it.kind() == Lexeme.Kind.ASSIGN).isPresent();
        if (key) {
            Optional<String> option = option(text, lexeme.start(), word, before);
            if (option.isPresent()) return option;
        }
        if (NodeNotation.readsAsNode(word) || word.contains("*") || word.contains("..")) {
            Optional<ModelGraph> graph = before.graph();
            if (graph.isPresent()) {
                Optional<String> edge = edge(graph.get(), offset);
                Optional<String> node = Described.node(graph.get(), word);
                if (node.isPresent())
                    return edge.map(it -> it.startsWith(node.get()) ? it : node.get() + "\n\n" + it)
                            .or(() -> node);
            }
        }
        if (value) {
            Optional<Lexeme> of = previous(lexeme).flatMap(this::previous);
            Optional<String> option = of.flatMap(it -> option(text, it.start(), it.text(), before));
            if (option.isPresent()) return option;
        }
        return Completion.page(word, analysis.pages());
    }

    /** The end of the part of a dotted word that an offset is in. */
    private static int end(Lexeme lexeme, int offset) {
        int[] word = lexeme.text().codePoints().toArray();
        int at = Math.max(0, offset - lexeme.start());
        while (at < word.length && word[at] != '.') at++;
        return lexeme.start() + at;
    }

    private Optional<String> option(String text, int start, String key, SessionKnowledge before) {
        Optional<String> ofFunction = Usage.functionAt(text, start, before)
                .flatMap(function -> function.options().stream()
                        .filter(it -> it.name().equals(key))
                        .findFirst()
                        .map(it -> Markdown.option(it, function)));
        if (ofFunction.isPresent()) return ofFunction;
        Optional<Declaration> statement = Usage.statementAt(text, start, before);
        return statement.flatMap(declared -> declared.option(key).map(it -> Markdown.argument(it, declared)));
    }

    private Optional<Lexeme> next(Lexeme lexeme) {
        return document.lexemes().stream()
                .filter(it -> it.start() >= lexeme.end() && it.kind() != Lexeme.Kind.SPACE)
                .findFirst();
    }

    private Optional<Lexeme> previous(Lexeme lexeme) {
        return document.lexemes().stream()
                .filter(it -> it.end() <= lexeme.start() && it.kind() != Lexeme.Kind.SPACE)
                .reduce((first, second) -> second);
    }

    /** The edges whose name an offset is in. */
    private Optional<String> edge(ModelGraph graph, int offset) {
        return EdgesAt.of(document.parsed().statements(), offset)
                .flatMap(edges -> Described.edges(graph, edges.span().text()));
    }

    /** What is known of a file that is named. */
    private Optional<String> inQuotes(Lexeme lexeme, int offset, SessionKnowledge before, Examiner.Examined examined) {
        Optional<Examiner.Imported> imported = scripts.imported().stream()
                .filter(it -> it.path().source() == document.source()
                        && it.path().start() <= offset
                        && offset <= it.path().end())
                .findFirst();
        if (imported.isPresent()) return Optional.of(Described.file(imported.get()));
        boolean data = Usage.statementAt(document.source().text(), lexeme.start(), before)
                .filter(it -> it.word().equals("data"))
                .isPresent();
        return data
                ? Described.columns(
                        analysis.knowledge(document, examined.after()).columns())
                : Optional.empty();
    }
}
