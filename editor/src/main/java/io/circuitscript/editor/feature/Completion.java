package io.circuitscript.editor.feature;

import com.google.gson.JsonPrimitive;
import io.circuitscript.assist.Completions;
import io.circuitscript.assist.CursorContext;
import io.circuitscript.assist.SessionKnowledge;
import io.circuitscript.assist.Suggestion;
import io.circuitscript.editor.document.Document;
import io.circuitscript.editor.document.Markdown;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.functions.LanguageFunction;
import io.circuitscript.runtime.help.HelpPages;
import io.circuitscript.runtime.help.LanguagePage;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.syntax.Lexeme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** What may be typed at a place. */
public final class Completion {
    /** Characters after which an editor asks by itself. */
    public static final List<String> TRIGGERS = List.of(".", "\"", "/", ">", "=", "(", "@", "{");

    private Completion() {}

    /** @param knowledge what is known before the statement that is being typed */
    public static CompletionList of(Document document, int offset, SessionKnowledge knowledge) {
        CursorContext cursor = CursorContext.of(document.source().text(), offset);
        int start = Math.min(cursor.start(), offset);
        Range range = document.positions().range(start, offset);
        String typed = cursor.prefix().toLowerCase(Locale.ROOT);
        List<Suggestion> begin = new ArrayList<>();
        List<Suggestion> others = new ArrayList<>();
        for (Suggestion suggestion : new Completions(knowledge).at(cursor)) {
            String text = suggestion.text().toLowerCase(Locale.ROOT);
            if (text.startsWith(typed)) begin.add(suggestion);
            else if (isLike(text, typed)) others.add(suggestion);
        }
        begin.addAll(others);
        List<CompletionItem> items = new ArrayList<>();
        for (Suggestion suggestion : begin) items.add(item(suggestion, items.size(), range, cursor, knowledge));
        return new CompletionList(dependsOnPrefix(cursor), items);
    }

    /** Whether what was typed occurs in it in order, as editors match. */
    private static boolean isLike(String text, String typed) {
        int at = 0;
        for (int i = 0; i < typed.length(); i++) {
            at = text.indexOf(typed.charAt(i), at) + 1;
            if (at == 0) return false;
        }
        return true;
    }

    /** Whether there is more to offer once more is typed: files of a folder, ports of a head. */
    private static boolean dependsOnPrefix(CursorContext cursor) {
        return cursor.frame().shape() == CursorContext.Shape.STRING
                || cursor.frame()
                        .last()
                        .filter(it -> it.kind() == Lexeme.Kind.ARROW)
                        .isPresent();
    }

    private static CompletionItem item(
            Suggestion suggestion, int number, Range range, CursorContext cursor, SessionKnowledge knowledge) {
        CompletionItem item = new CompletionItem(suggestion.text());
        item.setKind(kind(suggestion, cursor, knowledge));
        if (!suggestion.doc().isEmpty()) item.setDetail(suggestion.doc());
        item.setTextEdit(Either.forLeft(new TextEdit(range, suggestion.text())));
        item.setFilterText(suggestion.text());
        item.setSortText(String.format(Locale.ROOT, "%05d", number));
        // Options are explained with their statement, what is not is looked up by its word.
        item.setData(new JsonPrimitive(suggestion.text()));
        return item;
    }

    private static CompletionItemKind kind(Suggestion suggestion, CursorContext cursor, SessionKnowledge knowledge) {
        String text = suggestion.text();
        boolean file = cursor.frame().shape() == CursorContext.Shape.STRING || text.startsWith("\"");
        if (file) return text.endsWith("/") ? CompletionItemKind.Folder : CompletionItemKind.File;
        if (text.endsWith("=")) return CompletionItemKind.Property;
        String word = text.endsWith("(") ? text.substring(0, text.length() - 1) : text;
        AbstractValue variable = knowledge.variables().get(word);
        if (variable != null)
            return variable.type() == Type.FUNCTION ? CompletionItemKind.Function : CompletionItemKind.Variable;
        if (text.endsWith("(")) return CompletionItemKind.Function;
        if (text.contains(".") && !NodeNotation.readsAsNode(text) && !text.contains("<"))
            return CompletionItemKind.Field;
        if (knowledge.circuits().contains(word)) return CompletionItemKind.Class;
        if (NodeNotation.readsAsNode(word) || text.contains("<")) return CompletionItemKind.EnumMember;
        if (knowledge.pages().declaration(word).isPresent()
                || knowledge.pages().languagePage(word).isPresent()) return CompletionItemKind.Keyword;
        return CompletionItemKind.Value;
    }

    /** The same item with what is to be said of it. */
    public static CompletionItem resolved(CompletionItem item, HelpPages pages) {
        if (!(item.getData() instanceof JsonPrimitive data) || !data.isString()) return item;
        String text = data.getAsString();
        String word = text.endsWith("(") ? text.substring(0, text.length() - 1) : text;
        page(word, pages).ifPresent(it -> item.setDocumentation(new MarkupContent(MarkupKind.MARKDOWN, it)));
        return item;
    }

    /** What there is to say of a word of the language. */
    static Optional<String> page(String word, HelpPages pages) {
        Optional<Declaration> declaration = pages.declaration(word);
        Optional<LanguagePage> page = pages.languagePage(word);
        Optional<LanguageFunction> function = HelpPages.function(word);
        List<String> parts = new ArrayList<>();
        declaration.map(Markdown::page).ifPresent(parts::add);
        page.map(Markdown::page).ifPresent(parts::add);
        function.map(Markdown::page).ifPresent(parts::add);
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("\n---\n\n", parts));
    }
}
